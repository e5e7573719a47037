import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CacheView, CleaningProgress } from "../../../../lib/hub/clean/contract";
import { executePlan } from "../../../../lib/hub/clean/execute-plan";
import { planPrune } from "../../../../lib/hub/clean/plan-prune";
import { planRemove } from "../../../../lib/hub/clean/plan-remove";
import { scratchFolder } from "../helpers";
import { bytesOf, cleaned, DETACHED, MAIN, openEverything, planned, threeRevisions } from "./support";

const scratch = scratchFolder();
let caches = 0;
const newCache = () => join(scratch, `cache-${(caches += 1)}`, "hub");
const remove =
  (...targets: string[]) =>
  (view: CacheView) =>
    planRemove(view, targets);
const prune = (view: CacheView) => planPrune(view, { now: Date.now() });

describe("a plan that is cancelled", () => {
  /** Two repositories that are to go; cancelled as soon as `isTime` says so, at the end at the latest. */
  async function cancelled(isTime: (progress: CleaningProgress) => boolean) {
    const { cache } = threeRevisions(newCache());
    threeRevisions(cache, "models--org--second");
    const plan = await planned(cache, remove("org/name", "org/second"));
    const controller = new AbortController();
    const onProgress = (progress: CleaningProgress) => isTime(progress) && controller.abort();
    const done = await executePlan(plan, { signal: controller.signal, onProgress });
    return { cache, done };
  }

  it("stops before the next item, and tells what went and what stays", async () => {
    const { cache, done } = await cancelled(({ nb_files }) => nb_files === 13);
    expect(done).toMatchObject({
      freed_size: 11111,
      removed: [{ repo_id: "org/name" }],
      kept: [{ item: { repo_id: "org/second" }, reason: expect.stringContaining("cancelled before its turn") }],
    });
    await openEverything(cache);
  });

  it("before anything has gone leaves everything where it was", async () => {
    const { cache, done } = await cancelled(() => true);
    expect(done).toMatchObject({ freed_size: 0, removed: [], kept: [{}, {}] });
    expect(readdirSync(cache).sort()).toEqual(["models--org--name", "models--org--second"]);
    await openEverything(cache);
  });

  it("stops between two files of a repository; a prune then takes the rest", async () => {
    const { cache, done } = await cancelled(({ nb_files }) => nb_files === 2);
    expect(done).toMatchObject({
      removed: [],
      kept: [
        { item: { repo_id: "org/name" }, reason: expect.stringContaining("prune removes what is left") },
        { item: { repo_id: "org/second" }, reason: expect.stringContaining("cancelled before its turn") },
      ],
    });
    await openEverything(cache);
    expect(await cleaned(cache, prune)).toMatchObject({ freed_size: 11111 - done.freed_size, kept: [] });
    expect(bytesOf(cache)).toBe(11111);
  });

  it("takes no revision its refs and leaves it", async () => {
    const repo = threeRevisions(newCache());
    const plan = await planned(repo.cache, remove(`org/name@${MAIN}`));
    const ref = join(repo.path, "refs", "main");
    const controller = new AbortController();
    const onStep = ({ path }: { path: string }) => path === ref && controller.abort();
    const done = await executePlan(plan, { signal: controller.signal, onStep });
    expect(controller.signal.aborted).toBe(true);
    expect(done).toMatchObject({ removed: [], kept: [{ reason: expect.stringContaining("prune") }] });
    expect([existsSync(ref), existsSync(repo.snapshot(MAIN))]).toEqual([false, false]);
    expect(await cleaned(repo.cache, prune)).toMatchObject({ kept: [] });
    await openEverything(repo.cache);
  });
});

describe("how far it is", () => {
  it("is told of the first file and of each, until all of the plan has gone", async () => {
    const { cache } = threeRevisions(newCache());
    threeRevisions(cache, "models--org--second");
    const told: CleaningProgress[] = [];
    const plan = await planned(cache, remove("org/name", `org/second@${DETACHED}`));
    await executePlan(plan, { onProgress: (progress) => told.push(progress) });
    // Eight links and five blobs of the one; three links and one blob, which nothing else shows, of the other.
    const whole = { total_files: 17, expected_freed_size: 11121 };
    expect(told[0]).toEqual({ nb_files: 0, freed_size: 0, ...whole });
    expect(told.at(-1)).toEqual({ nb_files: 17, freed_size: 11121, ...whole });
    expect(told.map(({ nb_files }) => nb_files)).toEqual(told.map((_, index) => index));
    expect(told.map(({ freed_size }) => freed_size)).toEqual(
      told.map(({ freed_size }) => freed_size).sort((a, b) => a - b),
    );
  });
});
