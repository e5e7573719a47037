import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { scanCache } from "../../../lib/hub/scan/scan";
import { scanToJson } from "../../../lib/hub/scan/json";
import { revisionFiles } from "../../../lib/hub/scan/revision-files";
import { scanInWorker, ScannerThread } from "../../../lib/hub/scan/thread";
import { bundleHub, commit, etagOf, failureOf, link, RepoBuilder, scratchFolder } from "./helpers";

const scratch = scratchFolder();
const script = join(scratch, "cache-worker.mjs");
const cache = join(scratch, "hub");
const A = commit("aa");
const repo = new RepoBuilder(cache).revision(A, { "a.txt": 10, "sub/a.txt": 10 }).ref("main", A);

beforeAll(() => bundleHub("scan/worker.ts", script));

describe("a scan in a thread of its own", () => {
  it("answers what a scan here answers, one blob being one object still", async () => {
    const scan = await scanInWorker(script, cache, { xetDir: scratch });
    expect(scan).toEqual(await scanCache(cache, { xetDir: scratch }));
    const [first, second] = scan.repos[0]?.revisions[0]?.files ?? [];
    expect(first?.blob).toBe(second?.blob);
  });

  it("sees what has changed since its last one, and lists without the files", async () => {
    const thread = new ScannerThread(script, cache);
    expect(await thread.list()).toEqual(scanToJson(await scanCache(cache)));
    link(join(repo.snapshot(A), "b.txt"), repo.blob(etagOf(100), 100));
    expect(await thread.list()).toMatchObject({ size_on_disk: 110 });
    await thread.close();
  });

  it("answers the files of one revision, and says when that is not there", async () => {
    const thread = new ScannerThread(script, cache);
    const name = { repo_type: "model", repo_id: "org/name", commit_hash: A } as const;
    expect(await thread.files(name)).toEqual(revisionFiles(await scanCache(cache), name));
    expect(await failureOf(thread.files({ ...name, commit_hash: "b" }))).toMatchObject({ code: "revision_not_found" });
    await thread.close();
  });

  it("fails with the error that a scan here fails with", async () => {
    expect(await failureOf(scanInWorker(script, join(scratch, "none")))).toMatchObject({
      code: "cache_not_found",
      message: expect.stringContaining("first download"),
      fields: { cache_dir: join(scratch, "none") },
    });
  });

  it("is waited for until the signal comes, and the next one is answered", async () => {
    const thread = new ScannerThread(script, cache);
    const before = failureOf(thread.list({ signal: AbortSignal.abort() }));
    const stop = new AbortController();
    const during = failureOf(thread.scan({ signal: stop.signal }));
    stop.abort();
    expect(await before).toMatchObject({ code: "aborted" });
    expect(await during).toMatchObject({ code: "aborted" });
    expect(await thread.list()).toMatchObject({ nb_repos: 1 });
    await thread.close();
  });

  it("whose thread ends is an error, not a wait for ever; the next one starts another thread", async () => {
    const thread = new ScannerThread(script, cache);
    const failure = failureOf(thread.scan());
    await thread.close();
    expect(await failure).toMatchObject({ code: "internal", message: expect.stringContaining("it was closed") });
    expect(await thread.list()).toMatchObject({ nb_repos: 1 });
    await thread.close();
  });

  it("whose script is missing says which, and what to do", async () => {
    const missing = join(scratch, "missing.mjs");
    expect(await failureOf(scanInWorker(missing, cache))).toMatchObject({
      code: "internal",
      message: expect.stringMatching(/missing\.mjs.*npm run build/),
    });
  });

  it("keeps the process alive while it is awaited, and not after", async () => {
    const library = join(scratch, "scanner-thread.mjs");
    await bundleHub("scan/thread.ts", library);
    const program = `const { ScannerThread } = await import(${JSON.stringify(library)});
      void new ScannerThread(...process.argv.slice(1)).list().then(({ nb_repos }) => console.log(nb_repos));`;
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--input-type=module",
      "-e",
      program,
      script,
      cache,
    ]);
    expect(stdout).toBe("1\n"); // and the process has ended by itself
  });
});
