import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { scanCache } from "../../../lib/hub/scan/scan";
import { CacheScanner } from "../../../lib/hub/scan/scanner";
import { commit, RepoBuilder, scratchFolder } from "./helpers";

const A = commit("aa");
const FILES = 30;

/** Builds a repository of `FILES` files of one byte and removes it, until it is ended. */
const PROGRAM = `
  const { mkdirSync, rmSync, symlinkSync, writeFileSync } = require("node:fs");
  const repo = process.argv[1];
  for (let round = 0; ; round++) {
    const snapshot = repo + "/snapshots/${A}/sub";
    for (const folder of [repo + "/blobs", repo + "/refs", snapshot]) mkdirSync(folder, { recursive: true });
    for (let file = 0; file < ${FILES}; file++) {
      const etag = String(file).padStart(40, "0");
      writeFileSync(repo + "/blobs/" + etag, "x");
      symlinkSync("../../../blobs/" + etag, snapshot + "/" + file);
    }
    writeFileSync(repo + "/refs/main", "${A}");
    rmSync(repo, { recursive: true });
    if (round === 0) process.stdout.write("ready");
  }`;

it("a repository that another process builds and removes meanwhile is said to be damaged or gone, or is whole", async () => {
  const cache = join(scratchFolder(), "hub");
  mkdirSync(cache);
  new RepoBuilder(cache, "models--a--stays").revision(A, { "a.txt": 1000 });
  new RepoBuilder(cache, "models--z--stays").revision(A, { "a.txt": 100 });
  const child = spawn(process.execPath, ["-e", PROGRAM, join(cache, "models--m--flickers")]);
  try {
    await once(child.stdout, "data");
    const scanner = new CacheScanner(cache);
    let halves = 0;
    for (let scans = 0; scans < 100 || halves === 0; scans++) {
      const scan = await (scans % 2 === 0 ? scanner.scan() : scanCache(cache));
      const flickering = scan.repos.find(({ repo_id }) => repo_id === "m/flickers");
      expect(scan.size_on_disk).toBe(1100 + (flickering?.size_on_disk ?? 0));
      expect(flickering?.size_on_disk ?? 0).toBeLessThanOrEqual(FILES);
      if (flickering === undefined || flickering.damaged) halves += 1;
    }
  } finally {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
});
