import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { CacheScan } from "../../../lib/hub/scan/contract";
import { scanCache } from "../../../lib/hub/scan/scan";
import { CacheScanner } from "../../../lib/hub/scan/scanner";
import { commit, etagOf, failureOf, link, RepoBuilder, scratchFolder, writeSized } from "./helpers";
import { apply, newStore, nextTick, someChanges } from "./scanner-changes";

const scratch = scratchFolder();
let cache: string;
let caches = 0;
const A = commit("aa");

/** Trusts a time as soon as it has passed; a test then waits for the file system's next one. */
const quickScanner = () => new CacheScanner(cache, {}, 0);

beforeEach(() => {
  cache = join(scratch, String((caches += 1)), "hub");
  mkdirSync(cache, { recursive: true });
});

/** All but when something was last used, which a remembered repository keeps. */
function withoutUse(scan: CacheScan): unknown {
  return JSON.parse(JSON.stringify(scan, (key, value: unknown) => (key === "last_accessed" ? 0 : value)));
}

describe("a second scan", () => {
  it("says what a first one would, whatever has happened to the cache", { timeout: 30_000 }, async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(someChanges, { minLength: 1, maxLength: 5 }),
        fc.boolean(),
        async (rounds, hasStore) => {
          cache = join(scratch, `property-${(run += 1)}`, "hub");
          mkdirSync(cache, { recursive: true });
          if (hasStore) newStore(cache);
          const scanner = quickScanner();
          for (const changes of rounds) {
            for (const change of changes) apply(cache, change);
            nextTick(scratch);
            expect(withoutUse(await scanner.scan())).toEqual(withoutUse(await scanCache(cache)));
          }
          rmSync(join(cache, ".."), { recursive: true });
        },
      ),
      { numRuns: 100 },
    );
  });

  it("reads only the repository that has changed", async () => {
    const changed = new RepoBuilder(cache, "models--org--changed").revision(A, { "sub/a.txt": 1 });
    new RepoBuilder(cache, "models--org--same").revision(A, { "a.txt": 10 }).ref("main", A);
    const scanner = quickScanner();
    nextTick(scratch);
    const before = await scanner.scan();
    link(join(changed.snapshot(A), "sub", "b.txt"), changed.blob(etagOf(100), 100));
    nextTick(scratch);
    const after = await scanner.scan();
    expect(after.repos[0]).toMatchObject({ size_on_disk: 101 });
    expect(after.repos[1]).toBe(before.repos[1]);
    expect(after.repos[0]).not.toBe(before.repos[0]);
    expect((await scanner.scan()).repos[0]).toBe(after.repos[0]);
  });

  it("sees a ref that was rewritten in its place", async () => {
    const repo = new RepoBuilder(cache).revision(A, { "a.txt": 1 }).revision(commit("bb"), {}).ref("main", A);
    const scanner = quickScanner();
    nextTick(scratch);
    await scanner.scan();
    repo.ref("main", commit("bb"));
    expect((await scanner.scan()).repos[0]?.revisions.map(({ refs }) => refs)).toEqual([[], ["main"]]);
  });

  it("sees a download grow, without reading its repository again", async () => {
    const repo = new RepoBuilder(cache).revision(A, { "a.txt": 1 });
    const path = repo.blob(`${etagOf(10)}.incomplete`, 10);
    const scanner = quickScanner();
    nextTick(scratch);
    const before = await scanner.scan();
    writeFileSync(path, "x".repeat(100));
    const after = await scanner.scan();
    expect(after.incomplete).toEqual([{ path, size_on_disk: 100 }]);
    expect(after.repos[0]).toBe(before.repos[0]);
    expect(before.incomplete).toEqual([{ path, size_on_disk: 10 }]);
  });

  it("sees a payload leave the shared store, though its repository's folders have not changed", async () => {
    newStore(cache);
    const payload = writeSized(join(cache, "blobs", "ab", "ab".repeat(32)), 1000);
    const repo = new RepoBuilder(cache);
    const file = link(join(repo.snapshot(A), "model.gguf"), link(join(repo.path, "blobs", "f".repeat(64)), payload));
    const scanner = quickScanner();
    nextTick(scratch);
    const before = await scanner.scan();
    expect((await scanner.scan()).repos[0]).toBe(before.repos[0]);
    rmSync(payload);
    expect((await scanner.scan()).warnings).toEqual([{ path: file, message: expect.stringContaining("is missing") }]);
  });

  it("sees a file that was added by somebody who set the folder's time back", async () => {
    const repo = new RepoBuilder(cache).revision(A, { "a.txt": 1 });
    utimesSync(repo.snapshot(A), 1000, 1000);
    const scanner = quickScanner();
    nextTick(scratch);
    await scanner.scan();
    writeSized(join(repo.snapshot(A), "b.txt"), 10);
    utimesSync(repo.snapshot(A), 1000, 1000);
    expect((await scanner.scan()).size_on_disk).toBe(11);
  });

  it("sees another folder that was put in a repository's place", async () => {
    const repo = new RepoBuilder(cache).revision(A, { "a.txt": 1 });
    const other = new RepoBuilder(join(cache, ".."), "aside").revision(A, { "a.txt": 10 });
    const scanner = quickScanner();
    nextTick(scratch);
    await scanner.scan();
    renameSync(repo.path, join(cache, "..", "away"));
    renameSync(other.path, repo.path);
    expect((await scanner.scan()).size_on_disk).toBe(10);
  });

  it("does not trust a time so recent that a second change would carry it too", async () => {
    new RepoBuilder(cache).revision(A, { "a.txt": 1 });
    const scanner = new CacheScanner(cache);
    const before = await scanner.scan();
    expect((await scanner.scan()).repos[0]).not.toBe(before.repos[0]);
  });

  it("works again after the cache was missing", async () => {
    const scanner = new CacheScanner(join(cache, "later"));
    expect(await failureOf(scanner.scan())).toMatchObject({ code: "cache_not_found" });
    new RepoBuilder(join(cache, "later")).revision(A, { "a.txt": 1 });
    expect(await scanner.scan()).toMatchObject({ size_on_disk: 1 });
  });

  it("asked for while one runs begins after it, and is one for all who ask", async () => {
    new RepoBuilder(cache).revision(A, { "a.txt": 1 });
    const scanner = new CacheScanner(cache);
    const first = scanner.scan();
    await Promise.resolve(); // the first has begun
    const [second, third] = [scanner.scan(), scanner.scan()];
    new RepoBuilder(cache, "models--org--new").revision(A, { "a.txt": 10 });
    expect(await third).toBe(await second);
    expect([(await first).size_on_disk, (await second).size_on_disk]).toEqual([1, 11]);
  });
});
