import {
  applyStorage,
  dryRunStorage,
  emptyStorageTrash,
  listStorageTrash,
  loadConfig,
  PHASES,
  resumeStorage,
  undoStorage,
  type ApplyEvent,
  type AuditPlan,
  type PhaseName,
} from "../runtime";
import { wrongUsage } from "./arguments";
import { applyLines, emptyLines, resumeLines, trashLines, undoLines } from "./audit-apply-view";
import { confirm } from "./confirm";
import { untilInterrupted } from "./interrupt";
import { printable, printJson } from "./output";

export interface ApplyCommandOptions {
  apply?: PhaseName[];
  yes?: boolean;
  publishTo?: string;
  undo?: string | true;
  resume?: boolean;
  trash?: boolean;
  emptyTrash?: boolean;
  top: number;
  json?: boolean;
}

/** `cleanup,shared-cache`, or `all`. */
export function phaseNames(text: string): PhaseName[] {
  if (text === "all") return [...PHASES];
  return text.split(",").map((name) => {
    const phase = PHASES.find((one) => one === name.trim());
    if (phase === undefined) throw wrongUsage(`"${name}" is none of ${PHASES.join(", ")}, all`);
    return phase;
  });
}

/** What is done in the trash alone; false: nothing of it was asked for. */
export async function trashCommand(folder: string, options: ApplyCommandOptions): Promise<boolean> {
  const { undo, resume, trash, emptyTrash, publishTo, json, top } = options;
  const show = (value: unknown, lines: string[]): void => (json ? printJson(value) : print(lines));
  if (trash) show(listStorageTrash(folder), trashLines(listStorageTrash(folder), top));
  else if (undo !== undefined) {
    const id = undo === true ? undefined : undo;
    const result = await untilInterrupted((signal) => undoStorage(folder, id, { signal }), "--undo goes on with it.");
    if (result === undefined) return true;
    show(result, undoLines(result, top));
    if (result.kept.length > 0) process.exitCode = 1;
  } else if (resume) {
    const config = loadConfig(process.env);
    const onEvent = tellSteps;
    const result = await untilInterrupted((signal) => resumeStorage(config, folder, { signal, onEvent, publishTo }));
    if (result !== undefined) show(result, resumeLines(result, top));
  } else if (emptyTrash) await empty(folder, options, show);
  else return false;
  return true;
}

async function empty(
  folder: string,
  { yes }: ApplyCommandOptions,
  show: (value: unknown, lines: string[]) => void,
): Promise<void> {
  const list = listStorageTrash(folder);
  if (list.entries.length > 0 && !yes) {
    print(trashLines(list, list.entries.length));
    if (!(await confirm("Remove all of this for good?"))) return;
  }
  const result = await untilInterrupted(
    (signal) => emptyStorageTrash(folder, { signal }),
    "--resume empties the rest.",
  );
  if (result === undefined) return;
  show(result, emptyLines(result));
  if (result.kept.length > 0) process.exitCode = 1;
}

/** Says what the phases of a plan would do and, once somebody says yes to it, does that. */
export async function applyCommand(plan: AuditPlan, options: ApplyCommandOptions): Promise<void> {
  const config = loadConfig(process.env);
  const choice = { phases: options.apply, publishTo: options.publishTo };
  const { json, yes, top } = options;
  const before = await untilInterrupted((signal) => dryRunStorage(config, plan, { ...choice, signal }), "Nothing was changed."); // prettier-ignore
  if (before === undefined) return;
  if (!yes && json) return printJson(before);
  if (!yes) print(applyLines(before, top));
  const isAnything = before.phases.some(({ steps }) => steps.some(({ outcome }) => outcome === "would"));
  if (!isAnything && yes) return json ? printJson(before) : print(applyLines(before, top));
  if (!isAnything) return;
  if (!yes && !(await confirm("Do this? All of it goes to the trash, and --undo puts it back."))) return;
  const result = await untilInterrupted((signal) => applyStorage(config, plan, { ...choice, signal, onEvent: tellSteps })); // prettier-ignore
  if (result === undefined) return;
  if (json) printJson(result);
  else print(applyLines(result, top));
}

function tellSteps(event: ApplyEvent): void {
  if (event.type !== "step-started" || !process.stderr.isTTY) return;
  const { step, index, nb_steps: count } = event;
  process.stderr.write(`\r\u001b[2K${index + 1} of ${count}: ${printable(`${step.action} ${step.what}`)}`);
  if (index + 1 === count) process.stderr.write("\r\u001b[2K");
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
