import { formatBytes } from "../config";
import { MemwellError, toMemwellError } from "../errors";
import { isUnquantized, type GgufSet } from "../hub";

export interface QuantChoice {
  set: GgufSet;
  /** Why this one, as a sentence. */
  reason: string;
}

/** What there is for a model, and what each set takes. In bytes. */
export interface QuantRoom {
  memoryBytes: number;
  /** `Infinity` for files that are on this disk already. */
  diskBytes: number;
  /** Where the sets are, as the sentence has it: "in the cache", "on the Hub". */
  place: string;
  /** What a set takes once it is loaded; asked of as few as possible, since each costs a header read over the network. */
  footprintOf: (set: GgufSet) => Promise<number>;
  /** What of a set must still be downloaded. */
  missingOf: (set: GgufSet) => number;
}

/** What a file may be that is no model for this Memwell; another one of the repository may be. */
const UNUSABLE = new Set(["model_file_invalid", "model_unsupported"]);

/**
 * The best of a repository's quants: the largest that fits into memory and onto the disk. What is not quantized comes
 * last, since twice the bytes of `Q8_0` answer half as fast and hardly better. One whose download has begun comes first:
 * the memory that is free changes from start to start, and what is downloaded should not.
 *
 * @throws MemwellError `file_not_found` when there is none, `memory_exceeded` or `disk_full` when none fits
 */
export async function chooseQuant(repo: string, sets: readonly GgufSet[], room: QuantRoom): Promise<QuantChoice> {
  const ordered = [...sets].sort(
    (left, right) =>
      Number(hasBegun(right, room)) - Number(hasBegun(left, room)) ||
      Number(isUnquantized(left)) - Number(isUnquantized(right)) ||
      right.size - left.size,
  );
  if (ordered.length === 0) throw noModel(repo);
  const passedOver: { set: GgufSet; why: MemwellError | string }[] = [];
  for (const set of ordered) {
    const why = await whyNot(set, room);
    if (why === null) return { set, reason: reasonFor(set, ordered.length, room, passedOver.at(-1)) };
    passedOver.push({ set, why });
  }
  throw noneFits(repo, room, passedOver);
}

function hasBegun(set: GgufSet, { missingOf }: QuantRoom): boolean {
  return missingOf(set) < set.size;
}

/** Null when it fits; an error when it is no model at all. */
async function whyNot(set: GgufSet, room: QuantRoom): Promise<MemwellError | string | null> {
  const { memoryBytes, diskBytes, footprintOf, missingOf } = room;
  if (missingOf(set) > diskBytes)
    return `takes ${formatBytes(missingOf(set))} of the ${formatBytes(diskBytes)} there are on the disk`;
  try {
    // Weights alone are too many: the header need not be read.
    const footprint = set.size > memoryBytes ? set.size : await footprintOf(set);
    if (footprint <= memoryBytes) return null;
    return `needs ${formatBytes(footprint)} of the ${formatBytes(memoryBytes)} of memory there are for it`;
  } catch (thrown) {
    const error = toMemwellError(thrown);
    if (UNUSABLE.has(error.code)) return error;
    throw error;
  }
}

function reasonFor(
  set: GgufSet,
  count: number,
  room: QuantRoom,
  next: { set: GgufSet; why: MemwellError | string } | undefined,
): string {
  const name = nameOf(set);
  const size = formatBytes(set.size);
  if (count === 1) return `${name} is the only model ${room.place}.`;
  if (room.place !== IN_CACHE && hasBegun(set, room) && room.missingOf(set) > 0)
    return `The download of ${name} (${size}) had begun.`;
  if (next === undefined || typeof next.why !== "string" || isUnquantized(set) !== isUnquantized(next.set))
    return `${name} (${size}) is the best of ${count} ${room.place}, and fits.`;
  return `${name} (${size}) is the best of ${count} ${room.place} that fits: ${nameOf(next.set)} ${next.why}.`;
}

export const IN_CACHE = "in the cache";

function noModel(repo: string): MemwellError {
  return new MemwellError(
    "file_not_found",
    `${repo} has no GGUF model. Choose a repository with GGUF files; their names mostly end in -GGUF.`,
    { repo_id: repo },
  );
}

/** In terms of the smallest that is a model; when none is, of what is wrong with the last. */
function noneFits(
  repo: string,
  room: QuantRoom,
  passedOver: readonly { set: GgufSet; why: MemwellError | string }[],
): MemwellError {
  const weighed = passedOver.filter(({ why }) => typeof why === "string");
  const smallest = weighed.reduce<(typeof weighed)[number] | undefined>(
    (least, other) => (least === undefined || other.set.size < least.set.size ? other : least),
    undefined,
  );
  const last = passedOver.at(-1);
  if (smallest === undefined) return last?.why instanceof MemwellError ? last.why : noModel(repo);
  const { set, why } = smallest;
  const isDisk = room.missingOf(set) > room.diskBytes;
  const advice = isDisk
    ? "Free some with `memwell cache prune`, or choose a smaller model."
    : "Choose a smaller model, or a smaller MEMWELL_CONTEXT_SIZE.";
  return new MemwellError(
    isDisk ? "disk_full" : "memory_exceeded",
    `No model of ${repo} ${room.place} fits: ${nameOf(set)}, the smallest, ${String(why)}. ${advice}`,
    { repo_id: repo, size: set.size, memory_bytes: room.memoryBytes, disk_bytes: isDisk ? room.diskBytes : null },
  );
}

function nameOf({ quant, paths }: GgufSet): string {
  return quant ?? paths[0] ?? "a model";
}
