import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { DEFAULT_ALIGNMENT, GGUF_MAGIC, MAX_TENSOR_NAME_BYTES, TENSOR_TYPES, VALUE_TYPES, tensorBytes } from "./types";
import type { GgufMetadata, GgufScalarType, GgufValue, GgufValueType, TensorType } from "./types";

export interface GgufTensorSource {
  name: string;
  /** Fastest dimension first: a matrix is [columns, rows]. */
  shape: number[];
  type: TensorType;
  /** The tensor's bytes in order, in chunks of any size; called once. A chunk may be reused after the next is asked for. */
  data: () => Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

/**
 * Writes a GGUF v3 file, one chunk in memory at a time. The file appears complete or not at all: it is written beside
 * `path` and renamed.
 *
 * @param path where the file goes; its folder is made when missing
 * @throws TypeError when a tensor or value cannot be written as asked, or when `data` brings more or fewer bytes than the
 *   shape needs; a file system error when the disk is full or the folder is not writable
 */
export async function writeGguf(
  path: string,
  content: { metadata: GgufMetadata; tensors: readonly GgufTensorSource[] },
): Promise<void> {
  const alignment = alignmentOf(content.metadata);
  const header = encodeHeader(content.metadata, content.tensors, alignment);
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  const file = await open(temporary, "wx");
  try {
    try {
      await writeAll(file, header);
      for (const tensor of content.tensors) await writeTensor(file, tensor, alignment);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}

function alignmentOf(metadata: GgufMetadata): number {
  const entry = metadata.get("general.alignment");
  return entry?.type === "uint32" ? entry.value : DEFAULT_ALIGNMENT;
}

async function writeTensor(file: FileHandle, tensor: GgufTensorSource, alignment: number): Promise<void> {
  const expected = tensorBytes(tensor.type, tensor.shape);
  let written = 0;
  for await (const chunk of tensor.data()) {
    written += chunk.byteLength;
    if (written > expected) break;
    await writeAll(file, chunk);
  }
  if (written !== expected) {
    throw new TypeError(`tensor ${tensor.name}: ${written} bytes of data, but its shape needs ${expected}`);
  }
  await writeAll(file, Buffer.alloc(padding(written, alignment)));
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.byteLength) done += (await file.write(bytes, done)).bytesWritten;
}

function padding(bytes: number, alignment: number): number {
  return (alignment - (bytes % alignment)) % alignment;
}

/** Magic, version, counts, metadata, tensor table, padded to where the data section starts. */
export function encodeHeader(
  metadata: GgufMetadata,
  tensors: readonly Omit<GgufTensorSource, "data">[],
  alignment = DEFAULT_ALIGNMENT,
): Buffer {
  const parts: Buffer[] = [uint32(GGUF_MAGIC), uint32(3), uint64(tensors.length), uint64(metadata.size)];
  for (const [key, value] of metadata) {
    parts.push(text(key), uint32(VALUE_TYPES.indexOf(value.type)), encodeValue(key, value));
  }
  let offset = 0;
  for (const tensor of tensors) {
    const { blockSize, id } = TENSOR_TYPES[tensor.type];
    if ((tensor.shape[0] ?? 0) % blockSize !== 0) {
      throw new TypeError(`tensor ${tensor.name}: rows of ${tensor.shape[0]} are not whole ${tensor.type} blocks`);
    }
    if (Buffer.byteLength(tensor.name) > MAX_TENSOR_NAME_BYTES) {
      throw new TypeError(`tensor name ${tensor.name} is longer than ${MAX_TENSOR_NAME_BYTES} bytes`);
    }
    parts.push(text(tensor.name), uint32(tensor.shape.length), ...tensor.shape.map(uint64), uint32(id), uint64(offset));
    const bytes = tensorBytes(tensor.type, tensor.shape);
    offset += bytes + padding(bytes, alignment);
  }
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  parts.push(Buffer.alloc(padding(bytes, alignment)));
  return Buffer.concat(parts);
}

function encodeValue(key: string, value: GgufValue): Buffer {
  if (value.type !== "array") return encodeScalar(key, value.type, value.value);
  const parts = [uint32(VALUE_TYPES.indexOf(value.itemType)), uint64(value.value.length)];
  for (const item of value.value) parts.push(encodeScalar(key, value.itemType, item));
  return Buffer.concat(parts);
}

function encodeScalar(key: string, type: GgufValueType, value: unknown): Buffer {
  if (type === "string" && typeof value === "string") return text(value);
  if (type === "bool" && typeof value === "boolean") return Buffer.of(value ? 1 : 0);
  if (typeof value === "bigint" && (type === "uint64" || type === "int64")) {
    const bytes = Buffer.alloc(8);
    if (type === "uint64") bytes.writeBigUInt64LE(value);
    else bytes.writeBigInt64LE(value);
    return bytes;
  }
  const encode = typeof value === "number" ? NUMBER_ENCODERS[type as GgufScalarType] : undefined;
  if (encode === undefined) throw new TypeError(`${key}: ${typeof value} cannot be written as ${type}`);
  return encode(value as number);
}

const NUMBER_ENCODERS: Partial<Record<GgufScalarType, (value: number) => Buffer>> = {
  uint8: (value) => numberBytes(1, (bytes) => bytes.writeUInt8(value)),
  int8: (value) => numberBytes(1, (bytes) => bytes.writeInt8(value)),
  uint16: (value) => numberBytes(2, (bytes) => bytes.writeUInt16LE(value)),
  int16: (value) => numberBytes(2, (bytes) => bytes.writeInt16LE(value)),
  uint32: (value) => uint32(value),
  int32: (value) => numberBytes(4, (bytes) => bytes.writeInt32LE(value)),
  float32: (value) => numberBytes(4, (bytes) => bytes.writeFloatLE(value)),
  float64: (value) => numberBytes(8, (bytes) => bytes.writeDoubleLE(value)),
};

function numberBytes(size: number, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(size);
  write(bytes);
  return bytes;
}

function uint32(value: number): Buffer {
  return numberBytes(4, (bytes) => bytes.writeUInt32LE(value));
}

function uint64(value: number): Buffer {
  return numberBytes(8, (bytes) => bytes.writeBigUInt64LE(BigInt(value)));
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([uint64(bytes.length), bytes]);
}
