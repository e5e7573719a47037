import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CachedRepo, CacheScan } from "../../../lib/hub/scan/contract";
import { scanCache } from "../../../lib/hub/scan/scan";
import { commit, etagOf, link, RepoBuilder, scratchFolder, writeSized } from "./helpers";

/*
 * The cases of huggingface_hub's own tests of its cache (tests/test_utils_cache.py, test_cache_no_symlinks.py and
 * test_cache_layout.py), with the sizes that give their figures: of the model, .gitattributes 1477, README.md 8 or 16.
 */

const scratch = scratchFolder();
let caches = 0;
const newCache = () => join(scratch, `cache-${(caches += 1)}`);

const MAIN = commit("c0d57e");
const PULL_REQUEST = commit("1a665a");
const OTHER = commit("f95875");
const MODEL = "models--hf-internal-testing--hfh_ci_scan_repo_a";
const DATASET = "datasets--hf-internal-testing--hfh_ci_scan_dataset_b";

type Revise = "revision" | "realRevision";

function buildTwoRepos(revise: Revise): string {
  const cache = newCache();
  new RepoBuilder(cache, MODEL)
    [revise](MAIN, { ".gitattributes": 1477, "README.md": 8 })
    [revise](PULL_REQUEST, { ".gitattributes": 1477, "README.md": 8 })
    [revise](OTHER, { ".gitattributes": 1477, "README.md": 16 })
    .ref("main", MAIN)
    .ref("refs/pr/1", PULL_REQUEST);
  new RepoBuilder(cache, DATASET)[revise](commit("f1cdcd"), { ".gitattributes": 2265 }).ref("main", commit("f1cdcd"));
  return cache;
}

const modelOf = (scan: CacheScan): CachedRepo | undefined => scan.repos.find((repo) => repo.repo_type === "model");
const sumOf = (repo: CachedRepo | undefined, figure: "size_on_disk" | "nb_files") =>
  repo?.revisions.reduce((sum, revision) => sum + revision[figure], 0);

describe("a valid cache of two repositories", () => {
  const cases: [name: string, revise: Revise, total: number, repo: number, files: number][] = [
    ["with links", "revision", 3766, 1501, 3],
    ["where links are impossible", "realRevision", 6728, 4463, 6],
  ];

  it.each(cases)("%s", async (_name, revise, total, repoSize, files) => {
    const scan = await scanCache(buildTwoRepos(revise));
    const repo = modelOf(scan);
    expect(scan).toMatchObject({ size_on_disk: total, nb_repos: 2, warnings: [] });
    expect(repo).toMatchObject({ size_on_disk: repoSize, nb_files: files, refs: ["main", "refs/pr/1"] });
    expect(repo?.revisions.map(({ commit_hash, refs }) => [commit_hash, refs])).toEqual([
      [PULL_REQUEST, ["refs/pr/1"]],
      [MAIN, ["main"]],
      [OTHER, []],
    ]);
    expect([sumOf(repo, "size_on_disk"), sumOf(repo, "nb_files")]).toEqual([4463, 6]);
  });

  it("shows one blob for the same file of two revisions", async () => {
    const revisions = modelOf(await scanCache(buildTwoRepos("revision")))?.revisions ?? [];
    const readmes = revisions.flatMap(({ files }) => files.filter(({ file_path }) => file_path.endsWith("README.md")));
    expect(readmes[0]?.blob).toBe(readmes[1]?.blob);
    expect(readmes[0]?.blob.path).toMatch(`/${MODEL}/blobs/${etagOf(8)}`);
    expect(readmes[0]?.file_path).not.toBe(readmes[1]?.file_path);
  });

  it("with links in one half of its downloads only", async () => {
    const cache = newCache();
    const repo = new RepoBuilder(cache)
      .realRevision(MAIN, { "config.json": 10, "README.md": 100 })
      .realRevision(OTHER, { "config.json": 10 })
      .ref("main", MAIN);
    link(join(repo.snapshot(OTHER), "merges.txt"), repo.blob(etagOf(1000), 1000));
    const [found] = (await scanCache(cache)).repos;
    expect(found).toMatchObject({ nb_files: 4, size_on_disk: 1120, refs: ["main"], damaged: false });
    expect(sumOf(found, "size_on_disk")).toBe(1120);
  });
});

describe("a cache of one repository", () => {
  const REVISION = commit("123");
  const build = () => new RepoBuilder(newCache()).revision(REVISION, { "README.md": 10, ".gitattributes": 100 });

  it("with what operating systems leave behind: no warning", async () => {
    const repo = new RepoBuilder(newCache()).revision("123", {}).ref("main", "123");
    for (const folder of ["..", "refs", "snapshots"]) {
      for (const name of [".DS_Store", "Thumbs.db", "desktop.ini"]) writeSized(join(repo.path, folder, name), 0);
    }
    expect(await scanCache(repo.cache)).toMatchObject({ nb_repos: 1, warnings: [] });
  });

  it.each([
    ["a file", "a_file_that_should_not_be_there.txt"],
    ["a folder of no such name", "a_folder_that_should_not_be_there"],
    ["a folder of no such type", "not-models--t5-small"],
  ])("beside %s: one warning", async (what, name) => {
    const repo = build();
    const path = join(repo.cache, name);
    if (what === "a file") writeSized(path, 0);
    else mkdirSync(path);
    expect(await scanCache(repo.cache)).toMatchObject({ nb_repos: 1, warnings: [{ path }] });
  });

  const corrupted: [name: string, corrupt: (repo: RepoBuilder) => void, size: number][] = [
    ["without its snapshots", (repo) => rmSync(join(repo.path, "snapshots"), { recursive: true }), 0],
    ["with a file among its snapshots", (repo) => writeSized(join(repo.path, "snapshots", "stray"), 0), 110],
    ["with a ref to a missing revision", (repo) => repo.ref("not_main", "revision_hash_that_does_not_exist"), 110],
    ["with a broken link", (repo) => rmSync(join(repo.path, "blobs", etagOf(10))), 100],
    ["with a file as its refs", (repo) => writeSized(join(repo.path, "refs"), 1), 110],
  ];

  it.each(corrupted)("%s: one warning, and what is whole is counted", async (_name, corrupt, size) => {
    const repo = build();
    corrupt(repo);
    const scan = await scanCache(repo.cache);
    expect(scan.repos).toMatchObject([{ damaged: true, size_on_disk: size }]);
    expect(scan.warnings).toHaveLength(1);
  });

  it("with an empty revision, or none: the times are those of the folders", async () => {
    const empty = new RepoBuilder(newCache()).revision(REVISION, {});
    const none = new RepoBuilder(empty.cache, "models--org--none");
    mkdirSync(join(none.path, "snapshots"));
    const scan = await scanCache(empty.cache);
    expect(scan).toMatchObject({ size_on_disk: 0, warnings: [], nb_repos: 2 });
    expect(scan.repos[0]?.revisions).toMatchObject([
      { nb_files: 0, last_modified: statSync(empty.snapshot(REVISION)).mtimeMs / 1000 },
    ]);
    const { atimeMs, mtimeMs } = statSync(none.path);
    expect(scan.repos[1]).toMatchObject({
      revisions: [],
      last_accessed: atimeMs / 1000,
      last_modified: mtimeMs / 1000,
    });
  });

  it("whose file is changed and then read: both times move, those of another file do not", async () => {
    const repo = build();
    const before = (await scanCache(repo.cache)).repos[0]?.revisions[0];
    writeFileSync(join(repo.snapshot(REVISION), "README.md"), "modified readme");
    utimesSync(join(repo.path, "blobs", etagOf(10)), 4e9, 3e9);
    const [found] = (await scanCache(repo.cache)).repos;
    const after = found?.revisions[0];
    expect(found).toMatchObject({ last_accessed: 4e9, last_modified: 3e9, size_on_disk: 115 });
    expect(after?.last_modified).toBe(3e9);
    expect(after?.files[0]).toEqual(before?.files[0]);
  });
});

it("two branches downloaded one after the other share their common files", async () => {
  const [second, third] = [commit("5e23cb"), commit("78aa2e")];
  const repo = new RepoBuilder(newCache())
    .revision(second, { "file_0.txt": 70, "file_1.txt": 71, "file_2.txt": 72, ".gitattributes": 1100 })
    .revision(third, { "file_0.txt": 70, "file_1.txt": 71, "file_3.txt": 73, ".gitattributes": 1100 })
    .ref("file-2", second)
    .ref("file-3", third);
  writeSized(join(repo.path, ".no_exist", third, "this_does_not_exist.txt"), 0);
  const [found] = (await scanCache(repo.cache)).repos;
  expect(found).toMatchObject({ nb_files: 5, refs: ["file-2", "file-3"], no_exist: { nb_files: 1, size_on_disk: 0 } });
  expect(sumOf(found, "nb_files")).toBe(8);
});
