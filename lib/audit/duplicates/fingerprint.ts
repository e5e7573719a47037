import { createHash, type Hash } from "node:crypto";
import type { Pauses } from "../walk/pauses";
import type { OpenFile } from "../walk/system";
import { loadNextData } from "./holes";

const SAMPLE_BYTES = 16 * 1024;
/** Where between beginning and end samples are taken; a model's header is at the beginning, its last layers at the end. */
const SAMPLE_PLACES = [0, 0.23, 0.5, 0.77, 1];
const CHUNK_BYTES = 1 << 20;
const ZEROS = Buffer.alloc(CHUNK_BYTES);

/** So much is read of a file for its samples; shorter files are hashed whole at once. */
export const SAMPLED_BYTES = SAMPLE_BYTES * SAMPLE_PLACES.length;

/** A hash of a few places: different ones mean different files, the same one means nothing yet. */
export function sampleDigest(file: OpenFile): string {
  const hash = createHash("sha256");
  const last = Math.max(0, file.size - SAMPLE_BYTES);
  for (const place of SAMPLE_PLACES) hash.update(file.read(Math.floor(last * place), SAMPLE_BYTES));
  return hash.digest("hex");
}

/**
 * The sha256 of a file's bytes in hex.
 *
 * @throws MemwellError `aborted`
 */
export function fullDigest(file: OpenFile, pauses: Pauses): Promise<string> {
  return digest(file, pauses, (hash, chunk) => void hash.update(chunk));
}

/**
 * A hash of all bytes that are not zero, with their places: as telling as `fullDigest`, the same whether a run of zeros is a
 * hole or stored, and quick for files that are mostly holes. It is not their sha256.
 *
 * @throws MemwellError `aborted`
 */
export function digestWithoutZeros(file: OpenFile, pauses: Pauses): Promise<string> {
  const nextData = loadNextData();
  const onward = (position: number): number => nextData(file.descriptor, position, file.size);
  const add = (hash: Hash, chunk: Buffer, position: number): void => {
    if (chunk.equals(ZEROS.subarray(0, chunk.length))) return;
    hash.update(`${position}:${chunk.length};`).update(chunk);
  };
  return digest(file, pauses, add, onward);
}

async function digest(
  file: OpenFile,
  pauses: Pauses,
  add: (hash: Hash, chunk: Buffer, position: number) => void,
  onward: (position: number) => number = (position) => position,
): Promise<string> {
  const hash = createHash("sha256");
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let position = 0;
  while (position < file.size) {
    const next = onward(position);
    // Always on the same grid, so that where the holes are makes no difference.
    position = next - (next % CHUNK_BYTES);
    if (next >= file.size) break;
    const length = file.readInto(chunk.subarray(0, Math.min(CHUNK_BYTES, file.size - position)), position);
    if (length === 0) break;
    add(hash, chunk.subarray(0, length), position);
    position += length;
    await pauses.takeIfDue();
  }
  return hash.digest("hex");
}
