import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CacheView } from "../../../../lib/hub/clean/contract";
import { planPrune } from "../../../../lib/hub/clean/plan-prune";
import { planRemove } from "../../../../lib/hub/clean/plan-remove";
import { tryLock, tryLockForRemoval } from "../../../../lib/hub/lock";
import { RepoBuilder, scratchFolder } from "../helpers";
import { ageAll, cleaned, DETACHED, entriesBelow, MAIN, openEverything, threeRevisions } from "./support";

const scratch = scratchFolder();
let caches = 0;
const platform = process.platform;

/** As on Windows, and on a file system without `flock`: the first lock decides, for the whole process. */
beforeAll(() => {
  Object.defineProperty(process, "platform", { value: "win32" });
  tryLock(join(scratch, "first.lock"))?.release();
  Object.defineProperty(process, "platform", { value: platform });
});
afterAll(() => void Object.defineProperty(process, "platform", { value: platform }));

const newRepo = () => threeRevisions(join(scratch, `cache-${(caches += 1)}`));
const prune = (view: CacheView) => planPrune(view, { now: Date.now() });
const cannotTell = expect.stringContaining("cannot be told");

describe("where there are no locks", () => {
  it("every lock is had, and says that it keeps nobody out", () => {
    const blob = newRepo().blob("x", 1);
    expect([tryLock(`${blob}.lock`), tryLock(`${blob}.lock`)]).toMatchObject([{ isReal: false }, { isReal: false }]);
    expect(tryLockForRemoval(blob)).toMatchObject({ isReal: false });
  });

  it("what somebody may use stays, and the answer says why", async () => {
    const repo = newRepo();
    const real = new RepoBuilder(repo.cache, "models--org--real").realRevision(MAIN, { "a.gguf": 3, "b.gguf": 30 });
    const before = [...entriesBelow(repo.path), ...entriesBelow(real.path)];
    for (const target of ["org/name", `org/name@${DETACHED}`, "org/real", "org/real/a.gguf"]) {
      const done = await cleaned(repo.cache, (view) => planRemove(view, [target]));
      expect(done).toMatchObject({ freed_size: 0, removed: [], kept: [{ reason: cannotTell }] });
    }
    expect([...entriesBelow(repo.path), ...entriesBelow(real.path)]).toEqual(before);
    await openEverything(repo.cache);
  });

  it("a download that nobody has written to for a day goes: none resumes it, and nobody loads a part of a file", async () => {
    const repo = newRepo().ref("keep", DETACHED);
    const old = repo.blob(`${"e".repeat(64)}.0123abcd.incomplete`, 100);
    const unused = repo.blob("d".repeat(64), 20);
    ageAll(repo.cache);
    const young = repo.blob(`${"f".repeat(64)}.incomplete`, 200);
    const done = await cleaned(repo.cache, (view) => planPrune(view, { now: Date.now() + 1000, looseGraceMs: 0 }));
    expect(done).toMatchObject({ freed_size: 100, removed: [{ paths: [old] }] });
    expect(done.kept).toMatchObject([{ reason: cannotTell }, { reason: cannotTell }]);
    expect([old, unused, young].map((path) => existsSync(path))).toEqual([false, true, true]);
    expect(await cleaned(repo.cache, prune)).toMatchObject({ freed_size: 0 });
  });
});
