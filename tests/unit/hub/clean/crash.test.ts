import { spawnSync } from "node:child_process";
import { lstatSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { CacheView, Plan } from "../../../../lib/hub/clean/contract";
import { executePlan } from "../../../../lib/hub/clean/execute-plan";
import { planKeep } from "../../../../lib/hub/clean/plan-keep";
import { planPrune } from "../../../../lib/hub/clean/plan-prune";
import { planRemove } from "../../../../lib/hub/clean/plan-remove";
import { MemwellError } from "../../../../lib/errors";
import { scanCache } from "../../../../lib/hub/scan/scan";
import { link, RepoBuilder, scratchFolder, writeSized } from "../helpers";
import { ageAll, DETACHED, entriesBelow, MAIN, openEverything, planned, PULL_REQUEST, threeRevisions } from "./support";

const scratch = scratchFolder();
let caches = 0;

/** With links, without, and with a payload in the shared store. */
function newCache(): string {
  const cache = join(scratch, `cache-${(caches += 1)}`);
  const repo = threeRevisions(cache).revision(MAIN, { "deep/er/Q8_0.gguf": 5 });
  repo.blob("d".repeat(64), 20);
  repo.blob(`${"e".repeat(64)}.incomplete`, 200);
  writeSized(join(repo.path, "trees", `${DETACHED}.json`), 2);
  writeSized(join(repo.path, ".no_exist", PULL_REQUEST, "sub", "x.json"), 0);
  const payload = writeSized(join(cache, "blobs", "ab", "ab".repeat(32)), 5000);
  writeFileSync(join(cache, "blobs", ".huggingface-shared-blobs"), "1\n");
  writeFileSync(`${payload}.refs`, `models--org--name/blobs/${"a".repeat(64)}\n`);
  link(join(repo.snapshot(PULL_REQUEST), "big.gguf"), link(join(repo.path, "blobs", "a".repeat(64)), payload));
  new RepoBuilder(cache, "models--org--real")
    .realRevision(MAIN, { "a.gguf": 3, "sub/b.gguf": 30 })
    .realRevision(DETACHED, { "a.gguf": 4, "sub/b.gguf": 40 })
    .ref("main", MAIN);
  ageAll(cache);
  return cache;
}

/** Later than every grace. */
const prune = (view: CacheView) => planPrune(view, { now: Date.now() + 31 * 86_400_000, looseGraceMs: 0 });
/** What an earlier attempt has removed is not found again. */
const remove = (view: CacheView, ...targets: string[]) => {
  const there = targets.filter((target) => isThere(view, target));
  return there.length === 0 ? prune(view) : planRemove(view, there);
};
const plans: Record<string, (view: CacheView) => Plan> = {
  "rm of a repository": (view) => remove(view, "org/name"),
  "rm of two revisions": (view) => remove(view, `org/name@${DETACHED}`, `org/name@${PULL_REQUEST}`),
  "rm of files": (view) => remove(view, "org/name/both.bin", "org/name:Q8_0", "org/real/sub/b.gguf@main"),
  "rm of a revision without links": (view) => remove(view, `org/real@${MAIN}`),
  "keep 0": (view) => planKeep(view, { count: 0 }),
  prune,
};

function isThere(view: CacheView, target: string): boolean {
  try {
    return planRemove(view, [target]).items.length > 0;
  } catch (thrown) {
    if (thrown instanceof MemwellError && thrown.code.endsWith("_not_found")) return false;
    throw thrown;
  }
}

class Crash extends Error {}

async function crashAt(cache: string, plan: Plan, step: number): Promise<boolean> {
  let steps = 0;
  try {
    await executePlan(plan, {
      onStep: () => {
        if ((steps += 1) === step) throw new Crash();
      },
    });
    return false;
  } catch (thrown) {
    if (thrown instanceof Crash) return true;
    throw thrown;
  }
}

/** Every file and link but locks, and the list that a payload may leave, which the next payload goes on with. */
function stateOf(cache: string): string[] {
  return entriesBelow(cache)
    .filter((path) => {
      const isFolder = lstatSync(path).isDirectory();
      return !isFolder && !path.endsWith(".lock") && !path.endsWith(".refs");
    })
    .map((path) => relative(cache, path));
}

async function finish(cache: string, plan: (view: CacheView) => Plan): Promise<void> {
  for (const next of [plan, prune]) expect((await executePlan(await planned(cache, next))).kept).toEqual([]);
}

describe("a cleaning that ends in the middle", { timeout: 60_000 }, () => {
  it.each(Object.entries(plans))(
    "leaves a valid cache after every step of %s, and the next one ends it",
    async (_, plan) => {
      const whole = newCache();
      await executePlan(await planned(whole, plan));
      await finish(whole, plan);
      const ended = stateOf(whole);
      let step = 1;
      for (; ; step++) {
        const cache = newCache();
        if (!(await crashAt(cache, await planned(cache, plan), step))) break;
        const scan = await scanCache(cache);
        expect(scan.warnings, `after step ${step}`).toEqual([]);
        expect(scan.repos.filter((repo) => repo.damaged)).toEqual([]);
        await openEverything(cache);
        await finish(cache, plan);
        expect(stateOf(cache), `after step ${step}`).toEqual(ended);
      }
      expect(step).toBeGreaterThan(3);
    },
  );

  it.each([1, 9, 17])("by kill -9 at step %i leaves a valid cache", async (step) => {
    const cache = newCache();
    const program = ["tests/unit/hub/clean/killed-at-step.ts", cache, String(step)];
    const child = spawnSync(process.execPath, [resolve("node_modules/tsx/dist/cli.mjs"), ...program]);
    expect(child.stdout.toString()).toContain(`step ${step}\n`);
    expect(await scanCache(cache)).toMatchObject({ warnings: [] });
    await openEverything(cache);
    await finish(cache, plans["keep 0"] ?? prune);
    expect((await scanCache(cache)).nb_repos).toBe(0);
  });
});
