import { mkdirSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scanCache } from "../../../lib/hub/scan/scan";
import { scanToJson } from "../../../lib/hub/scan/json";
import { commit, etagOf, link, RepoBuilder, scratchFolder, writeSized } from "./helpers";

const scratch = scratchFolder();
let caches = 0;
const newCache = () => join(scratch, `cache-${(caches += 1)}`);

const A = commit("aa");
const B = commit("bb");
const C = commit("cc");

describe("a valid cache", () => {
  it("counts a blob that two revisions share once for the repo and once for each", async () => {
    const { path, cache } = new RepoBuilder(newCache())
      .revision(A, { "config.json": 1, "model.gguf": 1000 })
      .revision(B, { "config.json": 10, "model.gguf": 1000 })
      .ref("main", B);
    const scan = await scanCache(cache);
    const [repo] = scan.repos;
    expect(scan).toMatchObject({ size_on_disk: 1011, nb_repos: 1, cache_dir: cache, incomplete: [], warnings: [] });
    expect(repo).toMatchObject({
      repo_id: "org/name",
      repo_type: "model",
      repo_path: path,
      size_on_disk: 1011,
      nb_files: 3,
      refs: ["main"],
      damaged: false,
      unused_blobs: [],
    });
    expect(repo?.revisions).toMatchObject([
      { commit_hash: A, size_on_disk: 1001, nb_files: 2, refs: [], snapshot_path: join(path, "snapshots", A) },
      { commit_hash: B, size_on_disk: 1010, nb_files: 2, refs: ["main"] },
    ]);
  });

  it("gives a pull request's ref and several refs of one commit to their revisions", async () => {
    const { cache } = new RepoBuilder(newCache())
      .revision(A, { "a.txt": 1 })
      .revision(B, { "a.txt": 10 })
      .revision(C, { "a.txt": 100 })
      .ref("main", A)
      .ref("2.4.0", A)
      .ref("refs/pr/1", C);
    const [repo] = (await scanCache(cache)).repos;
    expect(repo?.revisions.map((revision) => revision.refs)).toEqual([["2.4.0", "main"], [], ["refs/pr/1"]]);
    expect(repo?.refs).toEqual(["2.4.0", "main", "refs/pr/1"]);
    expect(repo?.size_on_disk).toBe(111);
  });

  it("counts a file shown twice in one revision as two files of one size", async () => {
    const { cache } = new RepoBuilder(newCache()).revision(A, { "a.txt": 100, "copy/a.txt": 100 });
    const [repo] = (await scanCache(cache)).repos;
    expect(repo).toMatchObject({ nb_files: 1, size_on_disk: 100 });
    expect(repo?.revisions[0]).toMatchObject({ nb_files: 2, size_on_disk: 100 });
  });

  it("counts files at any depth, such as folders of quants", async () => {
    const { cache } = new RepoBuilder(newCache()).revision(A, {
      "README.md": 1,
      "Q4_K_M/model-00001-of-00002.gguf": 100,
      "Q4_K_M/model-00002-of-00002.gguf": 1000,
      "deep/er/still/Q8_0.gguf": 10000,
    });
    const [repo] = (await scanCache(cache)).repos;
    expect(repo).toMatchObject({ nb_files: 4, size_on_disk: 11101 });
    expect(repo?.revisions[0]).toMatchObject({ nb_files: 4, size_on_disk: 11101 });
  });

  it("counts every copy where links are impossible", async () => {
    const { cache } = new RepoBuilder(newCache())
      .realRevision(A, { "a.txt": 10, "sub/b.txt": 1000 })
      .realRevision(B, { "a.txt": 10 })
      .ref("main", A);
    const scan = await scanCache(cache);
    expect(scan.size_on_disk).toBe(1020);
    expect(scan.repos[0]).toMatchObject({ nb_files: 3, size_on_disk: 1020, damaged: false });
    expect(scan.warnings).toEqual([]);
  });

  it.each(["a.gguf", "z.gguf"])("counts a file once that a link %s of its folder shows too", async (name) => {
    const repo = new RepoBuilder(newCache()).realRevision(A, { "m.gguf": 1000 });
    link(join(repo.snapshot(A), name), join(repo.snapshot(A), "m.gguf"));
    const [found] = (await scanCache(repo.cache)).repos;
    expect(found).toMatchObject({ nb_files: 1, size_on_disk: 1000 });
    expect(found?.revisions).toMatchObject([{ nb_files: 2, size_on_disk: 1000 }]);
  });

  it.each([
    [A, B],
    [B, A],
  ])("counts the files of a snapshot once when another one is a link to it: %s", async (whole, linked) => {
    const repo = new RepoBuilder(newCache()).realRevision(whole, { "a.txt": 10, "sub/b.txt": 100 });
    link(repo.snapshot(linked), repo.snapshot(whole));
    const scan = await scanCache(repo.cache);
    expect(scan.size_on_disk).toBe(110);
    expect(scan.repos[0]).toMatchObject({ nb_files: 2, size_on_disk: 110, damaged: false });
    for (const revision of scan.repos[0]?.revisions ?? []) {
      expect(revision).toMatchObject({ nb_files: 2, size_on_disk: 110 });
      expect(revision.files.every((file) => file.file_path.startsWith(revision.snapshot_path))).toBe(true);
    }
  });

  it("counts what a snapshot elsewhere shows by where its links really lead", async () => {
    const repo = new RepoBuilder(newCache()).revision(A, { "a.txt": 1 });
    const elsewhere = new RepoBuilder(newCache()).revision(B, { "a.txt": 1 });
    writeSized(join(elsewhere.path, "blobs", etagOf(1)), 1000);
    link(repo.snapshot(B), elsewhere.snapshot(B));
    expect((await scanCache(repo.cache)).repos[0]).toMatchObject({ nb_files: 2, size_on_disk: 1001 });
  });

  it("counts a blob once that two links name differently, where the repository is a link itself", async () => {
    const away = new RepoBuilder(newCache()).revision(A, { "a.txt": 1000 });
    symlinkSync(join(away.path, "blobs", etagOf(1000)), join(away.snapshot(A), "whole-path.txt"));
    const cache = newCache();
    link(join(cache, "models--org--linked"), away.path);
    expect((await scanCache(cache)).repos[0]).toMatchObject({ nb_files: 1, size_on_disk: 1000 });
  });

  it("keeps an empty revision, with its folder's own time", async () => {
    const repo = new RepoBuilder(newCache()).revision(A, {}).ref("main", A);
    utimesSync(repo.snapshot(A), 1_000, 2_000);
    utimesSync(repo.path, 3_000, 4_000);
    const [found] = (await scanCache(repo.cache)).repos;
    expect(found).toMatchObject({ size_on_disk: 0, nb_files: 0, last_accessed: 3_000, last_modified: 4_000 });
    expect(found?.revisions).toMatchObject([{ nb_files: 0, last_modified: 2_000, refs: ["main"] }]);
  });

  it("says when a repo was last used and changed: its newest blob", async () => {
    const repo = new RepoBuilder(newCache()).revision(A, { old: 1, recent: 10 }).revision(B, { old: 1 });
    utimesSync(join(repo.path, "blobs", etagOf(1)), 5_000.5, 1_000.25);
    utimesSync(join(repo.path, "blobs", etagOf(10)), 4_000, 3_000);
    const [found] = (await scanCache(repo.cache)).repos;
    expect(found).toMatchObject({ last_accessed: 5_000.5, last_modified: 3_000 });
    expect(found?.revisions.map((revision) => revision.last_modified)).toEqual([3_000, 1_000.25]);
  });

  it("passes over locks, the tag and what operating systems leave behind", async () => {
    const repo = new RepoBuilder(newCache()).revision(A, { "a.txt": 1 }).ref("main", A);
    writeSized(join(repo.cache, ".locks", "models--org--name", "x.lock"), 10);
    writeSized(join(repo.cache, "CACHEDIR.TAG"), 100);
    for (const folder of [
      repo.cache,
      join(repo.path, "refs"),
      join(repo.path, "blobs"),
      join(repo.path, "snapshots"),
    ]) {
      for (const name of [".DS_Store", "Thumbs.db", "desktop.ini"]) writeSized(join(folder, name), 1000);
    }
    expect(await scanCache(repo.cache)).toMatchObject({ size_on_disk: 1, nb_repos: 1, warnings: [] });
  });

  it("counts a .DS_Store that was committed: in a snapshot it is a file like any other", async () => {
    const { cache } = new RepoBuilder(newCache()).revision(A, { ".DS_Store": 10 });
    expect((await scanCache(cache)).repos[0]).toMatchObject({ nb_files: 1, size_on_disk: 10 });
  });

  it("counts a payload of the shared store for each repo that uses it, once in the cache", async () => {
    const cache = newCache();
    const payload = writeSized(join(cache, "blobs", "ab", "ab".repeat(32)), 10000);
    writeSized(join(cache, "blobs", "cd", "cd".repeat(32)), 1000); // left by a repo that has gone
    writeSized(`${payload}.refs`, 100);
    writeFileSync(join(cache, "blobs", ".huggingface-shared-blobs"), "1\n");
    for (const folder of ["models--org--one", "models--org--two"]) {
      const repo = new RepoBuilder(cache, folder).revision(A, { "config.json": 1 });
      link(join(repo.snapshot(A), "model.gguf"), link(join(repo.path, "blobs", "f".repeat(64)), payload));
    }
    const scan = await scanCache(cache);
    expect(scan.warnings).toEqual([]);
    expect(scan.repos.map((repo) => repo.size_on_disk)).toEqual([10001, 10001]);
    expect(scan).toMatchObject({ size_on_disk: 11002, shared_store: { size_on_disk: 11000, nb_files: 2 } });
    const shared = scan.repos[0]?.revisions[0]?.files.find((file) => file.file_path.endsWith("model.gguf"));
    expect(shared?.blob).toMatchObject({
      shared_path: payload,
      path: join(cache, "models--org--one/blobs", "f".repeat(64)),
    });
  });

  it("lists unused blobs and downloads that have not ended beside the sizes, not in them", async () => {
    const repo = new RepoBuilder(newCache()).revision(A, { "a.txt": 1 });
    const unused = repo.blob(etagOf(1000), 1000);
    const incomplete = [
      repo.blob(`${"d".repeat(64)}.0123abcd.incomplete`, 10),
      repo.blob(`${"d".repeat(64)}.incomplete`, 100),
    ];
    const scan = await scanCache(repo.cache);
    expect(scan).toMatchObject({ size_on_disk: 1, warnings: [] });
    expect(scan.repos[0]?.unused_blobs).toEqual([{ path: unused, size_on_disk: 1000 }]);
    expect(scan.incomplete).toEqual(incomplete.map((path, index) => ({ path, size_on_disk: [10, 100][index] })));
  });

  it("counts of a download that has not ended what the disk gave it, however long the file is", async () => {
    const repo = new RepoBuilder(newCache()).revision(A, { "a.txt": 1 });
    const path = repo.blob(`${"d".repeat(64)}.0123abcd.incomplete`, 10);
    truncateSync(path, 1e9);
    const [incomplete] = (await scanCache(repo.cache)).incomplete;
    expect(incomplete?.size_on_disk).toBeGreaterThanOrEqual(10);
    expect(incomplete?.size_on_disk).toBeLessThan(1e6);
  });

  it("measures what the Hub said it does not have, and the file lists", async () => {
    const repo = new RepoBuilder(newCache()).revision(A, { "a.txt": 1 });
    writeSized(join(repo.path, ".no_exist", A, "sub", "adapter.json"), 0);
    writeSized(join(repo.path, "trees", "main.json"), 100);
    expect((await scanCache(repo.cache)).repos[0]).toMatchObject({
      size_on_disk: 1,
      no_exist: { nb_files: 1, size_on_disk: 0 },
      trees: { nb_files: 1, size_on_disk: 100 },
    });
  });

  it("is as JSON what the command line promises, without the files", async () => {
    const repo = new RepoBuilder(newCache(), "datasets--org--set").revision(A, { "a.txt": 10 }).ref("main", A);
    utimesSync(join(repo.path, "blobs", etagOf(10)), 5, 6);
    writeSized(join(repo.cache, "stray"), 1);
    const json: unknown = JSON.parse(JSON.stringify(scanToJson(await scanCache(repo.cache))));
    expect(json).toMatchObject({ size_on_disk: 10, nb_repos: 1, cache_dir: repo.cache, incomplete: [] });
    expect(json).toHaveProperty("warnings", [expect.stringContaining(join(repo.cache, "stray"))]);
    expect(json).toHaveProperty("repos.0.last_accessed", 5);
    expect(json).toHaveProperty("repos.0.revisions", [
      {
        commit_hash: A,
        size_on_disk: 10,
        nb_files: 1,
        refs: ["main"],
        last_modified: 6,
        snapshot_path: repo.snapshot(A),
      },
    ]);
  });

  it("with nothing in it has nothing", async () => {
    const cache = newCache();
    mkdirSync(cache);
    expect(await scanCache(cache)).toMatchObject({ size_on_disk: 0, nb_repos: 0, repos: [], warnings: [] });
    rmSync(cache, { recursive: true });
  });
});
