import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cachedSnapshot } from "../../../lib/hub/cached";
import { commit, etagOf, RepoBuilder, scratchFolder } from "./helpers";

const scratch = scratchFolder();
const A = commit("aa");
const B = commit("bb");
const repo = { repo_type: "model", repo_id: "org/name" } as const;
let caches = 0;
const newRepo = () => new RepoBuilder(join(scratch, `cache-${(caches += 1)}`));

describe("what the cache has of a revision", () => {
  it("is found by ref, by the ref of a pull request and by commit", () => {
    const { cache } = newRepo()
      .revision(A, { "a.gguf": 10, "deep/b.gguf": 100 })
      .revision(B, { "a.gguf": 1000 })
      .ref("main", A)
      .ref("refs/pr/1", B);
    const files = [
      { path: "a.gguf", size: 10 },
      { path: "deep/b.gguf", size: 100 },
    ];
    const found = cachedSnapshot({ cacheDir: cache }, repo, "main");
    expect(found).toMatchObject({ commit_hash: A });
    expect(found?.files.sort((left, right) => left.size - right.size)).toEqual(files);
    expect(cachedSnapshot({ cacheDir: cache }, repo, "refs/pr/1")?.files).toEqual([{ path: "a.gguf", size: 1000 }]);
    expect(cachedSnapshot({ cacheDir: cache }, repo, B)?.snapshot_path).toBe(
      join(cache, "models--org--name/snapshots", B),
    );
  });

  it("leaves out a file of which the bytes are gone", () => {
    const built = newRepo().revision(A, { "a.gguf": 10, "b.gguf": 100 }).ref("main", A);
    rmSync(join(built.path, "blobs", etagOf(100)));
    expect(cachedSnapshot({ cacheDir: built.cache }, repo, "main")?.files).toEqual([{ path: "a.gguf", size: 10 }]);
  });

  it.each(["none", "../main", "", "refs", "/etc/passwd", B])("is nothing at %j", (revision) => {
    const built = newRepo().revision(A, { "a.gguf": 10 }).ref("main", A).ref("refs/pr/1", A);
    expect(cachedSnapshot({ cacheDir: built.cache }, repo, revision)).toBeNull();
  });

  it("is nothing where a ref holds something else than a commit", () => {
    const built = newRepo().revision(A, { "a.gguf": 10 }).ref("main", "../../../etc");
    expect(cachedSnapshot({ cacheDir: built.cache }, repo, "main")).toBeNull();
  });

  it("is nothing where a ref is a pipe, even when somebody writes a commit into it", async () => {
    const built = newRepo().revision(A, { "a.gguf": 10 }).ref("other", A);
    const pipe = join(built.path, "refs", "main");
    execFileSync("mkfifo", [pipe]);
    const writer = spawn("sh", ["-c", `printf ${A} > "$0"`, pipe]);
    expect(cachedSnapshot({ cacheDir: built.cache }, repo, "main")).toBeNull();
    const ended = once(writer, "exit");
    writer.kill("SIGKILL");
    await ended;
  });

  it("is nothing where a ref is larger than any commit", () => {
    const built = newRepo()
      .revision(A, { "a.gguf": 10 })
      .ref("main", A + " ".repeat(2000));
    expect(cachedSnapshot({ cacheDir: built.cache }, repo, "main")).toBeNull();
  });

  it("does not follow a link that leads in a circle", () => {
    const built = newRepo().revision(A, { "a.gguf": 10 }).ref("main", A);
    symlinkSync(".", join(built.snapshot(A), "circle"));
    expect(cachedSnapshot({ cacheDir: built.cache }, repo, "main")?.files).toEqual([{ path: "a.gguf", size: 10 }]);
  });
});
