import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scanCache } from "../../../lib/hub/scan/scan";
import { commit, etagOf, failureOf, link, RepoBuilder, scratchFolder, writeSized } from "./helpers";

const scratch = scratchFolder();
let caches = 0;
const newCache = () => join(scratch, `cache-${(caches += 1)}`);

const A = commit("aa");
const B = commit("bb");

/** A whole revision of 10 + 100 bytes, to be damaged. */
const wholeRepo = () => new RepoBuilder(newCache()).revision(A, { "a.txt": 10, "sub/b.txt": 100 }).ref("main", A);

describe("what is damaged is said, and the rest is counted", () => {
  const forms: [name: string, damage: (repo: RepoBuilder) => string, message: string][] = [
    [
      "a broken link",
      (repo) => link(join(repo.snapshot(A), "gone"), join(repo.path, "blobs", etagOf(1))),
      "is missing",
    ],
    ["a link to itself", (repo) => link(join(repo.snapshot(A), "self"), join(repo.snapshot(A), "self")), "is missing"],
    ["a ref to a missing commit", (repo) => join(repo.ref("old", B).path, "snapshots"), B],
    ["an empty ref", (repo) => join(repo.ref("old", "").path, "snapshots"), "the ref old"],
    ["a file among the snapshots", (repo) => writeSized(repo.snapshot(B), 1000), "should be a folder"],
    ["a ref that is no ref", (repo) => join(repo.ref("big", "x".repeat(5000)).path, "refs", "big"), "cannot be read"],
  ];

  it.each(forms)("%s", async (_name, damage, message) => {
    const repo = wholeRepo();
    const path = damage(repo);
    const scan = await scanCache(repo.cache);
    expect(scan.warnings).toEqual([{ path, message: expect.stringContaining(message) }]);
    expect(scan).toMatchObject({ size_on_disk: 110, nb_repos: 1 });
    expect(scan.repos[0]).toMatchObject({ damaged: true, size_on_disk: 110, nb_files: 2, refs: ["main"] });
    expect(scan.repos[0]?.revisions).toMatchObject([{ commit_hash: A, size_on_disk: 110, nb_files: 2 }]);
  });

  it("a ref with a line break keeps its commit", async () => {
    const repo = wholeRepo().ref("edited", `${A}\n`);
    const [found] = (await scanCache(repo.cache)).repos;
    expect(found).toMatchObject({ damaged: true, refs: ["edited", "main"] });
  });

  it("refs that are a file", async () => {
    const repo = new RepoBuilder(newCache()).revision(A, { "a.txt": 10 });
    writeSized(join(repo.path, "refs"), 1);
    expect((await scanCache(repo.cache)).repos[0]).toMatchObject({ damaged: true, size_on_disk: 10 });
  });

  it("a first download that was cut off: no snapshots yet", async () => {
    const repo = new RepoBuilder(newCache());
    const path = repo.blob(`${etagOf(100)}.incomplete`, 100);
    const scan = await scanCache(repo.cache);
    expect(scan.repos[0]).toMatchObject({ damaged: true, size_on_disk: 0, revisions: [] });
    expect(scan.incomplete).toEqual([{ path, size_on_disk: 100 }]);
  });

  it("one damaged repo does not touch another", async () => {
    const repo = wholeRepo().ref("old", B);
    new RepoBuilder(repo.cache, "models--other--whole").revision(B, { "a.txt": 1000 });
    expect((await scanCache(repo.cache)).repos.map((found) => found.damaged)).toEqual([true, false]);
  });
});

describe("links that lead out of the cache", () => {
  it("are counted as huggingface_hub counts them, and said", async () => {
    const repo = wholeRepo();
    const outside = writeSized(join(scratch, "outside.bin"), 1000);
    const direct = link(join(repo.snapshot(A), "direct"), outside);
    const blob = link(join(repo.path, "blobs", etagOf(1)), writeSized(join(scratch, "outside-2.bin"), 1));
    link(join(repo.snapshot(A), "through-a-blob"), blob);
    const scan = await scanCache(repo.cache);
    expect(scan.size_on_disk).toBe(1111);
    expect(scan.repos[0]).toMatchObject({ damaged: false, nb_files: 4 });
    expect(scan.warnings.map((warning) => warning.path).sort()).toEqual([blob, direct].sort());
  });

  it("are not followed into a folder, not even in a circle", async () => {
    const repo = wholeRepo();
    const outside = join(scratch, "outside-folder");
    writeSized(join(outside, "large.bin"), 10000);
    const folder = link(join(repo.snapshot(A), "folder"), outside);
    link(join(repo.snapshot(A), "sub", "circle"), repo.snapshot(A));
    const scan = await scanCache(repo.cache);
    expect(scan.size_on_disk).toBe(110);
    expect(scan.warnings).toEqual([{ path: folder, message: expect.stringContaining("not counted") }]);
  });

  it("are not read as a ref", async () => {
    const repo = wholeRepo();
    const ref = link(join(repo.path, "refs", "leak"), writeSized(join(scratch, "secret"), 40));
    const scan = await scanCache(repo.cache);
    expect(JSON.stringify(scan)).not.toContain("x".repeat(40));
    expect(scan.warnings).toEqual([{ path: ref, message: expect.stringContaining("out of the cache") }]);
  });
});

describe("what is no repository", () => {
  it.each(["not-a-repo", "kernels--org--name", "models--..--..", "models--org--na\nme", "blobs"])(
    "the folder %j is a warning, its downloads are still listed",
    async (name) => {
      const repo = wholeRepo();
      const path = writeSized(join(repo.cache, name, "blobs", "x.incomplete"), 1000);
      const scan = await scanCache(repo.cache);
      expect(scan.warnings).toEqual([{ path: join(repo.cache, name), message: expect.any(String) }]);
      expect(scan).toMatchObject({ nb_repos: 1, size_on_disk: 110, incomplete: [{ path, size_on_disk: 1000 }] });
    },
  );

  it("a stray file and a link in a circle are warnings", async () => {
    const repo = wholeRepo();
    writeSized(join(repo.cache, "models--a--file"), 1);
    symlinkSync("models--a--loop", join(repo.cache, "models--a--loop"));
    const scan = await scanCache(repo.cache);
    expect(scan.nb_repos).toBe(1);
    expect(scan.warnings.map((warning) => warning.path)).toEqual(
      ["models--a--file", "models--a--loop"].map((name) => join(repo.cache, name)),
    );
  });

  it("a repo removed during the scan is said to be gone, and the others are counted", async () => {
    const repo = wholeRepo();
    const removed = new RepoBuilder(repo.cache, "models--org--removed").revision(A, { "a.txt": 1 });
    const scanning = scanCache(repo.cache); // has listed the cache; reads the repos in later turns
    rmSync(removed.path, { recursive: true });
    const scan = await scanning;
    expect(scan.repos.map((found) => found.repo_path)).toEqual([repo.path]);
    expect(scan.warnings).toEqual([
      { path: removed.path, message: expect.stringContaining("removed during the scan") },
    ]);
  });
});

describe("no cache", () => {
  it.each([
    ["nothing", join(scratch, "none")],
    ["no path", ""],
  ])("%s: says that it appears with the first download", async (_name, path) => {
    expect(await failureOf(scanCache(path))).toMatchObject({
      code: "cache_not_found",
      message: expect.stringContaining("first download"),
      fields: { cache_dir: path },
    });
  });

  it("a file in its place", async () => {
    const path = writeSized(join(scratch, "file-as-cache"), 1);
    expect(await failureOf(scanCache(path))).toMatchObject({
      code: "cache_invalid",
      message: expect.stringContaining("this is a file"),
    });
  });

  it("a path below a file, and what is no path", async () => {
    const path = join(writeSized(join(scratch, "file-above"), 1), "hub");
    expect(await failureOf(scanCache(path))).toMatchObject({ code: "cache_invalid" });
    expect(await failureOf(scanCache("a\0b"))).toMatchObject({ code: "cache_invalid" });
  });
});
