import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { lock, tryLock, tryLockForRemoval, tryShare } from "../../../lib/hub/lock";
import { failureOf, scratchFolder } from "./helpers";

const folder = scratchFolder();
let files = 0;
const newFile = () => join(folder, `${(files += 1)}`, "etag.lock");

/** A process of its own that takes `flock(2)` as Python's does, and says so. */
async function otherProcessLocks(path: string): Promise<ChildProcess> {
  mkdirSync(join(path, ".."), { recursive: true });
  const program = `
    const koffi = require(${JSON.stringify(createRequire(import.meta.url).resolve("koffi"))});
    const flock = koffi.load(null).func("int flock(int, int)");
    if (flock(require("node:fs").openSync(process.argv[1], "a"), 2) === 0) console.log("locked");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["-e", program, path], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

describe("a lock of the cache", () => {
  it("is had by one at a time, and again once it is released", () => {
    const path = newFile();
    const held = tryLock(path);
    expect(held).not.toBeNull();
    expect(tryLock(path)).toBeNull();
    held?.release();
    held?.release();
    const again = tryLock(path);
    expect(again).not.toBeNull();
    again?.release();
  });

  it("keeps out another process, and is kept out by it, until that one is killed", async () => {
    const path = newFile();
    const child = await otherProcessLocks(path);
    expect(tryLock(path)).toBeNull();
    let waited = false;
    const waiting = lock(path, { onWait: () => (waited = true) });
    expect(waited).toBe(true);
    child.kill("SIGKILL");
    (await waiting).release();
  });

  it("is seen by util-linux's flock", ({ skip }) => {
    if (spawnSync("flock", ["--version"]).error) skip("there is no flock program here");
    const path = newFile();
    const held = tryLock(path);
    const attempt = () => spawnSync("flock", ["--nonblock", path, "true"]).status;
    expect(attempt()).toBe(1);
    held?.release();
    expect(attempt()).toBe(0);
  });

  it("is a file that the group may write to, so that several users of one cache can wait for each other", () => {
    const path = newFile();
    const before = process.umask(0);
    tryLock(path)?.release();
    process.umask(before);
    expect(statSync(path).mode & 0o777).toBe(0o664);
  });

  it("is not waited for any longer by whoever gives up", async () => {
    const path = newFile();
    const held = tryLock(path);
    const failure = await failureOf(lock(path, { signal: AbortSignal.abort() }));
    expect(failure.code).toBe("aborted");
    const leave = new AbortController();
    const waiting = failureOf(lock(path, { signal: leave.signal, onWait: () => leave.abort() }));
    expect((await waiting).code).toBe("aborted");
    held?.release();
  });

  it("is none when its file is removed before it is had: it would be one that nobody else can see", async () => {
    const path = newFile();
    const child = await otherProcessLocks(path);
    rmSync(path);
    const mine = tryLock(path);
    expect(mine).not.toBeNull();
    expect(tryLock(path)).toBeNull();
    mine?.release();
    child.kill("SIGKILL");
  });
});

describe("a file in use", () => {
  const newBlob = () => {
    const path = newFile();
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, "weights");
    return path;
  };

  it("can be used by many, and is not removed meanwhile", () => {
    const path = newBlob();
    const [one, other] = [tryShare(path), tryShare(path)];
    expect(tryLockForRemoval(path)).toBeNull();
    one?.release();
    expect(tryLockForRemoval(path)).toBeNull();
    other?.release();
    const removal = tryLockForRemoval(path);
    expect(removal).not.toBeNull();
    expect(tryShare(path)).toBeNull();
    removal?.release();
  });

  it("that is not there can be neither used nor removed, and is not made", () => {
    const path = newFile();
    expect(tryShare(path)).toBeNull();
    expect(tryLockForRemoval(path)).toBeNull();
    expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });

  it("is the file a link leads to", () => {
    const path = newBlob();
    const link = `${path}.link`;
    symlinkSync(path, link);
    const held = tryShare(link);
    expect(tryLockForRemoval(path)).toBeNull();
    held?.release();
  });
});
