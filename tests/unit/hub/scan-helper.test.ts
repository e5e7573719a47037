import { execFile } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import type { CacheScan } from "../../../lib/hub/scan/contract";
import { scanCache } from "../../../lib/hub/scan/scan";
import { CacheScanner } from "../../../lib/hub/scan/scanner";
import { bundleHub, commit, etagOf, link, RepoBuilder, scratchFolder, writeSized } from "./helpers";
import { newStore, nextTick } from "./scanner-changes";

const scratch = scratchFolder();
const cache = join(scratch, "hub");
const script = join(scratch, "cache-worker.mjs");
const A = commit("aa");
const REPOS = 120;
const MOST_SCANS = 50;
/** In the first repository, so that the helper has started before the others are read, most of the time. */
const LINKS = 4000;
const repos = Array.from({ length: REPOS }, (_, index) => new RepoBuilder(cache, `models--org--${1000 + index}`));

beforeAll(async () => {
  await bundleHub("scan/worker.ts", script);
  newStore(cache);
  const payload = writeSized(join(cache, "blobs", "ab", "ab".repeat(32)), 10000);
  for (const [index, repo] of repos.entries()) {
    repo.revision(A, { "sub/b.txt": 10, "sub/same.txt": 10 }).ref("main", A);
    if (index % 10 === 0) repo.ref("old", commit("bb"));
    if (index % 3 === 0) link(join(repo.snapshot(A), "large"), link(join(repo.path, "blobs", "f".repeat(64)), payload));
  }
  const first = new RepoBuilder(cache, "models--first").revision(A, { "a.txt": 1 });
  for (let index = 0; index < LINKS; index++) {
    symlinkSync(`../../blobs/${etagOf(1)}`, join(first.snapshot(A), `link-${index}`));
  }
  mkdirSync(join(cache, "not-a-repo"));
  writeSized(join(cache, "models--org--file"), 1);
}, 30_000);

/** To compare two scans of a large cache by: `toEqual` takes a second. */
const textOf = (scan: CacheScan) => JSON.stringify(scan);

/** A helper that notes that it was asked for something, and then does this. */
function noted(name: string, onShare: string, then = ""): { helperScript: string; wasAsked: () => boolean } {
  const [path, note] = [join(scratch, `${name}.mjs`), join(scratch, `${name}.note`)];
  writeFileSync(
    path,
    `import { writeFileSync } from "node:fs";
     import { parentPort } from "node:worker_threads";
     parentPort.on("message", () => { writeFileSync(${JSON.stringify(note)}, ""); ${onShare} });
     ${then}`,
  );
  return { helperScript: path, wasAsked: () => existsSync(note) };
}

/** Until the helper was asked: a scan may be over before its thread has started. */
async function untilAsked(wasAsked: () => boolean, scan: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < MOST_SCANS && !wasAsked(); tries++) await scan();
  expect(wasAsked(), `the helper was asked for nothing in ${MOST_SCANS} scans`).toBe(true);
}

const started = "parentPort.postMessage([]);";
const realHelper = (name: string) => noted(name, "", `await import(${JSON.stringify(script)});`);

describe("a large cache read by two threads", { timeout: 30_000 }, () => {
  it("is answered as by one, in the same order, a file shown twice being one object", async () => {
    const { helperScript, wasAsked } = realHelper("real");
    await untilAsked(wasAsked, async () => {
      const scan = await scanCache(cache, { helperScript });
      expect(textOf(scan)).toBe(textOf(await scanCache(cache)));
      for (const { revisions } of scan.repos) {
        const [first, second] = revisions[0]?.files.filter(({ file_path }) => file_path.includes("/sub/")) ?? [];
        expect(first?.blob).toBe(second?.blob);
      }
    });
  });

  it.each([
    ["ends at its first share", "process.exit(1)"],
    ["fails at its first share", 'throw new Error("broken")'],
  ])("is answered all the same when the second thread %s", async (name, onShare) => {
    const { helperScript, wasAsked } = noted(name, onShare, started);
    await untilAsked(wasAsked, async () => {
      expect(textOf(await scanCache(cache, { helperScript }))).toBe(textOf(await scanCache(cache)));
    });
  });

  it("leaves no thread behind when reading throws", { timeout: 20_000 }, async () => {
    const program = join(scratch, "throwing.mjs");
    await bundleHub("scan/entries.ts", program);
    const { helperScript } = noted("idle", "", started);
    const code = `
      import { readdirSync } from "node:fs";
      import { readEntries } from ${JSON.stringify(program)};
      const recall = () => { throw new Error("out of memory"); };
      const repos = { recall, knows: () => false, learn: () => {}, coarsestTimeMs: null };
      const root = ${JSON.stringify(cache)};
      const context = { root, payloads: new Map(), repos };
      await readEntries(readdirSync(root, { withFileTypes: true }), context, ${JSON.stringify(helperScript)})
        .catch(({ message }) => console.log(message));`;
    // A thread that is left keeps the process alive until it is killed, which rejects.
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", code], {
      timeout: 10_000,
    });
    expect(stdout).toBe("out of memory\n");
  });

  it("is answered all the same when there is no second thread to start", async () => {
    const helperScript = join(scratch, "missing.mjs");
    expect(textOf(await scanCache(cache, { helperScript }))).toBe(textOf(await scanCache(cache)));
  });

  it("is remembered whoever has read it: the next scan reads what has changed", async () => {
    const { helperScript, wasAsked } = realHelper("remembering");
    nextTick(scratch);
    let scanner = new CacheScanner(cache, { helperScript }, 0);
    let before = await scanner.scan();
    await untilAsked(wasAsked, async () => {
      scanner = new CacheScanner(cache, { helperScript }, 0);
      before = await scanner.scan();
    });
    const changed = repos[REPOS - 1] ?? new RepoBuilder(cache);
    link(join(changed.snapshot(A), "sub", "c.txt"), changed.blob(etagOf(100), 100));
    const after = await scanner.scan();
    expect(textOf(after)).toBe(textOf(await scanCache(cache)));
    const readAgain = after.repos.filter((repo, index) => repo !== before.repos[index]);
    expect(readAgain.map(({ repo_path }) => repo_path)).toEqual([changed.path]);
  });
});
