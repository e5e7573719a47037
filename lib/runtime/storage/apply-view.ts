import type { ApplyResult, EmptyResult, ResumeResult, StepResult, TrashList, UndoResult } from "../../audit";
import type { StorageApplied, StorageEmptied, StorageRestored, StorageResumed, StorageTrash } from "./contract";
import { shorten, shortenTo, withFewPaths } from "./shorten";

const MOST_STEPS = 500;
const MOST_KEPT = 100;
const MOST_ENTRIES = 50;

/** What the page shows of an apply, or of a dry run. Pure. */
export function appliedView({ folder: _, phases, ...rest }: ApplyResult): StorageApplied {
  return {
    ...rest,
    phases: phases.map(({ steps, ...phase }) => ({ ...phase, steps: shortenTo(steps, MOST_STEPS, withFewPaths) })),
  };
}

export function trashView({ folder: _, entries, ...sums }: TrashList): StorageTrash {
  return {
    ...sums,
    entries: shortenTo(entries, MOST_ENTRIES, ({ steps, ...entry }) => ({
      ...entry,
      steps: shortenTo(steps, MOST_KEPT, withFewPaths),
    })),
  };
}

export function restoredView({ id, restored, kept }: UndoResult): StorageRestored {
  return { id, nb_restored: restored.length, kept: shorten(kept, MOST_KEPT) };
}

export function resumedView({ applied, resumed, freed_size_on_disk, ...rest }: ResumeResult): StorageResumed {
  const notDone = applied.filter(({ outcome }) => outcome !== "done").map(leftAlone);
  const restored = restoredView({ ...rest, kept: [...rest.kept, ...notDone] });
  return { ...restored, resumed, freed_size_on_disk };
}

export function emptiedView({ kept, ...rest }: EmptyResult): StorageEmptied {
  return { ...rest, kept: shorten(kept, MOST_KEPT) };
}

function leftAlone({ what, reason }: StepResult): { path: string; reason: string } {
  return { path: what, reason: reason ?? "it was not done" };
}
