import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { commit, RepoBuilder, scanAsNobody, scratchFolder, writeSized } from "./helpers";

const scratch = scratchFolder();
let caches = 0;
const newCache = () => join(scratch, `cache-${(caches += 1)}`);
const A = commit("aa");

const closed: string[] = [];
function close(folder: string): void {
  chmodSync(folder, 0);
  closed.push(folder);
}
afterEach(() => closed.splice(0).forEach((folder) => chmodSync(folder, 0o755)));

describe("a folder that the user may not read", () => {
  const folders: [name: string, folder: (repo: RepoBuilder) => string, found: object][] = [
    ["of a revision", (repo) => join(repo.snapshot(A), "sub"), { size_on_disk: 10, nb_files: 1 }],
    ["of blobs", (repo) => join(repo.path, "blobs"), { size_on_disk: 0, nb_files: 0 }],
    ["of refs", (repo) => join(repo.path, "refs"), { size_on_disk: 110, refs: [] }],
    ["of snapshots", (repo) => join(repo.path, "snapshots"), { size_on_disk: 0, revisions: [] }],
    ["of a repository", (repo) => repo.path, { size_on_disk: 0, revisions: [] }],
  ];

  it.each(folders)("%s is a warning, and the rest is counted", async (_name, folderOf, found) => {
    const repo = new RepoBuilder(newCache()).revision(A, { "a.txt": 10, "sub/b.txt": 100 }).ref("main", A);
    new RepoBuilder(repo.cache, "models--other--whole").revision(A, { "a.txt": 1000 });
    close(folderOf(repo));
    const scan = await scanAsNobody(scratch, repo.cache);
    expect(scan).toMatchObject({
      repos: [
        { damaged: true, ...found },
        { damaged: false, size_on_disk: 1000 },
      ],
    });
    expect(scan).toHaveProperty("warnings.0.message", expect.stringContaining("(EACCES)"));
  });

  it("of the shared store is a warning", async () => {
    const repo = new RepoBuilder(newCache()).revision(A, { "a.txt": 10 });
    writeSized(join(repo.cache, "blobs", "ab", "ab".repeat(32)), 100);
    writeSized(join(repo.cache, "blobs", "cd", "cd".repeat(32)), 1000);
    writeFileSync(join(repo.cache, "blobs", ".huggingface-shared-blobs"), "1\n");
    close(join(repo.cache, "blobs", "ab"));
    expect(await scanAsNobody(scratch, repo.cache)).toMatchObject({
      shared_store: { nb_files: 1, size_on_disk: 1000 },
      warnings: [{ path: join(repo.cache, "blobs", "ab"), message: expect.stringContaining("(EACCES)") }],
    });
  });

  it("as the cache itself: says so", async () => {
    const cache = newCache();
    mkdirSync(cache);
    close(cache);
    expect(await scanAsNobody(scratch, cache)).toMatchObject({
      code: "cache_invalid",
      message: expect.stringContaining("not allowed"),
    });
  });
});
