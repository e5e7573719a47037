import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstatSync, lutimesSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { onTestFinished } from "vitest";
import { readCacheView } from "../../../../lib/hub/clean/inventory";
import type { CacheView, ExecutedPlan, Plan } from "../../../../lib/hub/clean/contract";
import { executePlan } from "../../../../lib/hub/clean/execute-plan";
import { scanCache } from "../../../../lib/hub/scan/scan";
import { commit, RepoBuilder } from "../helpers";

export const MAIN = commit("aaaaaaa1");
export const DETACHED = commit("bbbbbbb2");
export const PULL_REQUEST = commit("ccccccc3");

/** The repository of huggingface_hub's `TestDeleteRevisionsDryRun`: each size tells which file it is. */
export function threeRevisions(cache: string, folder = "models--org--name"): RepoBuilder {
  return new RepoBuilder(cache, folder)
    .revision(MAIN, { "main.txt": 1, "shared.gguf": 10000 })
    .revision(DETACHED, { "detached.txt": 10, "both.bin": 1000, "shared.gguf": 10000 })
    .revision(PULL_REQUEST, { "pull.txt": 100, "both.bin": 1000, "shared.gguf": 10000 })
    .ref("main", MAIN)
    .ref("refs/pr/1", PULL_REQUEST);
}

export async function planned(cache: string, plan: (view: CacheView) => Plan): Promise<Plan> {
  return plan(await readCacheView(cache));
}

export async function cleaned(cache: string, plan: (view: CacheView) => Plan): Promise<ExecutedPlan> {
  return executePlan(await planned(cache, plan));
}

/** Everything in a folder by path, links as what they say. */
export function entriesBelow(root: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    const path = join(root, entry.name);
    found.push(path);
    if (entry.isDirectory()) found.push(...entriesBelow(path));
  }
  return found.sort();
}

/** What the cache holds: each real file once, but for refs, which no size of a scan counts. */
export function bytesOf(cache: string): number {
  const sizes = new Map<string, number>();
  for (const path of entriesBelow(cache)) {
    const [, second = ""] = relative(cache, path).split("/");
    const stats = lstatSync(path);
    if (!stats.isFile() || second === "refs" || path.endsWith(".refs")) continue;
    sizes.set(`${stats.dev}:${stats.ino}`, stats.size);
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/** Paths relative to the cache. */
export function pathsOf(plan: Plan): string[][] {
  return plan.items.map((item) => item.paths.map((path) => relative(plan.cache_dir, path)));
}

/** Every file of every revision, read; fails when one does not open or has another length than it should. */
export async function openEverything(cache: string): Promise<Map<string, number>> {
  const opened = new Map<string, number>();
  for (const repo of (await scanCache(cache)).repos) {
    for (const revision of repo.revisions) {
      for (const file of revision.files) opened.set(file.file_path, readFileSync(file.file_path).length);
    }
  }
  return opened;
}

/** Long enough ago for every grace. */
export function age(...paths: string[]): void {
  for (const path of paths) lutimesSync(path, 1_000_000_000, 1_000_000_000);
}

export function ageAll(cache: string): void {
  age(...entriesBelow(cache));
}

/** A process that holds locks until the test ends: `lock:PATH` as a download, `share:PATH` as a loaded model. */
export async function holdElsewhere(...locks: string[]): Promise<void> {
  const program = resolve("tests/unit/hub/clean/hold-locks.ts");
  const child = spawn(process.execPath, [resolve("node_modules/tsx/dist/cli.mjs"), program, ...locks], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(async () => {
    const closed = once(child, "close");
    child.stdin.end();
    await closed;
  });
  const [ready] = (await once(child.stdout, "data")) as [Buffer];
  if (ready.toString() !== "ready\n") throw new Error(`the process that holds locks said ${ready.toString()}`);
}
