import { isQuantizable } from "./quantize";
import type { QuantizableType } from "./quantize";
import type { SyntheticShape } from "./synthetic-shape";
import { TOKEN_CLASSES } from "./token-logits";
import { TENSOR_TYPES } from "./types";

/** Which columns of the residual stream mean something; all others are random. */
export interface ResidualLayout {
  /** Type of the matrices whose values are planned. */
  type: QuantizableType;
  /** Columns from the left that are planned or share a block with one that is. */
  headColumns: number;
  /** The column of each class in `TOKEN_CLASSES`. */
  classColumns: number[];
  /** Columns of a token's code of signs. */
  codeColumns: number[];
}

const BLOCK = 32;

/**
 * A class direction is far larger than its neighbours and would crush them in a coarse block, and they would blur it.
 * Wide models give each a block of its own; narrow ones, and types without a quantizer here, keep the planned matrices
 * in Q8_0.
 */
export function residualLayout(shape: SyntheticShape): ResidualLayout {
  const wide = shape.embeddingLength >= 256;
  const spacing = wide ? BLOCK : 1;
  const codeStart = spacing * TOKEN_CLASSES.length;
  const headColumns = wide ? codeStart + BLOCK : BLOCK;
  const blockwise = TENSOR_TYPES[shape.quantization].blockSize > 1;
  return {
    type: isQuantizable(shape.quantization) && (wide || !blockwise) ? shape.quantization : "Q8_0",
    headColumns,
    classColumns: TOKEN_CLASSES.map((_, index) => index * spacing),
    codeColumns: Array.from({ length: headColumns - codeStart }, (_, index) => codeStart + index),
  };
}

/** One sign of a token's code: fixed by the token's number, unrelated between tokens. */
export function tokenSign(token: number, index: number): number {
  let hash = Math.imul(token + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca77);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) & 1) === 0 ? 1 : -1;
}
