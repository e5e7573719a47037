import { quantize } from "./quantize";
import type { QuantizableType } from "./quantize";
import { NORMAL_DRAWS } from "./random";
import type { SeededRandom } from "./random";
import { blockFiller } from "./random-blocks";
import { tensorBytes } from "./types";

export interface StructuredMatrix {
  type: QuantizableType;
  columns: number;
  rows: number;
  /** Columns that go through the quantizer, whole blocks from the left; the others are random blocks. */
  headColumns: number;
  /** Standard deviation of the random values, in the head as well. */
  deviation: number;
  /** Sets what is not random in the head of one row; it arrives filled with random values. */
  setHead: (row: number, head: Float32Array) => void;
  random: SeededRandom;
}

const CHUNK_BYTES = 256 * 1024;

/** The bytes of a matrix that is partly planned and mostly random, in chunks that are reused. */
export function* structuredRows(matrix: StructuredMatrix): Generator<Uint8Array, void, void> {
  const { type, columns, rows, headColumns, deviation, random } = matrix;
  const rowBytes = tensorBytes(type, [columns]);
  const headBytes = tensorBytes(type, [headColumns]);
  const rowsPerChunk = Math.max(1, Math.floor(CHUNK_BYTES / rowBytes));
  const chunk = Buffer.from(new ArrayBuffer(Math.min(rows, rowsPerChunk) * rowBytes));
  const slots = new Uint16Array(chunk.buffer);
  const fill = blockFiller(type, deviation, random);
  const head = new Float32Array(headColumns);
  for (let first = 0; first < rows; first += rowsPerChunk) {
    const count = Math.min(rowsPerChunk, rows - first);
    for (let row = 0; row < count; row++) {
      for (let column = 0; column < headColumns; column++) {
        head[column] = (NORMAL_DRAWS[random.next() & 0xffff] as number) * deviation;
      }
      matrix.setHead(first + row, head);
      quantize(type, head, chunk, row * rowBytes);
      fill(slots, (row * rowBytes + headBytes) / 2, ((row + 1) * rowBytes) / 2);
    }
    yield chunk.subarray(0, count * rowBytes);
  }
}
