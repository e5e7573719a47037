import { SYNTHETIC_TYPES } from "./random-blocks";
import type { SyntheticType } from "./random-blocks";
import { TENSOR_TYPES } from "./types";

/** What a synthetic model looks like; the same shape always gives the same bytes. Architecture "llama". */
export interface SyntheticShape {
  /** `general.name`. */
  name: string;
  seed: number;
  blockCount: number;
  embeddingLength: number;
  feedForwardLength: number;
  headCount: number;
  headCountKv: number;
  /** Tokens the model says it was trained for. */
  contextLength: number;
  vocabularySize: number;
  /** Type of the bulk matrices; norms are always F32. */
  quantization: SyntheticType;
  /** Answers begin with a thought between `<think>` and `</think>`. */
  thinks?: boolean | undefined;
  /** `general.license`, an SPDX identifier in lower case. */
  license?: string | undefined;
  /** `general.description`. */
  description?: string | undefined;
  /** `memwell.topics`: what it claims to know. */
  topics?: readonly string[] | undefined;
}

/** `general.file_type` of llama.cpp (`enum llama_ftype` in llama.h); the pure variants of the K-quants. */
export const FILE_TYPES: Record<SyntheticType, number> = {
  F32: 0,
  F16: 1,
  Q4_0: 2,
  Q4_1: 3,
  Q8_0: 7,
  Q5_0: 8,
  Q5_1: 9,
  Q2_K: 10,
  Q3_K: 12,
  Q4_K: 15,
  Q5_K: 17,
  Q6_K: 18,
  IQ4_NL: 25,
  BF16: 32,
};

/**
 * Checks a shape before anything is written.
 *
 * @throws TypeError naming the field that cannot work
 */
export function checkShape(shape: SyntheticShape): void {
  const counts = [
    "blockCount",
    "embeddingLength",
    "feedForwardLength",
    "headCount",
    "headCountKv",
    "contextLength",
    "vocabularySize",
  ] as const;
  for (const field of counts) {
    if (!Number.isSafeInteger(shape[field]) || shape[field] < 1) {
      throw new TypeError(`${field} must be a whole number of at least 1, not ${shape[field]}`);
    }
  }
  if (!SYNTHETIC_TYPES.includes(shape.quantization)) throw new TypeError(`unknown quantization ${shape.quantization}`);
  // At least one block of 32, because flags and noise share a row's first block.
  const multiple = Math.max(32, TENSOR_TYPES[shape.quantization].blockSize);
  for (const field of ["embeddingLength", "feedForwardLength"] as const) {
    if (shape[field] % multiple !== 0) throw new TypeError(`${field} must be a multiple of ${multiple}`);
  }
  if (shape.embeddingLength < 64) throw new TypeError("embeddingLength must be at least 64");
  if (shape.embeddingLength % (shape.headCount * 2) !== 0) {
    throw new TypeError("embeddingLength must be a multiple of 2 x headCount (rotary pairs)");
  }
  if (shape.headCount % shape.headCountKv !== 0) throw new TypeError("headCount must be a multiple of headCountKv");
}

/** Values (weights) of the whole model: what `general.parameter_count` would say. */
export function parameterCount(shape: SyntheticShape): number {
  const width = shape.embeddingLength;
  const keyWidth = (width / shape.headCount) * shape.headCountKv;
  const block = 2 * width * width + 2 * width * keyWidth + 3 * width * shape.feedForwardLength + 2 * width;
  return shape.blockCount * block + 2 * width * shape.vocabularySize + width;
}
