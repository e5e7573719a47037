import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { verifyRepo, type RemoteFile, type VerifyOptions, type VerifyReport } from "../../../../lib/hub/clean/verify";
import { scanCache } from "../../../../lib/hub/scan/scan";
import { link, RepoBuilder, scratchFolder } from "../helpers";
import { DETACHED, MAIN } from "./support";

const scratch = scratchFolder();
let caches = 0;
const newCache = () => join(scratch, `cache-${(caches += 1)}`);

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const gitSha1 = (text: string) =>
  createHash("sha1")
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest("hex");

/** A file whose blob is named after what it holds, or after something else. */
function add(repo: RepoBuilder, commitHash: string, file: string, text: string, etag = gitSha1(text)): string {
  mkdirSync(join(repo.path, "blobs"), { recursive: true });
  const blob = join(repo.path, "blobs", etag);
  writeFileSync(blob, text);
  link(join(repo.snapshot(commitHash), file), blob);
  return blob;
}

async function verify(repo: RepoBuilder, options: VerifyOptions = {}): Promise<VerifyReport> {
  const [found] = (await scanCache(repo.cache)).repos;
  if (found === undefined) throw new Error("the cache has no repository");
  return verifyRepo(found, options);
}

const statesOf = (report: VerifyReport) => Object.fromEntries(report.files.map(({ file, state }) => [file, state]));

describe("verify", () => {
  it("knows git's own hash of a small file and the sha256 of a large one", async () => {
    const repo = new RepoBuilder(newCache()).ref("main", MAIN);
    // What `printf 'hello\n' | git hash-object --stdin` and `sha256sum` answer.
    add(repo, MAIN, "hello.txt", "hello\n", "ce013625030ba8dba906f756967f9e9ca394464a");
    const large = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
    add(repo, MAIN, "sub/hello.gguf", "hello\n", large);
    const report = await verify(repo);
    expect(report).toMatchObject({ repo_type: "model", repo_id: "org/name", ok: true, size_checked: 12 });
    expect(report.files).toMatchObject([
      { file: "hello.txt", state: "ok", commit_hash: MAIN },
      { file: "sub/hello.gguf", state: "ok", expected: large, actual: large },
    ]);
  });

  it("finds one changed byte, a blob that has gone, and has nothing to say of a file without a name to check", async () => {
    const repo = new RepoBuilder(newCache()).realRevision(MAIN, { "real.txt": 10 }).ref("main", MAIN);
    add(repo, MAIN, "good.txt", "good");
    add(repo, MAIN, "bad.gguf", "bad", sha256("Bad"));
    rmSync(add(repo, MAIN, "gone.txt", "gone"));
    const report = await verify(repo);
    expect(statesOf(report)).toEqual({
      "bad.gguf": "mismatch",
      "good.txt": "ok",
      "real.txt": "unchecked",
      "gone.txt": "missing",
    });
    expect(report.ok).toBe(false);
    expect(report.files[0]).toMatchObject({ expected: sha256("Bad"), actual: sha256("bad") });
  });

  it("reads a blob once, however many revisions show it", async () => {
    const repo = new RepoBuilder(newCache());
    for (const revision of [MAIN, DETACHED]) add(repo, revision, "model.gguf", "weights", sha256("weights"));
    const seen: number[] = [];
    const report = await verify(repo, { onProgress: ({ done, total }) => seen.push(done, total) });
    expect(report.files.map(({ state }) => state)).toEqual(["ok", "ok"]);
    expect([report.size_checked, seen]).toEqual([7, [7, 7]]);
    expect((await verify(repo, { revision: DETACHED })).files).toHaveLength(1);
  });

  it("compares with what the Hub lists: changed, missing, extra, and real files too", async () => {
    const repo = new RepoBuilder(newCache()).realRevision(MAIN, { "real.txt": 10 }).ref("main", MAIN);
    add(repo, MAIN, "a.gguf", "weights", sha256("weights"));
    add(repo, MAIN, "old.txt", "old");
    add(repo, MAIN, "own.txt", "own");
    add(repo, MAIN, "short.txt", "short");
    const remote: RemoteFile[] = [
      { path: "a.gguf", size: 7, sha256: sha256("weights"), oid: "0".repeat(40) },
      { path: "old.txt", size: 3, sha256: null, oid: gitSha1("new") },
      { path: "short.txt", size: 6, sha256: null, oid: gitSha1("shorts") },
      { path: "real.txt", size: 10, sha256: null, oid: gitSha1("x".repeat(10)) },
      { path: "absent.bin", size: 1, sha256: sha256("1"), oid: null },
    ];
    const report = await verify(repo, { revision: "main", remote });
    expect(report.ok).toBe(false);
    expect(statesOf(report)).toEqual({
      "a.gguf": "ok",
      "old.txt": "mismatch",
      "own.txt": "extra",
      "real.txt": "ok",
      "short.txt": "mismatch",
      "absent.bin": "absent",
    });
  });

  it("stops when cancelled, and says so", async () => {
    const repo = new RepoBuilder(newCache());
    add(repo, MAIN, "a.bin", "x".repeat(3 << 20), sha256("?"));
    const controller = new AbortController();
    const cancelled = verify(repo, { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: "aborted" });
  });

  it("is refused for a revision that is not there, and for the Hub's list of one among several", async () => {
    const repo = new RepoBuilder(newCache()).revision(MAIN, { a: 1 }).revision(DETACHED, { a: 1 });
    await expect(verify(repo, { revision: "v9" })).rejects.toMatchObject({ code: "revision_not_found" });
    await expect(verify(repo, { remote: [] })).rejects.toMatchObject({ code: "invalid_request" });
  });
});
