import { existsSync, linkSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CacheView } from "../../../../lib/hub/clean/contract";
import { executePlan } from "../../../../lib/hub/clean/execute-plan";
import { planKeep } from "../../../../lib/hub/clean/plan-keep";
import { planPrune } from "../../../../lib/hub/clean/plan-prune";
import { planRemove } from "../../../../lib/hub/clean/plan-remove";
import { scanCache } from "../../../../lib/hub/scan/scan";
import { etagOf, link, RepoBuilder, scratchFolder } from "../helpers";
import {
  ageAll,
  cleaned,
  DETACHED,
  entriesBelow,
  holdElsewhere,
  MAIN,
  openEverything,
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

describe("a model in use", () => {
  it("keeps its repository, and the answer says which file", async () => {
    const repo = threeRevisions(newCache());
    const blob = join(repo.path, "blobs", etagOf(10000));
    await holdElsewhere(`share:${blob}`);
    const before = entriesBelow(repo.path);
    const done = await cleaned(repo.cache, remove("org/name"));
    expect(done).toMatchObject({ freed_size: 0, removed: [], kept: [{ reason: `${blob} is in use` }] });
    expect(await cleaned(repo.cache, (view) => planKeep(view, { count: 0 }))).toMatchObject({ freed_size: 0 });
    expect(entriesBelow(repo.path)).toEqual(before);
  });

  it("keeps the revision that alone shows it; the others go", async () => {
    const repo = threeRevisions(newCache());
    await holdElsewhere(`share:${join(repo.path, "blobs", etagOf(10))}`);
    const done = await cleaned(repo.cache, remove(DETACHED, PULL_REQUEST));
    expect(done).toMatchObject({
      freed_size: 100,
      removed: [],
      kept: [{ item: { commit_hash: DETACHED } }, { item: { commit_hash: PULL_REQUEST } }],
    });
    expect(readdirSync(join(repo.path, "snapshots")).sort()).toEqual([MAIN, DETACHED].sort());
    await openEverything(repo.cache);
  });

  it("keeps its file, be that a link or the file itself", async () => {
    const repo = threeRevisions(newCache());
    const real = new RepoBuilder(repo.cache, "models--org--real").realRevision(MAIN, { "a.gguf": 10, "b.txt": 1 });
    await holdElsewhere(`share:${join(repo.path, "blobs", etagOf(1))}`, `share:${join(real.snapshot(MAIN), "a.gguf")}`);
    for (const target of ["org/name/main.txt", "org/real/a.gguf", "org/real"]) {
      expect(await cleaned(repo.cache, remove(target))).toMatchObject({ freed_size: 0, kept: [{}] });
    }
    expect((await scanCache(repo.cache)).size_on_disk).toBe(11122);
  });
});

describe("a download in flight", () => {
  it("keeps its incomplete file, while those nobody writes go", async () => {
    const repo = threeRevisions(newCache()).ref("keep", DETACHED);
    const etag = "e".repeat(64);
    const held = repo.blob(`${etag}.0123abcd.incomplete`, 100);
    repo.blob(`${"d".repeat(64)}.incomplete`, 1000);
    ageAll(repo.cache);
    await holdElsewhere(`lock:${join(repo.cache, ".locks", "models--org--name", `${etag}.lock`)}`);
    expect(await cleaned(repo.cache, prune)).toMatchObject({
      freed_size: 1000,
      removed: [{ kind: "incomplete" }],
      kept: [{ item: { paths: [held] }, reason: `a download of ${etag} is in flight` }],
    });
    expect(existsSync(held)).toBe(true);
  });

  it("keeps its blob before a snapshot shows it, and the repository and revisions it writes to", async () => {
    const repo = threeRevisions(newCache());
    const etag = "e".repeat(64);
    const blob = repo.blob(etag, 100);
    ageAll(repo.cache);
    await holdElsewhere(`lock:${join(repo.cache, ".locks", "models--org--name", `${etag}.lock`)}`);
    const before = entriesBelow(repo.path);
    for (const plan of [prune, remove("org/name"), remove(DETACHED), remove("org/name/main.txt")]) {
      expect(await cleaned(repo.cache, plan)).toMatchObject({ freed_size: 0, removed: [] });
    }
    expect(entriesBelow(repo.path)).toEqual(before);
    expect(existsSync(blob)).toBe(true);
  });
});

describe("what changed since the plan was made", () => {
  it("a new revision that needs a blob keeps it", async () => {
    const repo = threeRevisions(newCache());
    const plan = await planned(repo.cache, remove(DETACHED));
    repo.revision("d".repeat(40), { "later.txt": 10 });
    expect(await executePlan(plan)).toMatchObject({
      freed_size: 0,
      kept: [{ reason: expect.stringContaining("needs") }],
    });
    expect((await openEverything(repo.cache)).get(join(repo.snapshot("d".repeat(40)), "later.txt"))).toBe(10);
    expect(existsSync(repo.snapshot(DETACHED))).toBe(false);
  });

  it("a ref that has come to name a revision keeps it", async () => {
    const repo = threeRevisions(newCache());
    const plan = await planned(repo.cache, remove(DETACHED));
    repo.ref("v2", DETACHED);
    expect(await executePlan(plan)).toMatchObject({ freed_size: 0, kept: [{ reason: expect.stringContaining("v2") }] });
    expect((await scanCache(repo.cache)).warnings).toEqual([]);
  });

  it("a ref that has moved on stays where it is", async () => {
    const repo = threeRevisions(newCache());
    const plan = await planned(repo.cache, remove("org/name@refs/pr/1"));
    repo.ref("refs/pr/1", MAIN);
    expect(await executePlan(plan)).toMatchObject({ freed_size: 100, kept: [] });
    expect((await scanCache(repo.cache)).repos[0]?.refs).toEqual(["main", "refs/pr/1"]);
  });

  it("a link from another repository keeps what it leads to", async () => {
    const repo = threeRevisions(newCache());
    const plan = await planned(repo.cache, remove("org/name"));
    const other = new RepoBuilder(repo.cache, "models--org--other").revision(MAIN, {});
    const borrowed = link(join(other.snapshot(MAIN), "borrowed"), join(repo.path, "blobs", etagOf(1)));
    const reason = expect.stringContaining("another repository needs");
    expect(await executePlan(plan)).toMatchObject({ freed_size: 0, kept: [{ reason }] });
    expect((await openEverything(repo.cache)).get(borrowed)).toBe(1);
  });

  it("what somebody else has removed is no error, and is not counted", async () => {
    const repo = threeRevisions(newCache());
    const [revisions, whole] = [
      await planned(repo.cache, remove(DETACHED, PULL_REQUEST)),
      await planned(repo.cache, remove("org/name")),
    ];
    rmSync(join(repo.path, "blobs", etagOf(100)));
    rmSync(repo.snapshot(DETACHED), { recursive: true });
    expect(await executePlan(revisions)).toMatchObject({ freed_size: 1010, kept: [] });
    rmSync(repo.path, { recursive: true });
    expect(await executePlan(whole)).toMatchObject({ freed_size: 0, kept: [] });
    expect(await executePlan(whole)).toMatchObject({ freed_size: 0, kept: [] });
  });

  it("a second name of a file, elsewhere, keeps its bytes", async () => {
    const repo = new RepoBuilder(newCache()).realRevision(MAIN, { a: 10 }).realRevision(DETACHED, { a: 1 });
    linkSync(join(repo.snapshot(MAIN), "a"), join(repo.snapshot(DETACHED), "same"));
    linkSync(join(repo.snapshot(DETACHED), "a"), join(repo.cache, "..", "outside"));
    const plan = await planned(repo.cache, remove(DETACHED));
    expect(plan.expected_freed_size).toBe(0);
    expect(await executePlan(plan)).toMatchObject({ freed_size: 0, kept: [] });
    expect(await cleaned(repo.cache, remove("org/name"))).toMatchObject({ freed_size: 10 });
  });
});
