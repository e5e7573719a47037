import {
  loadConfig,
  type CacheRequest,
  type CleaningProgress,
  type ExecutedPlan,
  type HubCache,
  type Plan,
} from "../runtime";
import { confirm } from "./confirm";
import { untilInterrupted } from "./interrupt";
import { openCache } from "./open-cache";
import { bytes, printable, printJson, printTable } from "./output";
import { TransferBar } from "./transfer-bar";

export interface CleanOptions {
  cacheDir?: string;
  dryRun?: boolean;
  yes?: boolean;
  json?: boolean;
}

/**
 * Plans, shows, asks, executes. Nothing is removed with `--dry-run`, nor without a yes: from `--yes`, or from whoever sits at
 * the terminal. Exit code 1 when something of the plan is still there.
 */
export async function clean(request: CacheRequest, options: CleanOptions): Promise<void> {
  await openCache(loadConfig(process.env), options.cacheDir, async (cache) => {
    const plan = await cache.plan(request);
    const isNothing = plan.items.length === 0;
    // With --json, what stands on standard output is one JSON value; somebody who is asked must see the plan all the same.
    if (!options.json) printPlan(plan, process.stdout);
    else if (!options.dryRun && !options.yes && !isNothing) printPlan(plan, process.stderr);
    if (options.dryRun || isNothing) return options.json ? printJson(plan) : undefined;
    if (!options.yes && !(await confirm(`Remove ${bytes(plan.expected_freed_size)}?`))) {
      process.stderr.write("Nothing was removed.\n");
      process.exitCode = 1;
      return options.json ? printJson(plan) : undefined;
    }
    const executed = await apply(cache, request, plan);
    if (executed === undefined) return;
    if (options.json) printJson(executed);
    else printExecuted(executed);
    if (executed.kept.length > 0) process.exitCode ??= 1;
  });
}

/** Undefined when it was interrupted before there was anything to tell. */
async function apply(cache: HubCache, request: CacheRequest, plan: Plan): Promise<ExecutedPlan | undefined> {
  const bar = new TransferBar();
  const onProgress = (progress: CleaningProgress): void => {
    const { nb_files: files, total_files: total, freed_size: done, expected_freed_size: size } = progress;
    bar.update({ done, total: size, label: `${files} of ${total} files removed` });
  };
  try {
    return await untilInterrupted((signal) => cache.apply(request, plan.id, { signal, onProgress }));
  } finally {
    bar.end();
  }
}

function printPlan(plan: Plan, output: NodeJS.WriteStream): void {
  for (const warning of plan.warnings) process.stderr.write(`${printable(warning)}\n`);
  if (plan.items.length === 0) {
    output.write("Nothing to remove.\n");
    return;
  }
  const rows = plan.items.map((item) => [
    item.kind.replace("_", " "),
    [item.repo_id ?? item.paths[0] ?? "", item.commit_hash?.slice(0, 12), item.file].filter(Boolean).join(" "),
    bytes(item.freed_size),
    item.reason,
  ]);
  printTable([["WHAT", "OF", "FREES", "WHY"], ...rows], output);
  output.write(`\n${bytes(plan.expected_freed_size)} in all\n`);
}

function printExecuted(executed: ExecutedPlan): void {
  process.stdout.write(`${bytes(executed.freed_size)} freed\n`);
  for (const warning of executed.warnings) process.stderr.write(`${warning}\n`);
  for (const { item, reason } of executed.kept) {
    process.stderr.write(`Kept ${item.repo_id ?? item.paths[0] ?? item.kind}: ${reason}\n`);
  }
}
