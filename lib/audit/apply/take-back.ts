import { toText } from "../walk/byte-path";
import { isInCache, isUsedByOthers } from "./cache-name";
import { identityOf, isSystemError, statOf } from "./disk";
import type { Entry } from "./entry";
import type { KnownChange } from "./history";
import { isFull, refusalOf } from "./reasons";
import { isPlain, objectionTo, parentOf } from "./root";

/** Null: what it changed is as it was. Otherwise why it is not. */
type Answer = string | null;

/** Takes one change back, unless the disk says that it never was, or is taken back already. Throws no refusal of a disk. */
export function takeBack(entry: Entry, change: KnownChange): Answer {
  if (change.isUndone) return null;
  try {
    const objection = mayBeTakenBack(entry, change);
    if (objection !== null) return objection;
    return change.line.type === "move" ? putBack(entry, change) : takeAway(entry, change);
  } catch (thrown) {
    if (!isSystemError(thrown)) throw thrown;
    return refusalOf(thrown);
  }
}

/** A journal may come with a stranger's folder: it leads to nowhere else. */
function mayBeTakenBack({ root }: Entry, { line }: KnownChange): Answer {
  const isStaged = line.type === "place" && line.staged !== null;
  if (!line.is_outside && (isStaged || !isPlain(line.path))) return "its journal leads out of the folder";
  if (!line.is_outside) return objectionTo(root, line.path);
  const isOurs = line.type === "place" && line.staged !== null && isInCache(line.path, line.staged);
  return isOurs ? null : "its journal leads out of the folder";
}

function putBack(entry: Entry, change: KnownChange): Answer {
  const { line } = change;
  const [kept, place] = [entry.keptAt(line), entry.placeOf(line)];
  const stands = statOf(place);
  if (statOf(kept) === null && stands === null) return "it is not in the trash any more";
  if (statOf(kept) === null) return finish(entry, change);
  if (stands !== null) return "something else stands in its place now: move that away, then undo again";
  return renameBack(entry, change, kept, place);
}

/** What was put in place goes, unless somebody has changed or replaced it. */
function takeAway(entry: Entry, change: KnownChange): Answer {
  const { line } = change;
  if (line.type !== "place") return null;
  const [kept, place] = [entry.keptAt(line), entry.placeOf(line)];
  const stats = statOf(place);
  if (stats === null || identityOf(stats) !== line.identity) return finish(entry, change);
  const isChanged = String(stats.mtimeNs) !== line.mtime || String(stats.size) !== line.size;
  if (isChanged && !stats.isDirectory()) return "what was put in its place has been changed since, and stays";
  if (line.is_outside && stats.isDirectory() && isUsedByOthers(place, entry.root.path)) return null;
  if (statOf(kept) !== null) return "its place in the trash is taken";
  return renameBack(entry, change, place, kept);
}

function renameBack(entry: Entry, change: KnownChange, from: string, to: string): null {
  const { line, parentAfter } = change;
  const parent = statOf(parentOf(entry.placeOf(line)));
  // Where somebody has changed the folder since, its time is theirs.
  const restore = parentAfter === null || String(parent?.mtimeNs) === parentAfter;
  change.undoing = { restore };
  note(entry, { type: "undoing", n: line.n, restore });
  entry.disk.rename(from, to);
  return finish(entry, change);
}

/** Of what has gone back, or never went. */
function finish(entry: Entry, change: KnownChange): null {
  const { line, undoing } = change;
  if (undoing?.restore === true && !line.is_outside)
    entry.disk.setModified(parentOf(entry.placeOf(line)), BigInt(line.parent.mtime));
  note(entry, { type: "undone", n: line.n });
  change.isUndone = true;
  return null;
}

/** The disk tells what has happened: where nothing more can be written, what can go back does. */
function note(entry: Entry, line: Parameters<Entry["journal"]["append"]>[0]): void {
  try {
    entry.journal.append(line);
  } catch (thrown) {
    if (!isFull(thrown)) throw thrown;
  }
}

/** Takes back what a step has changed, the last first. Answers why something could not be. */
export function takeBackStep(entry: Entry, step: string): string[] {
  const changes = entry.history.changes.filter(({ line }) => line.step === step);
  return changes.reverse().flatMap((change) => {
    const reason = takeBack(entry, change);
    return reason === null ? [] : [`${toText(change.line.path)}: ${reason}`];
  });
}
