import { existsSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CacheView } from "../../../../lib/hub/clean/contract";
import { planPrune, type PruneOptions } from "../../../../lib/hub/clean/plan-prune";
import { scanCache } from "../../../../lib/hub/scan/scan";
import { etagOf, link, RepoBuilder, scratchFolder, writeSized } from "../helpers";
import {
  age,
  ageAll,
  bytesOf,
  cleaned,
  DETACHED,
  MAIN,
  pathsOf,
  planned,
  PULL_REQUEST,
  threeRevisions,
} from "./support";

const scratch = scratchFolder();
let caches = 0;
const newCache = () => join(scratch, `cache-${(caches += 1)}`);
const prune =
  (options: Partial<PruneOptions> = {}) =>
  (view: CacheView) =>
    planPrune(view, { now: Date.now(), ...options });

const DAY = 86_400;

describe("prune", () => {
  it("takes what nobody asks for and leaves the rest", async () => {
    const repo = threeRevisions(newCache());
    repo.blob("d".repeat(64), 20);
    repo.blob(`${"e".repeat(64)}.incomplete`, 200);
    repo.blob(`${"e".repeat(64)}.0123abcd.incomplete`, 2000);
    ageAll(repo.cache);
    const plan = await planned(repo.cache, prune());
    expect(plan).toMatchObject({
      action: "prune",
      expected_freed_size: 2230,
      warnings: [],
      items: [
        { kind: "revision", commit_hash: DETACHED, freed_size: 10, refs: [] },
        { kind: "unused_blob", freed_size: 20 },
        { kind: "incomplete", freed_size: 2000 },
        { kind: "incomplete", freed_size: 200 },
      ],
    });
    expect(plan.items.map((item) => item.reason)).toEqual([
      "no branch or tag names this revision, and it has not changed since 2001-09-09",
      "no revision shows this blob",
      "this download has not ended, and was not written to lately",
      "this download has not ended, and was not written to lately",
    ]);
    const before = bytesOf(repo.cache);
    expect(await cleaned(repo.cache, prune())).toMatchObject({ freed_size: 2230, kept: [] });
    expect(before - bytesOf(repo.cache)).toBe(2230);
    expect((await scanCache(repo.cache)).repos[0]?.revisions.map((revision) => revision.commit_hash)).toEqual([
      MAIN,
      PULL_REQUEST,
    ]);
    expect((await planned(repo.cache, prune())).items).toEqual([]);
  });

  it.each([
    { days: 29, graceMs: undefined, goes: false },
    { days: 31, graceMs: undefined, goes: true },
    { days: 1, graceMs: 3_600_000, goes: true },
    { days: 1, graceMs: 2 * 86_400_000, goes: false },
  ])("a detached revision of $days days with a grace of $graceMs ms goes: $goes", async ({ days, graceMs, goes }) => {
    const repo = new RepoBuilder(newCache()).revision(MAIN, { a: 1 }).revision(DETACHED, { b: 10 }).ref("main", MAIN);
    ageAll(repo.cache);
    const time = Date.now() / 1000 - days * DAY;
    utimesSync(join(repo.path, "blobs", etagOf(10)), time, time);
    const plan = await planned(repo.cache, prune(graceMs === undefined ? {} : { graceMs }));
    expect(plan.items.map((item) => item.commit_hash)).toEqual(goes ? [DETACHED] : []);
  });

  it.each([
    ["org/name", false],
    ["model/org/name", false],
    [`org/name@${DETACHED}`, false],
    [`org/name@${DETACHED.slice(0, 9)}`, false],
    ["org/name@main", true],
    ["dataset/org/name", true],
    ["org/other", true],
  ])("a revision pinned by %s goes: %s", async (pin, goes) => {
    const repo = threeRevisions(newCache());
    ageAll(repo.cache);
    const plan = await planned(repo.cache, prune({ pins: [pin] }));
    expect(plan.items.map((item) => item.commit_hash)).toEqual(goes ? [DETACHED] : []);
  });

  it.each<[string, (repo: RepoBuilder) => void]>([
    ["that was just made of blobs that were there", (repo) => void repo.revision(DETACHED, { "new.txt": 1 })],
    ["that a ref has just moved off", (repo) => void repo.ref("main", MAIN)],
    ["whose ref was just removed", (repo) => rmSync(join(repo.path, "refs", "v1"))],
    ["whose pull request was just removed", (repo) => rmSync(join(repo.path, "refs", "refs", "pr", "2"))],
  ])("leaves a revision %s, and takes it after the grace", async (_, change) => {
    const repo = new RepoBuilder(newCache()).revision(MAIN, { a: 1 }).revision(DETACHED, { b: 10 }).ref("main", MAIN);
    repo.ref("v1", MAIN).ref("refs/pr/2", MAIN);
    ageAll(repo.cache);
    change(repo);
    age(...["blobs", "blobs/" + etagOf(1)].map((path) => join(repo.path, path)));
    expect((await planned(repo.cache, prune())).items).toEqual([]);
    const later = await planned(repo.cache, prune({ now: Date.now() + 31 * DAY * 1000 }));
    expect(later.items).toMatchObject([{ commit_hash: DETACHED }]);
  });

  it("says which pin names nothing", async () => {
    const { cache } = threeRevisions(newCache());
    await expect(planned(cache, prune({ pins: ["../.."] }))).rejects.toMatchObject({ code: "invalid_request" });
  });

  it("leaves what was written just now, and says so", async () => {
    const repo = threeRevisions(newCache());
    repo.blob("d".repeat(64), 20);
    repo.blob(`${"e".repeat(64)}.incomplete`, 200);
    const plan = await planned(repo.cache, prune());
    expect(plan.items).toEqual([]);
    expect(plan.warnings).toEqual([expect.stringContaining("d".repeat(64)), expect.stringContaining("e".repeat(64))]);
    expect((await planned(repo.cache, prune({ looseGraceMs: 0, now: Date.now() + 1000 }))).items).toHaveLength(2);
  });

  it("takes a whole repository when no revision of it would be left", async () => {
    const repo = new RepoBuilder(newCache()).revision(MAIN, { a: 1 }).revision(DETACHED, { b: 10 });
    repo.blob(`${"e".repeat(64)}.incomplete`, 200);
    ageAll(repo.cache);
    expect((await planned(repo.cache, prune())).items).toMatchObject([{ kind: "repo", freed_size: 211 }]);
    await cleaned(repo.cache, prune());
    expect(existsSync(repo.path)).toBe(false);
  });

  it("but not while a download into it has just stopped", async () => {
    const repo = new RepoBuilder(newCache()).revision(MAIN, { a: 1 });
    ageAll(repo.cache);
    repo.blob(`${"e".repeat(64)}.incomplete`, 200);
    expect((await planned(repo.cache, prune())).items).toMatchObject([{ kind: "revision", freed_size: 1 }]);
    expect(await cleaned(repo.cache, prune())).toMatchObject({ freed_size: 1, kept: [] });
    expect((await scanCache(repo.cache)).repos).toMatchObject([{ revisions: [], damaged: false }]);
  });

  it("takes blobs that are links to nowhere, and nothing of a name it does not know", async () => {
    const repo = threeRevisions(newCache());
    link(join(repo.path, "blobs", "d".repeat(64)), join(repo.cache, "gone"));
    repo.blob("notes.txt", 50);
    ageAll(repo.cache);
    expect(
      pathsOf(await planned(repo.cache, prune()))
        .flat()
        .filter((path) => path.includes("notes")),
    ).toEqual([]);
    expect(await cleaned(repo.cache, prune())).toMatchObject({ freed_size: 10, kept: [] });
    expect(readdirSync(join(repo.path, "blobs"))).not.toContain("d".repeat(64));
    expect(readdirSync(join(repo.path, "blobs"))).toContain("notes.txt");
  });

  it("takes what an interrupted cleaning had moved aside", async () => {
    const repo = threeRevisions(newCache());
    const aside = join(repo.cache, ".locks", ".memwell-removed");
    writeSized(join(aside, "01234567.models--org--old", "blobs", "x"), 300);
    writeSized(join(aside, "01234567.models--org--old", "refs", "main"), 40);
    const before = bytesOf(repo.cache);
    expect(await planned(repo.cache, prune())).toMatchObject({
      expected_freed_size: 300,
      items: [{ kind: "leftover", freed_size: 300, repo_id: null }],
    });
    expect(await cleaned(repo.cache, prune())).toMatchObject({ freed_size: 300, kept: [] });
    expect(before - bytesOf(repo.cache)).toBe(340);
    expect(readdirSync(aside)).toEqual([]);
  });

  it("has nothing to do in an empty cache", async () => {
    const cache = newCache();
    writeSized(join(cache, "CACHEDIR.TAG"), 1);
    expect(await cleaned(cache, prune())).toMatchObject({ freed_size: 0, removed: [], kept: [] });
    age(cache);
  });
});
