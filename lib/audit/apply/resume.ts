import { joined, toText } from "../walk/byte-path";
import type { ApplyOptions, EmptyResult, ResumeResult } from "./contract";
import { Disk } from "./disk";
import { emptyEntry } from "./empty";
import { Entry, JOURNAL } from "./entry";
import { historyOf, interruptionOf } from "./history";
import { readJournal } from "./journal";
import { OpenFileWatch } from "./open-inodes";
import { removeEntry } from "./remove-entry";
import { openRoot } from "./root";
import { Run } from "./run";
import { runSteps } from "./run-steps";
import { takeBackStep } from "./take-back";
import { Trash } from "./trash";
import { undoEntry } from "./undo";

type ResumeOptions = Pick<ApplyOptions, "signal" | "onEvent" | "helpers" | "onChange">;

/**
 * Goes on with what was interrupted: an apply with the step it was at, from that step's beginning; an undo or an emptying with
 * what is left. Null when nothing was.
 *
 * @throws MemwellError `not_found`, `conflict` when another one runs, `disk_full`
 */
export async function resumeApply(folder: string, options: ResumeOptions = {}): Promise<ResumeResult | null> {
  const trash = new Trash(openRoot(folder), new Disk(options.onChange));
  if (trash.ids().every((id) => doingOf(trash, id) === null)) return null;
  const lock = trash.lock();
  try {
    const id = trash.ids().find((one) => doingOf(trash, one) !== null);
    return id === undefined ? null : await resumeEntry(trash, id, options);
  } finally {
    lock.release();
  }
}

/** "begin": it was killed before anything was written down, and so before anything was moved. */
function doingOf(trash: Trash, id: string): "begin" | "apply" | "undo" | "empty" | null {
  const history = historyOf(readJournal(joined(joined(trash.path, id), JOURNAL)));
  return history.begin === null ? "begin" : interruptionOf(history);
}

async function resumeEntry(trash: Trash, id: string, options: ResumeOptions): Promise<ResumeResult> {
  const doing = doingOf(trash, id);
  const result: ResumeResult = { id, resumed: "apply", applied: [], restored: [], kept: [], freed_size_on_disk: 0 };
  if (doing === "empty") {
    const emptied: EmptyResult = { ids: [], nb_files: 0, apparent_size: 0, size_on_disk: 0, kept: [] };
    await emptyEntry(trash, id, { signal: options.signal }, emptied);
    return { ...result, resumed: "empty", kept: emptied.kept, freed_size_on_disk: emptied.size_on_disk };
  }
  const entry = Entry.open(trash.root, joined(trash.path, id), trash.disk);
  try {
    if (doing === "undo") {
      const { restored, kept } = await undoEntry(entry, id, { signal: options.signal });
      if (kept.length === 0) await removeEntry(trash, entry);
      return { ...result, resumed: "undo", restored, kept };
    }
    if (doing === "begin") await removeEntry(trash, entry);
    else await goOn(entry, options, result);
    return result;
  } finally {
    entry.close();
  }
}

async function goOn(entry: Entry, options: ResumeOptions, result: ResumeResult): Promise<void> {
  const { history, journal, root } = entry;
  const { begin, openStep } = history;
  if (begin === null) return;
  if (openStep !== null) {
    const problems = takeBackStep(entry, openStep);
    if (problems.length > 0) {
      const reason = problems.join("; ");
      journal.append({ type: "step-left", id: openStep, reason });
      history.stepsLeft.set(openStep, reason);
      result.kept.push({ path: toText(root.path), reason });
    }
  }
  const isLeft = ({ id }: { id: string }): boolean => !history.stepsDone.has(id) && !history.stepsLeft.has(id);
  const steps = begin.steps.filter(isLeft);
  const { helpers = {}, signal, onEvent } = options;
  const run = new Run(root, entry.touched, new OpenFileWatch(), helpers, signal, begin.taken_at);
  result.applied = await runSteps(run, steps, entry, onEvent);
  journal.append({ type: "end" });
}
