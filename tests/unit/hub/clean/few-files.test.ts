import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { link, RepoBuilder, scratchFolder } from "../helpers";
import { ageAll, DETACHED, MAIN } from "./support";

const scratch = scratchFolder();
let caches = 0;
const etag = (index: number) => String(index).padStart(64, "0");

/** 400 blobs that a detached revision shows, and a lock file for each, as downloads leave them; and one in `main`. */
function manyBlobs(): RepoBuilder {
  const repo = new RepoBuilder(join(scratch, `cache-${(caches += 1)}`)).revision(MAIN, { a: 1 }).ref("main", MAIN);
  const locks = join(repo.cache, ".locks", "models--org--name");
  mkdirSync(locks, { recursive: true });
  for (let index = 0; index < 400; index++) {
    link(join(repo.snapshot(DETACHED), `${index}.bin`), repo.blob(etag(index), 10));
    writeFileSync(join(locks, `${etag(index)}.lock`), "");
  }
  ageAll(repo.cache);
  return repo;
}

function clean(repo: RepoBuilder, ...action: string[]): unknown {
  const program = [
    resolve("node_modules/tsx/dist/cli.mjs"),
    "tests/unit/hub/clean/few-files.ts",
    repo.cache,
    ...action,
  ];
  const child = spawnSync("bash", ["-c", 'ulimit -n 256 && exec "$@"', "bash", process.execPath, ...program]);
  expect(child.stderr.toString()).toBe("");
  return JSON.parse(child.stdout.toString());
}

describe("where a process may have 256 files open", () => {
  it("a repository of 400 blobs goes whole", () => {
    const repo = manyBlobs();
    expect(clean(repo, "rm", "org/name")).toEqual({ expected: 4001, freed_size: 4001, reasons: [] });
    expect(existsSync(repo.path)).toBe(false);
  });

  it("a revision of 400 blobs goes with all of them", () => {
    const repo = manyBlobs();
    expect(clean(repo, "prune")).toEqual({ expected: 4000, freed_size: 4000, reasons: [] });
    expect(readdirSync(join(repo.path, "blobs"))).toHaveLength(1);
  });

  it("what cannot be locked any more stays, and the answer says what to do", () => {
    const repo = manyBlobs();
    expect(clean(repo, "prune-without")).toMatchObject({
      reasons: [expect.stringContaining("too many files are open: raise `ulimit -n`")],
    });
  });
});
