import { spawnSync } from "node:child_process";
import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CacheView } from "../../../../lib/hub/clean/contract";
import { executePlan } from "../../../../lib/hub/clean/execute-plan";
import { planPrune } from "../../../../lib/hub/clean/plan-prune";
import { planRemove } from "../../../../lib/hub/clean/plan-remove";
import { scanCache } from "../../../../lib/hub/scan/scan";
import { link, scratchFolder } from "../helpers";
import {
  ageAll,
  bytesOf,
  cleaned,
  DETACHED,
  entriesBelow,
  MAIN,
  planned,
  PULL_REQUEST,
  threeRevisions,
} from "./support";

const scratch = scratchFolder();
let caches = 0;
const newCache = () => join(scratch, `cache-${(caches += 1)}`, "hub");
const remove =
  (...targets: string[]) =>
  (view: CacheView) =>
    planRemove(view, targets);
const prune = (view: CacheView) => planPrune(view, { now: Date.now() });

/** Root may read everything: as root, becomes nobody for a while, who may change all that was not hidden before. */
async function asSomebodyElse(cache: string, act: () => Promise<void>): Promise<void> {
  if (process.geteuid?.() !== 0) return act();
  for (const path of entriesBelow(cache)) {
    const stats = lstatSync(path);
    if (!stats.isSymbolicLink() && (stats.mode & 0o777) !== 0) chmodSync(path, 0o777);
  }
  chmodSync(cache, 0o777);
  process.seteuid?.(65534);
  try {
    await act();
  } finally {
    process.seteuid?.(0);
  }
}

describe("what the file system refuses", () => {
  it("a repository that is a link goes as a link", async () => {
    const repo = threeRevisions(newCache());
    link(join(repo.cache, "models--org--alias"), repo.path);
    const done = await cleaned(repo.cache, remove("org/alias"));
    expect(done).toMatchObject({ freed_size: 0, kept: [], warnings: [expect.stringContaining("is a link")] });
    expect(readdirSync(repo.cache)).not.toContain("models--org--alias");
    expect((await scanCache(repo.cache)).size_on_disk).toBe(11111);
  });

  it("blobs stay while there is a snapshot that may not be read: it may need them", async () => {
    const repo = threeRevisions(newCache()).ref("v1", DETACHED);
    repo.blob("d".repeat(64), 20);
    ageAll(repo.cache);
    const before = bytesOf(repo.cache);
    const hidden = join(repo.snapshot(PULL_REQUEST), "sub");
    mkdirSync(hidden, { mode: 0 });
    await asSomebodyElse(repo.cache, async () => {
      expect(await cleaned(repo.cache, prune)).toMatchObject({ freed_size: 0 });
      const warnings = [expect.stringContaining(hidden)];
      expect(await cleaned(repo.cache, remove("org/name@v1"))).toMatchObject({ freed_size: 0, warnings });
      expect(await cleaned(repo.cache, remove("org/name"))).toMatchObject({ freed_size: 0, kept: [{}] });
    });
    expect(bytesOf(repo.cache)).toBe(before);
    chmodSync(hidden, 0o700);
  });

  it("blobs stay when a snapshot can no longer be read at their turn", async () => {
    const repo = threeRevisions(newCache());
    await asSomebodyElse(repo.cache, async () => {
      const plan = await planned(repo.cache, remove(DETACHED));
      const hidden = join(repo.snapshot(MAIN), "sub");
      mkdirSync(hidden, { mode: 0 });
      expect(await executePlan(plan)).toMatchObject({
        freed_size: 0,
        kept: [{ reason: expect.stringContaining("allowed") }],
      });
      chmodSync(hidden, 0o700);
    });
  });

  it("a pipe among the blobs holds nothing up", async () => {
    const repo = threeRevisions(newCache());
    spawnSync("mkfifo", [join(repo.path, "blobs", "f".repeat(64)), join(repo.snapshot(DETACHED), "pipe")]);
    expect(await cleaned(repo.cache, remove(DETACHED))).toMatchObject({ freed_size: 10, kept: [] });
    expect(await cleaned(repo.cache, remove("org/name"))).toMatchObject({ freed_size: 11101, kept: [] });
  });

  it("a cache that has gone is said clearly", async () => {
    const repo = threeRevisions(newCache());
    const plan = await planned(repo.cache, remove("org/name"));
    rmSync(repo.cache, { recursive: true });
    await expect(executePlan(plan)).rejects.toMatchObject({ code: "cache_not_found" });
  });

  it("the locks' folder being a file keeps everything", async () => {
    const repo = threeRevisions(newCache());
    writeFileSync(join(repo.cache, ".locks"), "");
    const before = bytesOf(repo.cache);
    expect(await cleaned(repo.cache, remove("org/name"))).toMatchObject({ freed_size: 0, kept: [{}] });
    expect(bytesOf(repo.cache)).toBe(before);
  });
});
