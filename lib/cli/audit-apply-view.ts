import type { ApplyResult, EmptyResult, ResumeResult, StepResult, TrashList, UndoResult } from "../runtime";
import { bytes, more, part, table } from "./audit-table";
import { printable, timeText } from "./output";

/** What was, or would be, carried out of a plan: by phase, by step. `top`: lines of each list. */
export function applyLines(result: ApplyResult, top: number): string[] {
  const { is_dry_run: isDryRun, phases, id } = result;
  const steps = phases.flatMap(({ steps }) => steps);
  const going = steps.filter(({ outcome }) => outcome === "would" || outcome === "done");
  const staying = steps.filter(({ outcome }) => outcome === "left-alone" || outcome === "cancelled");
  return [
    isDryRun ? "What would be done" : "What was done",
    ...table(phaseRows(result), [1, 2, 3, 4, 5]),
    ...part(isDryRun ? "Would go to the trash" : "In the trash", table(stepRows(going.slice(0, top)), [1, 2])),
    ...more(going.length - top, "steps"),
    ...part("Left alone", table(stayingRows(staying.slice(0, top)), [])),
    ...more(staying.length - top, "of these"),
    "",
    isDryRun
      ? "Nothing was done: --yes does it."
      : id === null
        ? "Nothing was moved."
        : `--undo ${id} puts it all back; --empty-trash removes it for good, and only then the disk has more room.`,
  ];
}

/** A symbolic link in place of what only moves on the disk takes a little of it. */
const signed = (count: number): string => (count < 0 ? `-${bytes(-count)}` : bytes(count));

function phaseRows({ phases, is_dry_run: isDryRun, ...sums }: ApplyResult): string[][] {
  const row = (
    name: string,
    { planned, expected, achieved }: Pick<ApplyResult, "planned" | "expected" | "achieved">,
  ) => [
    name,
    bytes(planned.apparent_size),
    bytes(expected.apparent_size),
    signed(expected.size_on_disk),
    ...(isDryRun ? [] : [bytes(achieved.apparent_size), signed(achieved.size_on_disk)]),
  ];
  const head = ["PHASE", "PLANNED", "EXPECTED", "ON DISK", ...(isDryRun ? [] : ["ACHIEVED", "ON DISK"])];
  return [head, ...phases.map((phase) => row(phase.phase, phase)), row("together", sums)];
}

function stepRows(steps: readonly StepResult[]): string[][] {
  if (steps.length === 0) return [];
  const rows = steps.map(({ action, outcome, expected, achieved, what }) => {
    const { apparent_size: size, size_on_disk: onDisk } = outcome === "done" ? achieved : expected;
    return [action, bytes(size), signed(onDisk), what];
  });
  return [["STEP", "SIZE", "ON DISK", "PATH"], ...rows];
}

function stayingRows(steps: readonly StepResult[]): string[][] {
  if (steps.length === 0) return [];
  const why = ({ outcome, reason }: StepResult): string => (outcome === "cancelled" ? "it was stopped before" : (reason ?? "")); // prettier-ignore
  return [["STEP", "PATH", "WHY"], ...steps.map((step) => [step.action, step.what, why(step)])];
}

export function trashLines({ entries, folder }: TrashList, top: number): string[] {
  if (entries.length === 0) return [printable(`The trash of ${folder} is empty.`)];
  const rows = entries
    .slice(0, top)
    .map(({ id, at, state, interrupted, apparent_size, size_on_disk, steps }) => [
      id,
      timeText(at * 1000),
      interrupted === null ? state : `${interrupted} interrupted`,
      bytes(apparent_size),
      bytes(size_on_disk),
      String(steps.length),
    ]);
  return [...table([["ID", "BEGUN", "STATE", "SIZE", "ON DISK", "STEPS"], ...rows], [3, 4, 5]), ...more(entries.length - top, "of these")]; // prettier-ignore
}

export function undoLines({ id, restored, kept }: UndoResult, top: number): string[] {
  return [`${restored.length} paths of ${id} are back in their places.`, ...keptLines(kept, top)];
}

function keptLines(kept: UndoResult["kept"], top: number): string[] {
  const rows = kept.slice(0, top).map(({ path, reason }) => [path, reason]);
  return [...part("Still in the trash", table(rows, [])), ...more(kept.length - top, "of these")];
}

export function emptyLines({ nb_files: count, size_on_disk: onDisk, kept }: EmptyResult): string[] {
  return [`${count} files were removed; the disk has ${bytes(onDisk)} more room.`, ...keptLines(kept, kept.length)];
}

export function resumeLines(result: ResumeResult | null, top: number): string[] {
  if (result === null) return ["Nothing was interrupted."];
  const { id, resumed, applied, restored, kept, freed_size_on_disk: freed } = result;
  if (resumed === "empty")
    return [`${id} is emptied: the disk has ${bytes(freed)} more room.`, ...keptLines(kept, top)];
  if (resumed === "undo") return undoLines({ id, restored, kept }, top);
  const rows = applied.slice(0, top).map(({ outcome, what, reason }) => [outcome, what, reason ?? ""]);
  return [`${id} is whole: --undo ${id} puts it back.`, ...part("Done now", table(rows, [])), ...keptLines(kept, top)];
}
