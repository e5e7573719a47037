import { z } from "zod";
import type { OpenFile } from "../walk/system";

/**
 * The header of a safetensors file: 8 bytes of length, then JSON, then the tensors' bytes.
 * Source: https://github.com/huggingface/safetensors, `safetensors/src/tensor.rs`.
 */
export interface SafetensorsHeader {
  tensors: SafetensorsTensor[];
  /** What its maker wrote beside the tensors. */
  metadata: Map<string, string>;
  /** Bytes from the start of the file to the first tensor. */
  dataOffset: number;
  /** What the header says that the whole file has. Bytes. */
  claimedSize: number;
}

export interface SafetensorsTensor {
  name: string;
  dtype: string;
  /** Slowest dimension first: a matrix is [rows, columns]. */
  shape: number[];
  /** Bytes from `dataOffset`. */
  start: number;
  end: number;
}

/** Real ones stay below 10 MB; the format's own bound is 100 MB, which as JSON would take a gigabyte to read. */
const MAX_HEADER_BYTES = 24 * 1024 * 1024;
const MAX_TENSORS = 200_000;

export const DTYPE_BITS: Record<string, number> = {
  BOOL: 8, U8: 8, I8: 8, U16: 16, I16: 16, U32: 32, I32: 32, U64: 64, I64: 64,
  F16: 16, BF16: 16, F32: 32, F64: 64, C64: 64,
  F8_E4M3: 8, F8_E5M2: 8, F8_E8M0: 8, F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8, F6_E2M3: 6, F6_E3M2: 6, F4: 4,
}; // prettier-ignore

const place = z.number().int().nonnegative();
const tensorSchema = z.object({
  dtype: z.string().max(16),
  shape: z.array(place).max(16),
  data_offsets: z.tuple([place, place]),
});

/** Whether a file may be one, from its first bytes. */
export function looksLikeSafetensors(head: Buffer, size: number): boolean {
  if (head.length < 10) return false;
  const length = head.readBigUInt64LE(0);
  // `{"` or `{}`, as every writer begins it.
  return (
    length >= 2n &&
    length <= 100_000_000n &&
    Number(length) <= size - 8 &&
    /^\{\s*["}]/.test(head.toString("latin1", 8, 16))
  );
}

/** Reads a header and believes nothing. Answers a clause instead when it is not what it should be. */
export function readSafetensorsHeader(file: OpenFile): SafetensorsHeader | string {
  const length = Number(file.read(0, 8).readBigUInt64LE(0));
  if (length > MAX_HEADER_BYTES) return `its header of ${length} bytes is longer than any model's`;
  if (8 + length > file.size) return "it ends in the middle of its header";
  let value: unknown;
  try {
    value = JSON.parse(file.read(8, length).toString("utf8"));
  } catch {
    return "its header is no JSON";
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "its header is no list of tensors";
  return readEntries(value as Record<string, unknown>, 8 + length);
}

function readEntries(value: Record<string, unknown>, dataOffset: number): SafetensorsHeader | string {
  const tensors: SafetensorsTensor[] = [];
  const metadata = new Map<string, string>();
  let end = 0;
  for (const [name, entry] of Object.entries(value)) {
    if (name === "__metadata__") {
      if (typeof entry !== "object" || entry === null) return "its metadata are no texts";
      for (const [key, text] of Object.entries(entry)) if (typeof text === "string") metadata.set(key, text);
      continue;
    }
    const parsed = tensorSchema.safeParse(entry);
    if (!parsed.success || tensors.length >= MAX_TENSORS) return "its header lists what are no tensors";
    const { dtype, shape, data_offsets: [start, stop] } = parsed.data; // prettier-ignore
    const bits = DTYPE_BITS[dtype];
    const values = valuesOf(shape);
    const fits = bits === undefined ? stop >= start : stop - start === Math.ceil((values * bits) / 8);
    if (!Number.isSafeInteger(values) || !fits) return "a tensor's place in it does not fit the tensor's shape";
    tensors.push({ name, dtype, shape, start, end: stop });
    end = Math.max(end, stop);
  }
  return { tensors, metadata, dataOffset, claimedSize: dataOffset + end };
}

export function valuesOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
