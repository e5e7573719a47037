import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Plan } from "../../../../lib/hub/clean/contract";
import { executePlan } from "../../../../lib/hub/clean/execute-plan";
import { planPrune } from "../../../../lib/hub/clean/plan-prune";
import { planRemove } from "../../../../lib/hub/clean/plan-remove";
import { Removal } from "../../../../lib/hub/clean/removal";
import { tryLock, tryShare } from "../../../../lib/hub/lock";
import { scanCache } from "../../../../lib/hub/scan/scan";
import { commit, etagOf, link, RepoBuilder, scratchFolder } from "../helpers";
import { ageAll, cleaned, DETACHED, entriesBelow, MAIN, openEverything, planned, threeRevisions } from "./support";

const scratch = scratchFolder();
let caches = 0;
const newCache = () => join(scratch, `cache-${(caches += 1)}`);
const LATER = commit("dddddddd");
const lockOf = (repo: RepoBuilder, etag: string) => join(repo.cache, ".locks", basename(repo.path), `${etag}.lock`);
const etag = (index: number) => String(index).padStart(64, "0");

/** Executes a plan; `act` is another process, right before the first change of this kind. */
async function executeWhile(plan: Plan, action: string, act: () => void) {
  let isFirst = true;
  return executePlan(plan, {
    onStep: (step) => {
      if (step.action !== action || !isFirst) return;
      isFirst = false;
      act();
    },
  });
}

/** As a download does for a file whose blob is there: under its lock. Answers whether it could. */
function show(repo: RepoBuilder, name: string): boolean {
  const lock = tryLock(lockOf(repo, name));
  if (lock === null) return false;
  link(join(repo.snapshot(LATER), name), join(repo.path, "blobs", name));
  lock.release();
  return true;
}

function download(repo: RepoBuilder): void {
  const lock = tryLock(lockOf(repo, etag(7)));
  onTestFinished(() => lock?.release());
}

describe("while a cleaning goes on", () => {
  it.each([1, 99])("unused blob %i of 100, which a download begins to show, still opens", async (index) => {
    const repo = threeRevisions(newCache()).ref("keep", DETACHED);
    for (let each = 0; each < 100; each++) repo.blob(etag(each), 1);
    ageAll(repo.cache);
    const plan = await planned(repo.cache, (view) => planPrune(view, { now: Date.now() }));
    expect(plan.items).toHaveLength(100);
    let isShown = false;
    const done = await executeWhile(plan, "unlink", () => (isShown = show(repo, etag(index))));
    // The blobs of the first batch are locked: whoever wants one waits, and then finds that it has gone.
    expect(isShown).toBe(index === 99);
    expect(done.kept).toHaveLength(isShown ? 1 : 0);
    expect((await scanCache(repo.cache)).warnings).toEqual([]);
    await openEverything(repo.cache);
  });

  it("a repository into which a download begins stays whole", async () => {
    const repo = threeRevisions(newCache());
    const before = entriesBelow(repo.path);
    const plan = await planned(repo.cache, (view) => planRemove(view, ["org/name"]));
    const done = await executeWhile(plan, "move_aside", () => download(repo));
    expect(done).toMatchObject({
      freed_size: 0,
      removed: [],
      kept: [{ reason: expect.stringContaining("in flight") }],
    });
    expect(entriesBelow(repo.path)).toEqual(before);
  });

  it("a revision into whose repository a download begins stays, as do its blobs", async () => {
    const repo = threeRevisions(newCache());
    const before = entriesBelow(repo.path);
    const plan = await planned(repo.cache, (view) => planRemove(view, [DETACHED]));
    const done = await executeWhile(plan, "move_aside", () => download(repo));
    expect(done).toMatchObject({ freed_size: 0, kept: [{ reason: expect.stringContaining("in flight") }] });
    expect(entriesBelow(repo.path)).toEqual(before);
  });

  it("a repository or a real file that somebody begins to use stays", async () => {
    const repo = threeRevisions(newCache());
    const real = new RepoBuilder(repo.cache, "models--org--real").realRevision(MAIN, { "a.gguf": 3 });
    const files = [join(repo.path, "blobs", etagOf(10000)), join(real.snapshot(MAIN), "a.gguf")];
    for (const [index, target] of ["org/name", `org/real@${MAIN}`].entries()) {
      const plan = await planned(repo.cache, (view) => planRemove(view, [target]));
      let use: ReturnType<typeof tryShare> = null;
      const done = await executeWhile(plan, "move_aside", () => (use = tryShare(files[index] ?? "")));
      expect(done).toMatchObject({ freed_size: 0, kept: [{ reason: expect.stringContaining("is in use") }] });
      use!.release();
    }
    expect(files.map((path) => existsSync(path))).toEqual([true, true]);
  });

  it("what turns out to be in use once it lies aside is put back", async () => {
    const repo = threeRevisions(newCache());
    const before = entriesBelow(repo.path);
    const removal = new Removal(repo.cache);
    const busy = (path: string) => (path === repo.path ? null : "somebody was quicker");
    expect(await removal.removeAtOnce(repo.path, busy)).toBe("somebody was quicker");
    const fails = (path: string) => (path === repo.path ? null : expect.fail("a folder cannot be read"));
    await expect(removal.removeAtOnce(repo.path, fails)).rejects.toThrow("cannot be read");
    expect(entriesBelow(repo.path)).toEqual(before);
    expect(readdirSync(join(repo.cache, ".locks", ".memwell-removed"))).toEqual([]);
  });

  it("what lies aside and is in use waits for the next prune", async () => {
    const repo = threeRevisions(newCache());
    const blob = new RepoBuilder(join(repo.cache, ".locks", ".memwell-removed"), "01234567.models--org--old").blob(
      "x",
      3,
    );
    const use = tryShare(blob);
    const prune = () => cleaned(repo.cache, (view) => planPrune(view, { now: Date.now() }));
    expect(await prune()).toMatchObject({ freed_size: 0, kept: [{ reason: `${blob} is in use` }] });
    use?.release();
    expect(await prune()).toMatchObject({ freed_size: 3, kept: [] });
  });

  it("no lock file is left for a blob that had none", async () => {
    const repo = threeRevisions(newCache());
    const [own, other] = [lockOf(repo, etagOf(10)), lockOf(repo, etagOf(100))];
    tryLock(other)?.release();
    expect(await cleaned(repo.cache, (view) => planRemove(view, [DETACHED]))).toMatchObject({
      freed_size: 10,
      kept: [],
    });
    expect([existsSync(own), existsSync(other)]).toEqual([false, true]);
  });
});
