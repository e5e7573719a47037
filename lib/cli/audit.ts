import type { Command } from "commander";
import {
  auditFolder,
  checkHub,
  costOf,
  gitHygiene,
  loadConfig,
  markOnHub,
  planStorage,
  storageProfiles,
  type AuditReport,
} from "../runtime";
import { applyCommand, phaseNames, trashCommand, type ApplyCommandOptions } from "./audit-apply";
import { positiveNumber, size, wholeNumber, wrongUsage } from "./arguments";
import { costLines } from "./audit-cost-view";
import { gitLines } from "./audit-git-view";
import { planLines } from "./audit-plan-view";
import { profileLines } from "./audit-profiles-view";
import { auditLines, noteLines } from "./audit-view";
import { untilInterrupted } from "./interrupt";
import { printable, printJson } from "./output";

interface AuditCommandOptions extends ApplyCommandOptions {
  depth?: number;
  from?: number;
  crossMounts?: boolean;
  plan?: boolean;
  rules?: string;
  cost?: boolean;
  profiles?: boolean;
  checkHub?: boolean;
}

const HELP = `
Nothing is changed without --yes. Sizes are told twice: SIZE is what the lengths of files say, ON DISK what the disk gave them. Each file
counts once, whatever hard links and symbolic links lead to it; links are not followed.

--json prints an object with: total, sections (each with its kinds), models, hub_caches, duplicates (same_bytes, same_model,
near_base), findings (mark "act-now" or "look", cause, path, reason, paths, sizes, times), large_files, empty_folders, tree,
notes. With --plan it is the plan: phases (each with its steps and the size after it), kept, left_alone, git (missing_lines,
history; null for what is no repository), with --cost also cost. With --profiles it is a list of the profiles. Sizes are
bytes, times seconds since 1970, paths are from the folder on; "version" grows when a field changes its meaning.

--apply moves into FOLDER/.memwell-trash, on the same disk: the disk has more room once that is emptied. What has changed
since the plan was made, is open in a program, lies on another disk or is git's own is left alone, and said. Only one apply
runs in a folder at a time; one that was killed at any point is gone on with by --resume, or taken back by --undo.

Exit codes: 0 the audit is complete, 1 there is no such folder or file of rules, 2 wrong usage, 130 stopped by Ctrl+C.`;

/** `memwell audit`. */
export function addAuditCommand(program: Command): void {
  program
    .command("audit")
    .description("how large a folder is and why: its models, what is there twice, and what to look at")
    .argument("[folder]", "which", ".")
    .option("--top <number>", "lines of each list", positiveNumber, 15)
    .option("--depth <number>", "levels of folders shown (default: 2; with --json all)", wholeNumber)
    .option("--from <size>", "look into files of this size on, and compare them (default: 64KiB)", size)
    .option("--cross-mounts", "also into other disks that are mounted in it")
    .option("--plan", "instead: what could be done about it, phase by phase; nothing is done")
    .option(
      "--rules <file>",
      "for the plan: what to keep and what may go (default: memwell-storage.json in the folder)",
    )
    .option("--cost", "with --plan: what the bytes cost a month before and after, here and elsewhere")
    .option("--profiles", "instead: what a copy for development, mobile, desktop or cloud would hold")
    .option("--check-hub", "ask the Hub which models it has under the same sha256 (needs the network)")
    .option(
      "--apply <phases>",
      "what of the plan is to be done: cleanup, external-storage, shared-cache, all; says what it would do, and asks",
      phaseNames,
    ) // prettier-ignore
    .option("--yes", "do it without asking")
    .option("--publish-to <ORG/NAME>", "where on the Hub what is only here is uploaded before it leaves (private)")
    .option("--trash", "instead: what lies in the folder's trash")
    .option("--undo [id]", "instead: put back what was applied last, or with this id")
    .option("--resume", "instead: go on with what was interrupted")
    .option("--empty-trash", "instead: remove for good what lies in the trash")
    .option("--json", "print JSON, with all of each list")
    .addHelpText("after", HELP)
    .action(audit);
}

const STEPS = {
  walk: "Looking through the folders ...",
  headers: "Reading the headers of models ...",
  duplicates: "Comparing files of the same length ...",
  models: "Comparing models of the same shape ...",
};

async function audit(folder: string, options: AuditCommandOptions): Promise<void> {
  if (options.cost && !options.plan && options.rules === undefined) throw wrongUsage("--cost is for --plan");
  if (await trashCommand(folder, options)) return;
  const applied = await untilInterrupted(async (signal) => {
    const report = await read(folder, options, signal);
    if (options.apply !== undefined) return planStorage(loadConfig(process.env), report, options.rules);
    if (options.profiles) return printProfiles(report, options);
    if (options.plan || options.rules !== undefined) return printPlan(report, options, signal);
    if (options.json) return printJson(report);
    print(report, options.top);
  }, "Nothing was changed.");
  if (applied !== undefined) await applyCommand(applied, options);
}

async function read(folder: string, options: AuditCommandOptions, signal: AbortSignal): Promise<AuditReport> {
  const showsSteps = process.stderr.isTTY;
  const show = (step: string): void => void (showsSteps && process.stderr.write(`\r\u001b[2K${step}`));
  try {
    const report = await auditFolder(folder, {
      signal,
      crossMounts: options.crossMounts,
      leastSize: options.from,
      depth: options.depth ?? (options.json ? undefined : 2),
      onStep: (step) => show(STEPS[step]),
    });
    if (!options.checkHub) return report;
    const check = await checkHub(loadConfig(process.env), report, {
      signal,
      onRepo: (repo) => show(`Asking the Hub for ${printable(repo)} ...`),
    });
    show("");
    for (const { repo, error } of check.asked)
      if (error !== null) process.stderr.write(`${printable(`${repo}: ${error}`)}\n`);
    return markOnHub(report, check);
  } finally {
    show("");
  }
}

async function printPlan(report: AuditReport, options: AuditCommandOptions, signal: AbortSignal): Promise<void> {
  const plan = planStorage(loadConfig(process.env), report, options.rules);
  const git = await gitHygiene(report, plan, { signal });
  const cost = options.cost ? costOf(plan) : null;
  if (options.json) return printJson({ ...plan, git, ...(cost === null ? {} : { cost }) });
  const lines = [
    ...planLines(plan, options.top),
    ...gitLines(git, options.top),
    ...(cost === null ? [] : costLines(cost)),
    "",
    "Nothing was done: this is a plan to read. --apply PHASE carries it out.",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}

function printProfiles(report: AuditReport, options: AuditCommandOptions): void {
  const profiles = storageProfiles(loadConfig(process.env), report, options.rules);
  if (options.json) return printJson(profiles);
  process.stdout.write(`${profileLines(profiles, options.top).join("\n")}\n`);
}

function print(report: AuditReport, top: number): void {
  process.stdout.write(`${auditLines(report, top).join("\n")}\n`);
  for (const line of noteLines(report, top)) process.stderr.write(`${line}\n`);
}
