import { formatBytes } from "../config";
import { MemwellError } from "../errors";
import { isUnquantized, type GgufSet } from "../hub";

export interface QuantChoice {
  set: GgufSet;
  /** Why this one, as a sentence. */
  reason: string;
}

/** What the machine has for a model, in bytes. */
export interface ModelRoom {
  memoryBytes: number;
  /** `Infinity` for files that are on this disk already. */
  diskBytes: number;
}

/**
 * The best of a repository's quants: the largest that fits into memory and onto the disk. What is not quantized comes
 * last, since twice the bytes of `Q8_0` answer half as fast and hardly better.
 *
 * @param footprintOf what a set takes once it is loaded, in bytes; asked of as few as possible, since each costs a header
 *   read over the network
 * @throws MemwellError `file_not_found` when there is none, `memory_exceeded` or `disk_full` when none fits
 */
export async function chooseQuant(
  repo: string,
  sets: readonly GgufSet[],
  room: ModelRoom,
  footprintOf: (set: GgufSet) => Promise<number>,
): Promise<QuantChoice> {
  const ordered = [...sets].sort(
    (left, right) => Number(isUnquantized(left)) - Number(isUnquantized(right)) || right.size - left.size,
  );
  const smallest = ordered.findLast((set) => !isUnquantized(set)) ?? ordered.at(-1);
  if (smallest === undefined) throw noModel(repo);
  let next: { set: GgufSet; why: string } | null = null;
  for (const set of ordered) {
    const why = await whyNot(set, room, footprintOf);
    if (why === null) return { set, reason: reasonFor(set, ordered.length, next) };
    next = { set, why };
  }
  throw noneFits(repo, smallest, room, await whyNot(smallest, room, footprintOf));
}

async function whyNot(
  set: GgufSet,
  { memoryBytes, diskBytes }: ModelRoom,
  footprintOf: (set: GgufSet) => Promise<number>,
): Promise<string | null> {
  if (set.size > diskBytes) return `takes ${formatBytes(set.size)} of the ${formatBytes(diskBytes)} free on disk`;
  // Weights alone are too many: the header need not be read.
  const footprint = set.size > memoryBytes ? set.size : await footprintOf(set);
  if (footprint <= memoryBytes) return null;
  return `needs ${formatBytes(footprint)} of the ${formatBytes(memoryBytes)} of memory there are for it`;
}

function reasonFor(set: GgufSet, count: number, next: { set: GgufSet; why: string } | null): string {
  const name = nameOf(set);
  if (count === 1) return `${name} is the only model there.`;
  if (next === null || isUnquantized(set) !== isUnquantized(next.set))
    return `${name} (${formatBytes(set.size)}) is the best of ${count}, and fits.`;
  return `${name} (${formatBytes(set.size)}) is the best of ${count} that fits: ${nameOf(next.set)} ${next.why}.`;
}

function noModel(repo: string): MemwellError {
  return new MemwellError(
    "file_not_found",
    `${repo} has no GGUF model. Choose a repository with GGUF files; their names mostly end in -GGUF.`,
    { repo_id: repo },
  );
}

function noneFits(repo: string, set: GgufSet, { memoryBytes, diskBytes }: ModelRoom, why: string | null): MemwellError {
  const isDisk = set.size > diskBytes;
  const advice = isDisk
    ? "Free some with `memwell cache prune`, or choose a smaller model."
    : "Choose a smaller model, or a smaller MEMWELL_CONTEXT_SIZE.";
  return new MemwellError(
    isDisk ? "disk_full" : "memory_exceeded",
    `No model of ${repo} fits: ${nameOf(set)}, the smallest, ${why ?? "is too large"}. ${advice}`,
    { repo_id: repo, size: set.size, memory_bytes: memoryBytes, disk_bytes: isDisk ? diskBytes : null },
  );
}

function nameOf({ quant, paths }: GgufSet): string {
  return quant ?? paths[0] ?? "a model";
}
