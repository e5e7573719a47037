import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scanCache } from "../../../lib/hub/scan/scan";
import { scanToJson } from "../../../lib/hub/scan/json";
import { commit, etagOf, link, RepoBuilder, scratchFolder, writeSized } from "./helpers";

const scratch = scratchFolder();
let caches = 0;
const newCache = () => join(scratch, `cache-${(caches += 1)}`, "hub");
const A = commit("aa");
const LARGE = "f".repeat(64);

describe("what several repositories have in common", () => {
  it("a payload of the shared store counts once, when two use it", async () => {
    const cache = newCache();
    const common = writeSized(join(cache, "blobs", "ab", "ab".repeat(32)), 1000);
    const single = writeSized(join(cache, "blobs", "cd", "cd".repeat(32)), 100);
    writeFileSync(join(cache, "blobs", ".huggingface-shared-blobs"), "1\n");
    for (const [name, payloads] of [
      ["one", [common, single]],
      ["two", [common]],
      ["three", [common]],
    ] as const) {
      const repo = new RepoBuilder(cache, `models--org--${name}`);
      for (const [index, payload] of payloads.entries()) {
        link(join(repo.snapshot(A), String(index)), link(join(repo.path, "blobs", `${index}`.repeat(64)), payload));
      }
    }
    const scan = await scanCache(cache);
    expect(scan.shared_by_repos).toEqual({ nb_files: 1, size_on_disk: 1000 });
    expect(scan).toMatchObject({ size_on_disk: 1100, duplicates: { nb_files: 0, size_on_disk: 0 } });
  });

  it("a large file stored by three repositories could be stored once: two copies are too many", async () => {
    const cache = newCache();
    for (const name of ["one", "two", "three"]) {
      const repo = new RepoBuilder(cache, `models--org--${name}`).revision(A, { "small.txt": 10 });
      link(join(repo.snapshot(A), "model.gguf"), repo.blob(LARGE, 1000));
      link(join(repo.snapshot(A), "again.gguf"), join(repo.path, "blobs", LARGE));
    }
    const scan = await scanCache(cache);
    expect(scan.duplicates).toEqual({ nb_files: 2, size_on_disk: 2000 });
    expect(scan).toMatchObject({ size_on_disk: 3030, shared_by_repos: { nb_files: 0, size_on_disk: 0 } });
  });

  it("a link to another repository's blob counts once in the cache, and is no copy", async () => {
    const cache = newCache();
    const home = new RepoBuilder(cache, "models--org--home");
    const blob = home.blob(LARGE, 1000);
    link(join(home.snapshot(A), "model.gguf"), blob);
    const guest = new RepoBuilder(cache, "models--org--guest").revision(A, { "own.txt": 1 });
    link(join(guest.snapshot(A), "model.gguf"), blob);
    const scan = await scanCache(cache);
    expect(scan.repos.map((repo) => repo.size_on_disk)).toEqual([1001, 1000]);
    expect(scan).toMatchObject({ size_on_disk: 1001, duplicates: { nb_files: 0 } });
  });
});

describe("what stands beside the cache", () => {
  it("is measured when it is asked for, at any depth, and in no other figure", async () => {
    const repo = new RepoBuilder(newCache()).revision(A, { "a.txt": 1 });
    const [xetDir, assetsDir] = [join(repo.cache, "..", "xet"), join(repo.cache, "..", "assets")];
    writeSized(join(xetDir, "endpoint", "chunk-cache", "A1", "chunk"), 1000);
    writeSized(join(xetDir, "logs", "log"), 100);
    writeSized(join(assetsDir, "datasets", "x", "image.png"), 10);
    symlinkSync("/usr", join(assetsDir, "elsewhere"));
    const scan = await scanCache(repo.cache, { xetDir, assetsDir });
    expect(scan).toMatchObject({
      size_on_disk: 1,
      xet: { nb_files: 2, size_on_disk: 1100 },
      assets: { nb_files: 1, size_on_disk: 10 },
      warnings: [],
    });
    expect(await scanCache(repo.cache)).toMatchObject({ xet: null, assets: null });
  });

  it("is measured through a link to another disk", async () => {
    const repo = new RepoBuilder(newCache()).revision(A, { "a.txt": 1 });
    writeSized(join(repo.cache, "..", "disk", "chunk"), 1000);
    const xetDir = link(join(repo.cache, "..", "xet"), join(repo.cache, "..", "disk"));
    expect((await scanCache(repo.cache, { xetDir })).xet).toEqual({ nb_files: 1, size_on_disk: 1000 });
  });

  it("is null where there is no such folder", async () => {
    const cache = newCache();
    mkdirSync(cache, { recursive: true });
    expect(await scanCache(cache, { xetDir: join(cache, "none") })).toMatchObject({ xet: null, assets: null });
  });
});

describe("what a removal left that was cut off", () => {
  it("is a figure of its own", async () => {
    const repo = new RepoBuilder(newCache()).revision(A, { "a.txt": 1 });
    expect((await scanCache(repo.cache)).leftover).toBeNull();
    writeSized(join(repo.cache, ".locks", ".memwell-removed", "0123abcd.models--org--gone", "blobs", LARGE), 1000);
    expect(await scanCache(repo.cache)).toMatchObject({
      size_on_disk: 1,
      nb_repos: 1,
      leftover: { nb_files: 1, size_on_disk: 1000 },
      warnings: [],
    });
  });

  it("is not looked for through a link", async () => {
    const repo = new RepoBuilder(newCache()).revision(A, { "a.txt": 1 });
    writeSized(join(repo.cache, "..", "locks", ".memwell-removed", "file"), 1000);
    link(join(repo.cache, ".locks"), join(repo.cache, "..", "locks"));
    expect((await scanCache(repo.cache)).leftover).toBeNull();
  });
});

it("as JSON has these figures too", async () => {
  const repo = new RepoBuilder(newCache()).revision(A, { "a.txt": 10 });
  writeSized(join(repo.path, "blobs", etagOf(1)), 1);
  expect(scanToJson(await scanCache(repo.cache))).toMatchObject({
    shared_store: null,
    shared_by_repos: { nb_files: 0, size_on_disk: 0 },
    duplicates: { nb_files: 0, size_on_disk: 0 },
    leftover: null,
    xet: null,
    assets: null,
    repos: [{ unused_blobs: [{ size_on_disk: 1 }] }],
  });
});
