import { pathOf } from "../walk/file-record";
import { withFile, type OpenFile } from "../walk/system";
import type { PlainMatrix, PlainType } from "./tensors-of";

const VALUE_BYTES: Record<PlainType, number> = { F16: 2, BF16: 2, F32: 4 };

/**
 * A square piece of a matrix: `size` rows, spread evenly over all of them, of as many neighbouring columns from its middle.
 * What rank the piece has, the matrix has at least.
 *
 * @throws file system errors
 */
export function readPiece(matrix: PlainMatrix, size: number): Promise<Float64Array> {
  return withFile(pathOf(matrix.record), (file) => pieceFrom(file, matrix, size));
}

function pieceFrom(file: OpenFile, matrix: PlainMatrix, size: number): Float64Array {
  const bytes = VALUE_BYTES[matrix.type];
  const firstColumn = Math.floor((matrix.columns - size) / 2);
  const piece = new Float64Array(size * size);
  for (let index = 0; index < size; index++) {
    const row = Math.floor((index * matrix.rows) / size);
    const part = file.read(matrix.position + (row * matrix.columns + firstColumn) * bytes, size * bytes);
    for (let column = 0; column * bytes < part.length; column++)
      piece[index * size + column] = valueAt(part, column * bytes, matrix.type);
  }
  return piece;
}

function valueAt(bytes: Buffer, at: number, type: PlainType): number {
  if (type === "F32") return bytes.readFloatLE(at);
  const bits = bytes.readUInt16LE(at);
  return type === "BF16" ? bfloat(bits) : half(bits);
}

const word = new DataView(new ArrayBuffer(4));

/** The upper half of a float32. */
function bfloat(bits: number): number {
  word.setUint32(0, bits * 65536);
  return word.getFloat32(0);
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
