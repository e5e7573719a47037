import type { Command } from "commander";
import { auditFolder, loadConfig, planStorage, type AuditReport } from "../runtime";
import { positiveNumber, size, wholeNumber } from "./arguments";
import { planLines } from "./audit-plan-view";
import { auditLines, noteLines } from "./audit-view";
import { untilInterrupted } from "./interrupt";
import { printJson } from "./output";

interface AuditCommandOptions {
  top: number;
  depth?: number;
  from?: number;
  crossMounts?: boolean;
  plan?: boolean;
  rules?: string;
  json?: boolean;
}

const HELP = `
Nothing is changed. Sizes are told twice: SIZE is what the lengths of files say, ON DISK what the disk gave them. Each file
counts once, whatever hard links and symbolic links lead to it; links are not followed.

--json prints an object with: total, sections (each with its kinds), models, hub_caches, duplicates (same_bytes, same_model,
near_base), findings (mark "act-now" or "look", cause, path, reason, paths, sizes, times), large_files, empty_folders, tree,
notes. With --plan it is the plan: phases (each with its steps and the size after it), kept, left_alone. Sizes are bytes,
times seconds since 1970, paths are from the folder on; "version" grows when a field changes its meaning.

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
  const showsSteps = process.stderr.isTTY;
  const report = await untilInterrupted(
    (signal) =>
      auditFolder(folder, {
        signal,
        crossMounts: options.crossMounts,
        leastSize: options.from,
        depth: options.depth ?? (options.json ? undefined : 2),
        onStep: (step) => void (showsSteps && process.stderr.write(`\r\u001b[2K${STEPS[step]}`)),
      }),
    "Nothing was changed.",
  ).finally(() => showsSteps && process.stderr.write("\r\u001b[2K"));
  if (report === undefined) return;
  if (options.plan || options.rules !== undefined) {
    const plan = planStorage(loadConfig(process.env), report, options.rules);
    if (options.json) printJson(plan);
    else process.stdout.write(`${planLines(plan, options.top).join("\n")}\n`);
    return;
  }
  if (options.json) return printJson(report);
  print(report, options.top);
}

function print(report: AuditReport, top: number): void {
  process.stdout.write(`${auditLines(report, top).join("\n")}\n`);
  for (const line of noteLines(report, top)) process.stderr.write(`${line}\n`);
}
