import { MemwellError } from "../../errors";
import { joined, toText, type BytePath } from "../walk/byte-path";
import type { ApplyEvent, Sizes, StepResult } from "./contract";
import { isSystemError } from "./disk";
import type { Entry } from "./entry";
import { prepareCache, putInCache } from "./put-in-cache";
import { putInManifest } from "./put-in-manifest";
import { putLinks } from "./put-link";
import { publishFiles } from "./publish-step";
import { diskFull, isFull, LeftAlone, refusalOf } from "./reasons";
import type { Prepared, Run } from "./run";
import { takeBackStep } from "./take-back";
import { addTo, difference, noSizes } from "./weigher";

type Tell = (event: ApplyEvent) => void;

/**
 * Carries out a step wholly, or puts back what of it was begun. Answers what it has freed.
 *
 * @throws LeftAlone with why it is not done; MemwellError `disk_full` when nothing more can be written
 */
export async function carryOut(run: Run, entry: Entry, prepared: Prepared, tell: Tell): Promise<Sizes> {
  const { step } = prepared;
  // What takes long comes before anything is moved.
  const files = prepared.follow?.type === "publish" ? await publishFiles(run, step, prepared.moves) : null;
  const cache = prepared.follow?.type === "cache" ? await prepareCache(run, entry, prepared) : null;
  const lock = prepared.lock?.() ?? null;
  if (lock !== null && "reason" in lock) throw new LeftAlone(lock.reason);
  try {
    entry.journal.append({ type: "step", id: step.id, staging: cache?.staged ?? null });
    const weigher = run.achieved.copy();
    const moved = await moveAll(run, entry, prepared, weigher, tell);
    const left = noSizes();
    const { follow } = prepared;
    if (follow?.type === "link") addTo(left, putLinks(entry, step.id, moved, follow));
    if (cache !== null) addTo(left, await putInCache(entry, step.id, moved, cache));
    const manifest = follow?.type === "manifest" ? follow.files : files;
    if (manifest !== null) putInManifest(run, entry, step.id, manifest);
    entry.journal.append({ type: "step-done", id: step.id });
    run.achieved = weigher;
    return difference(moved.sizes, left);
  } catch (thrown) {
    throw putBack(entry, step.id, thrown);
  } finally {
    lock?.release();
  }
}

export interface Moved {
  sizes: Sizes;
  /** Where each lay, from the folder on, and where it lies now. */
  paths: { path: BytePath; kept: BytePath }[];
}

async function moveAll(
  run: Run,
  entry: Entry,
  { step, moves }: Prepared,
  weigher: Prepared["weigher"],
  tell: Tell,
): Promise<Moved> {
  const moved: Moved = { sizes: noSizes(), paths: [] };
  for (const path of moves) {
    const sizes = await run.lookAt(joined(run.root.path, path), weigher.copy());
    const kept = entry.move(step.id, path, sizes, run.since);
    // Whoever changed or opened it in the last moment has it back.
    addTo(moved.sizes, await run.lookAt(kept, weigher));
    moved.paths.push({ path, kept });
    tell({ type: "path-moved", step_id: step.id, path: toText(path), achieved: { ...moved.sizes } });
  }
  return moved;
}

/** What is to be thrown once a step that failed is put back. Any other error is an end in the midst, as a crash is. */
function putBack(entry: Entry, step: string, thrown: unknown): unknown {
  const isRefusal = isSystemError(thrown);
  if (!isRefusal && !(thrown instanceof LeftAlone) && !(thrown instanceof MemwellError)) return thrown;
  const problems = takeBackStep(entry, step);
  const why = isRefusal ? refusalOf(thrown) : thrown instanceof LeftAlone ? thrown.reason : thrown.message;
  const reason = [why, ...problems.map((problem) => `not put back: ${problem}`)].join("; ");
  if (isFull(thrown)) return diskFull(entry.root.path, thrown);
  try {
    entry.journal.append({ type: "step-left", id: step, reason });
  } catch (again) {
    return isFull(again) ? diskFull(entry.root.path, again) : again;
  }
  return new LeftAlone(reason);
}

/** Of a step that is not, or not yet, carried out. */
export function resultOf(
  { step, moves, expected }: Pick<Prepared, "step" | "moves" | "expected">,
  outcome: StepResult["outcome"],
  reason: string | null = null,
): StepResult {
  const { id, phase, action, what } = step;
  const paths = moves.map(toText);
  return { id, phase, action, what, outcome, reason, paths, expected, achieved: noSizes() };
}
