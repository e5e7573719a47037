import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { answerOf } from "../../../lib/hub/flock";
import { lock, tryLock, tryLockForRemoval, tryLockLeavingNoFile, tryShare } from "../../../lib/hub/lock";
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

/** How this process has a file open; Linux alone tells. */
function flagsOf(path: string): number | undefined {
  const found = readdirSync("/proc/self/fd").find((name) => leadOf(`/proc/self/fd/${name}`) === path);
  const [, flags = ""] = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${found}`, "utf8")) ?? [];
  return parseInt(flags, 8) & 3;
}

function leadOf(link: string): string | null {
  try {
    return readlinkSync(link);
  } catch {
    return null;
  }
}

function asNobody(act: () => void): void {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    act();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
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

describe("a lock file", () => {
  it("that is a link is not followed: nothing is made where it leads", () => {
    const path = newFile();
    mkdirSync(join(path, ".."), { recursive: true });
    symlinkSync(join(path, "..", "elsewhere"), path);
    expect(() => tryLock(path)).toThrow(expect.objectContaining({ code: "ELOOP" }));
    expect(() => tryLockLeavingNoFile(path)).toThrow(expect.objectContaining({ code: "ELOOP" }));
    expect(existsSync(join(path, "..", "elsewhere"))).toBe(false);
  });

  it("that had to be made goes with the release, and no other does", () => {
    const path = newFile();
    const made = tryLockLeavingNoFile(path);
    expect(tryLock(path)).toBeNull();
    expect(tryLockLeavingNoFile(path)).toBeNull();
    made?.release();
    expect(existsSync(path)).toBe(false);
    tryLock(path)?.release();
    tryLockLeavingNoFile(path)?.release();
    expect(existsSync(path)).toBe(true);
  });
});

describe("what the system answers to a lock", () => {
  it.each([
    ["EAGAIN", "held"],
    ["EWOULDBLOCK", "held"],
    ["EINTR", "interrupted"],
    ["ENOSYS", "unsupported"],
    ["EOPNOTSUPP", "unsupported"],
    ["ENOTSUP", "unsupported"],
    ["ENOLCK", "failed"],
    ["EBADF", "failed"],
    ["EIO", "failed"],
    ["unknown", "failed"],
  ])("%s means %s", (code, answer) => {
    expect(answerOf(code)).toBe(answer);
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

  it("is opened for writing before it is removed, which NFS asks for, and for reading where that is not allowed", () => {
    const path = newBlob();
    const removal = tryLockForRemoval(path);
    expect(flagsOf(path)).toBe(constants.O_RDWR);
    removal?.release();
    chmodSync(path, 0o444);
    asNobody(() => {
      const readOnly = tryLockForRemoval(path);
      expect(readOnly?.isReal).toBe(true);
      expect(flagsOf(path)).toBe(constants.O_RDONLY);
      readOnly?.release();
    });
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
