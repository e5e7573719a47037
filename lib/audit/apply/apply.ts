import { MemwellError } from "../../errors";
import type { AuditPlan } from "../plan/contract";
import { fromReport, joined, toText } from "../walk/byte-path";
import { chosenSteps } from "./choose";
import type { ApplyOptions, ApplyResult } from "./contract";
import { Disk, isSystemError } from "./disk";
import { Entry, JOURNAL } from "./entry";
import { historyOf, interruptionOf } from "./history";
import { readJournal } from "./journal";
import type { BeginLine, JournalStep } from "./journal-lines";
import { OpenFileWatch } from "./open-inodes";
import { diskFull, isFull } from "./reasons";
import { resultOfAll } from "./results";
import { openRoot, type Root } from "./root";
import { Run } from "./run";
import { runSteps } from "./run-steps";
import { Touched } from "./touched";
import { Trash } from "./trash";

/** What would happen now; nothing is changed. @throws MemwellError `not_found`, `invalid_request` */
export async function dryRun(plan: AuditPlan, options: ApplyOptions = {}): Promise<ApplyResult> {
  const root = openRoot(plan.folder, fromReport);
  const steps = chosenSteps(plan, options);
  const results = await runSteps(runOf(root, plan, options, new Touched()), steps, null);
  return resultOfAll(root, plan, { id: null, isDryRun: true, steps, results });
}

/**
 * Carries out what was chosen of a plan; each step wholly or not at all.
 *
 * @throws MemwellError `not_found`, `conflict` when another apply runs or was interrupted, `disk_full`, `invalid_request`
 */
export async function applyPlan(plan: AuditPlan, options: ApplyOptions = {}): Promise<ApplyResult> {
  const root = openRoot(plan.folder, fromReport);
  const steps = chosenSteps(plan, options);
  const trash = new Trash(root, new Disk(options.onChange));
  refuseInterrupted(trash);
  const before = await dryRun(plan, options);
  const tell = options.onEvent ?? (() => undefined);
  const nothing = before.phases.every((phase) => phase.steps.every(({ outcome }) => outcome !== "would"));
  if (nothing) {
    tell({ type: "apply-started", id: null, nb_steps: steps.length, expected: before.expected });
    const result = { ...before, is_dry_run: false };
    for (const step of result.phases.flatMap((phase) => phase.steps))
      tell({ type: "step-ended", result: step, achieved: before.achieved });
    tell({ type: "apply-ended", result });
    return result;
  }
  const folderMtime = trash.make();
  const lock = trash.lock();
  let id: string | null = null;
  try {
    refuseInterrupted(trash);
    id = trash.makeEntry();
    const entry = Entry.open(root, joined(trash.path, id), trash.disk);
    try {
      entry.journal.append(beginLine(plan, steps, folderMtime));
      tell({ type: "apply-started", id, nb_steps: steps.length, expected: before.expected });
      const results = await runSteps(runOf(root, plan, options, entry.touched), steps, entry, tell);
      entry.journal.append({ type: "end" });
      const result = resultOfAll(root, plan, { id, isDryRun: false, steps, results });
      tell({ type: "apply-ended", result });
      return result;
    } finally {
      entry.close();
    }
  } catch (thrown) {
    throw isSystemError(thrown) && isFull(thrown) ? diskFull(root.path, thrown) : thrown;
  } finally {
    lock.release();
  }
}

function runOf(root: Root, plan: AuditPlan, options: ApplyOptions, touched: Touched): Run {
  return new Run(root, touched, new OpenFileWatch(), options.helpers ?? {}, options.signal, plan.taken_at);
}

function beginLine(
  { id: plan_id, taken_at }: AuditPlan,
  steps: JournalStep[],
  folder_mtime: BeginLine["folder_mtime"],
): BeginLine {
  return { type: "begin", version: 1, at: Date.now() / 1000, plan_id, taken_at, steps, folder_mtime };
}

/** Two half-done applies could not be told apart by what the disk says. */
export function refuseInterrupted(trash: Trash): void {
  const isOpen = (id: string): boolean =>
    interruptionOf(historyOf(readJournal(joined(joined(trash.path, id), JOURNAL)))) !== null;
  const id = trash.ids().find(isOpen);
  if (id === undefined) return;
  throw new MemwellError(
    "conflict",
    `What was begun in ${toText(trash.root.path)} (${id}) was interrupted: --resume goes on with it, --undo ${id} goes back.`,
    { folder: toText(trash.root.path), id },
  );
}
