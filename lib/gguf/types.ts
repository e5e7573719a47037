/**
 * The words of the GGUF format (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md) and the tensor types of ggml
 * (`enum ggml_type` in ggml.h, block sizes from ggml-common.h).
 */
export const GGUF_MAGIC = 0x46554747; // "GGUF", little-endian
export const DEFAULT_ALIGNMENT = 32;
/** Names longer than this do not fit into a `ggml_tensor`; llama.cpp refuses the file. */
export const MAX_TENSOR_NAME_BYTES = 63;

/** Value types in the order of their numbers in the file. */
export const VALUE_TYPES = [
  "uint8",
  "int8",
  "uint16",
  "int16",
  "uint32",
  "int32",
  "float32",
  "bool",
  "string",
  "array",
  "uint64",
  "int64",
  "float64",
] as const;
export type GgufValueType = (typeof VALUE_TYPES)[number];
export type GgufScalarType = Exclude<GgufValueType, "array">;

/** Bytes of one value; strings and arrays bring their own length. */
export const VALUE_BYTES: Record<Exclude<GgufScalarType, "string">, number> = {
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  bool: 1,
  uint64: 8,
  int64: 8,
  float64: 8,
};

/** The items of an array as they are kept: numbers packed, so that a vocabulary's scores cost 4 bytes each. */
export type GgufArrayItems =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array
  | boolean[]
  | string[];

export type GgufValue =
  | { type: "uint8" | "int8" | "uint16" | "int16" | "uint32" | "int32" | "float32" | "float64"; value: number }
  | { type: "uint64" | "int64"; value: bigint }
  | { type: "bool"; value: boolean }
  | { type: "string"; value: string }
  | { type: "array"; itemType: GgufScalarType; value: GgufArrayItems };

export type GgufMetadata = Map<string, GgufValue>;

export interface TensorTypeTraits {
  id: number;
  /** Values in one block; a row holds whole blocks. */
  blockSize: number;
  blockBytes: number;
}

const TENSOR_TYPE_TABLE = {
  F32: [0, 1, 4],
  F16: [1, 1, 2],
  Q4_0: [2, 32, 18],
  Q4_1: [3, 32, 20],
  Q5_0: [6, 32, 22],
  Q5_1: [7, 32, 24],
  Q8_0: [8, 32, 34],
  Q8_1: [9, 32, 36],
  Q2_K: [10, 256, 84],
  Q3_K: [11, 256, 110],
  Q4_K: [12, 256, 144],
  Q5_K: [13, 256, 176],
  Q6_K: [14, 256, 210],
  Q8_K: [15, 256, 292],
  IQ2_XXS: [16, 256, 66],
  IQ2_XS: [17, 256, 74],
  IQ3_XXS: [18, 256, 98],
  IQ1_S: [19, 256, 50],
  IQ4_NL: [20, 32, 18],
  IQ3_S: [21, 256, 110],
  IQ2_S: [22, 256, 82],
  IQ4_XS: [23, 256, 136],
  I8: [24, 1, 1],
  I16: [25, 1, 2],
  I32: [26, 1, 4],
  I64: [27, 1, 8],
  F64: [28, 1, 8],
  IQ1_M: [29, 256, 56],
  BF16: [30, 1, 2],
  TQ1_0: [34, 256, 54],
  TQ2_0: [35, 256, 66],
  MXFP4: [39, 32, 17],
  NVFP4: [40, 64, 36],
  Q1_0: [41, 128, 18],
  Q2_0: [42, 64, 18],
} as const satisfies Record<string, readonly [number, number, number]>;

export type TensorType = keyof typeof TENSOR_TYPE_TABLE;

export const TENSOR_TYPES = Object.fromEntries(
  Object.entries(TENSOR_TYPE_TABLE).map(([name, [id, blockSize, blockBytes]]) => [name, { id, blockSize, blockBytes }]),
) as Record<TensorType, TensorTypeTraits>;

const NAME_BY_ID = new Map(Object.entries(TENSOR_TYPES).map(([name, traits]) => [traits.id, name as TensorType]));

/** The tensor type of a number in a file; null when this version does not know it. */
export function tensorTypeById(id: number): TensorType | null {
  return NAME_BY_ID.get(id) ?? null;
}

/** Bytes of a tensor: whole blocks along the first dimension. The caller makes sure that a row holds whole blocks. */
export function tensorBytes(type: TensorType, shape: readonly number[]): number {
  const { blockSize, blockBytes } = TENSOR_TYPES[type];
  return (shape.reduce((product, size) => product * size, 1) / blockSize) * blockBytes;
}

export interface GgufTensorInfo {
  name: string;
  /** Fastest dimension first, as in the file: a matrix is [columns, rows]. */
  shape: number[];
  type: TensorType;
  /** Bytes from the start of the data section. */
  offset: number;
  bytes: number;
}

export interface GgufHeader {
  version: number;
  metadata: GgufMetadata;
  tensors: GgufTensorInfo[];
  /** Bytes; every tensor starts at a multiple of it. */
  alignment: number;
  /** Bytes from the start of the file to the data section. */
  dataOffset: number;
  fileBytes: number;
}
