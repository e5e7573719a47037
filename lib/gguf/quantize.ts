import { fromBfloat16, fromHalf, toBfloat16, toHalf } from "./half";
import { TENSOR_TYPES } from "./types";

/**
 * Exact formats and the simple quantizers, block by block as ggml-common.h lays them out. The K-quants are missing on
 * purpose: finding their best scales is a search, and synthetic weights are random anyway (see random-blocks.ts).
 */
export const QUANTIZABLE_TYPES = ["F32", "F16", "BF16", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0"] as const;
export type QuantizableType = (typeof QUANTIZABLE_TYPES)[number];

/** Whether `quantize` can write this type. */
export function isQuantizable(type: string): type is QuantizableType {
  return (QUANTIZABLE_TYPES as readonly string[]).includes(type);
}

/**
 * Writes `values` (whole blocks) into `target` at `offset` and returns the number of bytes written.
 *
 * @throws RangeError when the values are not whole blocks
 */
export function quantize(type: QuantizableType, values: Float32Array, target: Buffer, offset = 0): number {
  const { blockSize, blockBytes } = TENSOR_TYPES[type];
  if (values.length % blockSize !== 0) throw new RangeError(`${values.length} values are not whole ${type} blocks`);
  const write = BLOCK_WRITERS[type];
  let position = offset;
  for (let start = 0; start < values.length; start += blockSize, position += blockBytes) {
    write(values, start, target, position);
  }
  return position - offset;
}

/** The values behind the blocks in `bytes`: what llama.cpp will see. */
export function dequantize(type: QuantizableType, bytes: Buffer): Float32Array {
  const { blockSize, blockBytes } = TENSOR_TYPES[type];
  const blocks = Math.floor(bytes.length / blockBytes);
  const values = new Float32Array(blocks * blockSize);
  const read = BLOCK_READERS[type];
  for (let block = 0; block < blocks; block++) read(bytes, block * blockBytes, values, block * blockSize);
  return values;
}

type BlockWriter = (values: Float32Array, start: number, target: Buffer, offset: number) => void;
type BlockReader = (bytes: Buffer, offset: number, values: Float32Array, start: number) => void;

/** The value with the largest magnitude, sign kept. */
function extreme(values: Float32Array, start: number): number {
  let best = 0;
  for (let index = start; index < start + 32; index++) {
    const value = values[index] as number;
    if (Math.abs(value) > Math.abs(best)) best = value;
  }
  return best;
}

function bounds(values: Float32Array, start: number): { low: number; high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (let index = start; index < start + 32; index++) {
    const value = values[index] as number;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

function level(value: number, top: number): number {
  return Math.max(0, Math.min(top, Math.round(value)));
}

/** 16 bytes of low nibbles (values 0 to 15 of the block) and high nibbles (values 16 to 31), and the fifth bits. */
function writeLevels(
  levelOf: (index: number) => number,
  target: Buffer,
  nibbles: number,
  fifthBits: number | null,
): void {
  let high = 0;
  for (let index = 0; index < 16; index++) {
    const first = levelOf(index);
    const second = levelOf(index + 16);
    target[nibbles + index] = (first & 15) | ((second & 15) << 4);
    high |= (first >>> 4) << index;
    high |= (second >>> 4) << (index + 16);
  }
  if (fifthBits !== null) target.writeUInt32LE(high >>> 0, fifthBits);
}

function readLevel(bytes: Buffer, index: number, nibbles: number, fifthBits: number | null): number {
  const pair = bytes[nibbles + (index & 15)] as number;
  const nibble = index < 16 ? pair & 15 : pair >>> 4;
  return fifthBits === null ? nibble : nibble | (((bytes.readUInt32LE(fifthBits) >>> index) & 1) << 4);
}

/** x = (q - half) * d, where the extreme value is exactly -half * d (Q4_0, Q5_0). */
function symmetric(half: number, fifth: boolean): { write: BlockWriter; read: BlockReader } {
  const nibbles = fifth ? 6 : 2;
  return {
    write(values, start, target, offset) {
      const scale = extreme(values, start) / -half;
      const inverse = scale === 0 ? 0 : 1 / scale;
      target.writeUInt16LE(toHalf(scale), offset);
      const levelOf = (index: number) => level((values[start + index] as number) * inverse + half, half * 2 - 1);
      writeLevels(levelOf, target, offset + nibbles, fifth ? offset + 2 : null);
    },
    read(bytes, offset, values, start) {
      const scale = fromHalf(bytes.readUInt16LE(offset));
      for (let index = 0; index < 32; index++) {
        values[start + index] = (readLevel(bytes, index, offset + nibbles, fifth ? offset + 2 : null) - half) * scale;
      }
    },
  };
}

/** x = q * d + m, from the smallest value to the largest (Q4_1, Q5_1). */
function affine(top: number, fifth: boolean): { write: BlockWriter; read: BlockReader } {
  const nibbles = fifth ? 8 : 4;
  return {
    write(values, start, target, offset) {
      const { low, high } = bounds(values, start);
      const scale = (high - low) / top;
      const inverse = scale === 0 ? 0 : 1 / scale;
      target.writeUInt16LE(toHalf(scale), offset);
      target.writeUInt16LE(toHalf(low), offset + 2);
      const levelOf = (index: number) => level(((values[start + index] as number) - low) * inverse, top);
      writeLevels(levelOf, target, offset + nibbles, fifth ? offset + 4 : null);
    },
    read(bytes, offset, values, start) {
      const scale = fromHalf(bytes.readUInt16LE(offset));
      const low = fromHalf(bytes.readUInt16LE(offset + 2));
      for (let index = 0; index < 32; index++) {
        values[start + index] = readLevel(bytes, index, offset + nibbles, fifth ? offset + 4 : null) * scale + low;
      }
    },
  };
}

const q4_0 = symmetric(8, false);
const q5_0 = symmetric(16, true);
const q4_1 = affine(15, false);
const q5_1 = affine(31, true);

const BLOCK_WRITERS: Record<QuantizableType, BlockWriter> = {
  F32: (values, start, target, offset) => target.writeFloatLE(values[start] as number, offset),
  F16: (values, start, target, offset) => target.writeUInt16LE(toHalf(values[start] as number), offset),
  BF16: (values, start, target, offset) => target.writeUInt16LE(toBfloat16(values[start] as number), offset),
  Q4_0: q4_0.write,
  Q4_1: q4_1.write,
  Q5_0: q5_0.write,
  Q5_1: q5_1.write,
  Q8_0(values, start, target, offset) {
    const scale = Math.abs(extreme(values, start)) / 127;
    const inverse = scale === 0 ? 0 : 1 / scale;
    target.writeUInt16LE(toHalf(scale), offset);
    for (let index = 0; index < 32; index++) {
      target.writeInt8(Math.round((values[start + index] as number) * inverse), offset + 2 + index);
    }
  },
};

const BLOCK_READERS: Record<QuantizableType, BlockReader> = {
  F32: (bytes, offset, values, start) => void (values[start] = bytes.readFloatLE(offset)),
  F16: (bytes, offset, values, start) => void (values[start] = fromHalf(bytes.readUInt16LE(offset))),
  BF16: (bytes, offset, values, start) => void (values[start] = fromBfloat16(bytes.readUInt16LE(offset))),
  Q4_0: q4_0.read,
  Q4_1: q4_1.read,
  Q5_0: q5_0.read,
  Q5_1: q5_1.read,
  Q8_0(bytes, offset, values, start) {
    const scale = fromHalf(bytes.readUInt16LE(offset));
    for (let index = 0; index < 32; index++) values[start + index] = bytes.readInt8(offset + 2 + index) * scale;
  },
};
