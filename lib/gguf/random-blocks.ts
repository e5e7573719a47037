import { toBfloat16, toHalf } from "./half";
import { NORMAL_DRAWS, SeededRandom } from "./random";

import { TENSOR_TYPES } from "./types";

/**
 * Random weights written straight as quantized blocks: no floats, no search for scales, about a gigabyte in a second or
 * two. Every block of a tensor has the same scales; its quants are random with (nearly) zero mean: a mean that all rows
 * share would add up over the blocks of a model until it drowns everything else. All block layouts are those of
 * ggml-common.h, and all have an even size, so a block is a row of 16-bit slots: each either a constant or 16 random
 * bits looked up in a table.
 */
export const SYNTHETIC_TYPES = [
  "F32",
  "F16",
  "BF16",
  "Q4_0",
  "Q4_1",
  "Q5_0",
  "Q5_1",
  "Q8_0",
  "Q2_K",
  "Q3_K",
  "Q4_K",
  "Q5_K",
  "Q6_K",
  "IQ4_NL",
] as const;
export type SyntheticType = (typeof SYNTHETIC_TYPES)[number];

/** One 16-bit slot of a block: a number is written as it is, a table turns random bits into the slot. */
type Slot = number | Uint16Array;

const ANY_BITS = table((bits) => bits);
/** 4-bit levels that lie around 8, so that x = (q - 8) * d has no bias towards negative weights. */
const CENTERED_LEVELS = [2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11, 12, 13, 14];
const CENTERED_NIBBLES = table((bits) => {
  let slot = 0;
  for (let shift = 0; shift < 16; shift += 4) slot |= (CENTERED_LEVELS[(bits >>> shift) & 15] as number) << shift;
  return slot;
});
/** Signed bytes without -128, which kernels that multiply by the sign do not like. */
const SIGNED_BYTES = table((bits) => ((bits & 0xff) === 0x80 ? bits & 0xff00 : bits)).map((bits) =>
  bits >>> 8 === 0x80 ? bits & 0xff : bits,
);

function table(slotOf: (bits: number) => number): Uint16Array {
  return Uint16Array.from({ length: 65536 }, (_, bits) => slotOf(bits));
}

/** 16 bits that are each set with the given probability. */
function biasedBits(probability: number): Uint16Array {
  return drawnTable(1, (random) => (random.uniform() < probability ? 1 : 0));
}

/** Sixteen bits in fields of `width` bits, each drawn anew for every entry of the table. */
function drawnTable(width: number, draw: (random: SeededRandom) => number): Uint16Array {
  const random = new SeededRandom("levels");
  return table(() => {
    let slot = 0;
    for (let shift = 0; shift < 16; shift += width) slot |= draw(random) << shift;
    return slot;
  });
}

function repeat(slot: Slot, count: number): Slot[] {
  return new Array<Slot>(count).fill(slot);
}

/** The slots of one block whose values have the standard deviation `deviation`. */
function blockRecipe(type: Exclude<SyntheticType, "F32">, deviation: number): Slot[] {
  const scale = (levelDeviation: number): number => deviation / levelDeviation;
  switch (type) {
    case "F16":
      return [table((bits) => toHalf((NORMAL_DRAWS[bits] as number) * deviation))];
    case "BF16":
      return [table((bits) => toBfloat16((NORMAL_DRAWS[bits] as number) * deviation))];
    case "Q4_0":
      return [toHalf(scale(3.5)), ...repeat(CENTERED_NIBBLES, 8)];
    case "Q4_1":
      return [toHalf(scale(3.5)), toHalf(-8 * scale(3.5)), ...repeat(CENTERED_NIBBLES, 8)];
    case "Q5_0":
      return [toHalf(scale(9.2)), ...repeat(biasedBits(17 / 32), 2), ...repeat(ANY_BITS, 8)];
    case "Q5_1":
      return [toHalf(scale(9.2)), toHalf(-15.5 * scale(9.2)), ...repeat(ANY_BITS, 10)];
    case "Q8_0":
      return [toHalf(scale(73)), ...repeat(SIGNED_BYTES, 16)];
    case "IQ4_NL":
      return [toHalf(scale(70)), ...repeat(drawnTable(4, balancedNonlinearLevel), 8)];
    // The K-quants: every sub-block has scale 1 (and minimum 1), so that the super-block's scales are what counts.
    case "Q2_K":
      return [...repeat(0x1111, 8), ...repeat(ANY_BITS, 32), toHalf(scale(1.12)), toHalf(1.5 * scale(1.12))];
    case "Q3_K":
      return [
        ...repeat(biasedBits(5 / 8), 16),
        ...repeat(ANY_BITS, 32),
        ...repeat(0x1111, 4),
        ...repeat(0xaaaa, 2),
        toHalf(scale(2.3)),
      ];
    case "Q4_K":
      return [toHalf(scale(4.6)), toHalf(7.5 * scale(4.6)), ...SUB_SCALES_OF_ONE, ...repeat(ANY_BITS, 64)];
    case "Q5_K":
      return [toHalf(scale(9.2)), toHalf(15.5 * scale(9.2)), ...SUB_SCALES_OF_ONE, ...repeat(ANY_BITS, 80)];
    case "Q6_K":
      return [...repeat(ANY_BITS, 96), ...repeat(0x0101, 8), toHalf(scale(18.5))];
  }
}

/** IQ4_NL's levels are -62 on average in the lower half of the table and +50 in the upper one. */
function balancedNonlinearLevel(random: SeededRandom): number {
  return random.integer(8) + (random.uniform() < 0.553 ? 8 : 0);
}

/** Eight 6-bit scales and eight 6-bit minimums, all 1, packed into 12 bytes (`get_scale_min_k4` in ggml-quants.c). */
const SUB_SCALES_OF_ONE = [0x0101, 0x0101, 0x0101, 0x0101, 0x1111, 0x1111];

/** About how many bytes a chunk has: small enough for the cache, large enough for a quick write. */
const CHUNK_BYTES = 256 * 1024;

/**
 * `count` random values of the given type as chunks of bytes; the chunk is reused for the next one.
 *
 * @param count number of values, whole blocks
 * @param deviation standard deviation of the values; their mean is (nearly) zero
 */
export function* randomTensor(
  type: SyntheticType,
  count: number,
  deviation: number,
  random: SeededRandom,
): Generator<Uint8Array, void, void> {
  const { blockSize, blockBytes } = TENSOR_TYPES[type];
  const fill = blockFiller(type, deviation, random);
  const chunkBlocks = Math.max(1, Math.floor(CHUNK_BYTES / blockBytes));
  const chunk = new Uint16Array((Math.min(chunkBlocks, count / blockSize) * blockBytes) / 2);
  for (let left = count / blockSize; left > 0; left -= chunkBlocks) {
    const slots = (Math.min(left, chunkBlocks) * blockBytes) / 2;
    fill(chunk, 0, slots);
    yield new Uint8Array(chunk.buffer, 0, slots * 2);
  }
}

export type BlockFiller = (target: Uint16Array, from: number, to: number) => void;

/** A function that fills 16-bit slots `from` to `to` (whole blocks) with random blocks. */
export function blockFiller(type: SyntheticType, deviation: number, random: SeededRandom): BlockFiller {
  if (type === "F32") return floatFiller(deviation, random);
  const recipe = blockRecipe(type, deviation);
  const constants = Uint16Array.from(recipe, (slot) => (typeof slot === "number" ? slot : 0));
  const tables = recipe.map((slot) => (typeof slot === "number" ? null : slot));
  return (target, from, to) => {
    let bits = 0;
    let half = false;
    for (let position = from; position < to; position += recipe.length) {
      for (let slot = 0; slot < recipe.length; slot++) {
        const lookup = tables[slot];
        if (lookup === null || lookup === undefined) {
          target[position + slot] = constants[slot] as number;
          continue;
        }
        bits = half ? bits >>> 16 : random.next();
        half = !half;
        target[position + slot] = lookup[bits & 0xffff] as number;
      }
    }
  };
}

function floatFiller(deviation: number, random: SeededRandom): BlockFiller {
  return (target, from, to) => {
    const values = new Float32Array(target.buffer, target.byteOffset + from * 2, (to - from) / 2);
    for (let index = 0; index < values.length; index++) {
      values[index] = (NORMAL_DRAWS[random.next() & 0xffff] as number) * deviation;
    }
  };
}
