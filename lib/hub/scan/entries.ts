import type { Dirent } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { parseRepoFolder } from "../layout";
import { entryOf, readEntry, type EntryReading, type ReadingContext } from "./entry";
import { ScanHelper } from "./helper";

/** The event loop gets a turn after this much work: it is held so long, and as long as one repository takes. */
const TURN_MS = 5;
/** A thread takes some 30 ms to start: fewer repositories are read sooner without it. */
const WORTH_A_HELPER = 100;
/** Repositories handed to the helper at a time: 10 ms of work. */
const SHARE = 12;

/**
 * Reads these entries of the cache folder; answers in their order. The helper reads from the end, until both meet: with a
 * free core a large scan takes two thirds of the time, without one a little longer.
 */
export async function readEntries(
  entries: readonly Dirent[],
  context: ReadingContext,
  helperScript: string | null,
): Promise<EntryReading[]> {
  const readings = new Map<Dirent, EntryReading>();
  const readHere = (entry: Dirent) => void readings.set(entry, readEntry(entry, context));
  const mayBeHelped = (entry: Dirent) =>
    entry.isDirectory() && parseRepoFolder(entry.name) !== null && !context.repos.knows(join(context.root, entry.name));
  const [forBoth, onlyHere] = partition(entries, mayBeHelped);

  const helper =
    helperScript === null || forBoth.length < WORTH_A_HELPER
      ? null
      : new ScanHelper(helperScript, context, {
          take: () => forBoth.splice(-SHARE),
          give: (entry, reading) => void readings.set(entry, entryOf(join(context.root, entry.name), reading)),
        });
  try {
    await inTurns(onlyHere, readHere);
    await inTurns(forBoth, readHere);
    await inTurns((await helper?.end()) ?? [], readHere);
  } finally {
    helper?.stop();
  }
  return entries.flatMap((entry) => readings.get(entry) ?? []);
}

/** Takes from the front of `entries` until there are none; the event loop gets its turns meanwhile. */
async function inTurns(entries: Dirent[], read: (entry: Dirent) => void): Promise<void> {
  let turnBegan = -Infinity;
  while (entries.length > 0) {
    if (performance.now() - turnBegan > TURN_MS) {
      await setImmediate();
      turnBegan = performance.now();
    }
    const entry = entries.shift();
    if (entry !== undefined) read(entry);
  }
}

function partition(entries: readonly Dirent[], belongs: (entry: Dirent) => boolean): [Dirent[], Dirent[]] {
  const parts: [Dirent[], Dirent[]] = [[], []];
  for (const entry of entries) parts[belongs(entry) ? 0 : 1].push(entry);
  return parts;
}
