import { closeSync, fstatSync, mkdirSync, openSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MemwellError } from "../errors";

/*
 * Locks as huggingface_hub's: `flock(2)` on a file (its `filelock` package calls it so), which the kernel drops when the
 * process that holds it ends, however it ends. Node has no call for it, so libc's is called.
 */

const LOCK_SHARED = 1;
const LOCK_EXCLUSIVE = 2;
const LOCK_NONBLOCKING = 4;
/** How often somebody who waits asks again; `filelock` does so too. */
const POLL_MS = 50;

/** Held until `release`, which may be called twice. */
export interface FileLock {
  release(): void;
}

type Answer = "taken" | "held" | "unsupported";
type Flock = (descriptor: number, operation: number) => Answer;
let flock: Flock | undefined;

/**
 * Takes the lock at `path` unless another holds it; makes the file and its folder when they are missing.
 *
 * @returns null when another process, or this one through another call, holds it.
 * @throws whatever `open` throws: `EACCES`, `ENOSPC` and so on.
 */
export function tryLock(path: string): FileLock | null {
  mkdirSync(dirname(path), { recursive: true });
  // Group-writable as huggingface_hub's, so that several users of one cache can wait for each other.
  return lockDescriptor(path, "a+", LOCK_EXCLUSIVE, 0o664);
}

/**
 * Marks the file at `path` as in use: others may do so too, and `tryLockForRemoval` answers null meanwhile. Null when
 * there is no such file, or when it is being removed.
 */
export function tryShare(path: string): FileLock | null {
  return withoutMissing(() => lockDescriptor(path, "r", LOCK_SHARED));
}

/** Takes a file that nobody uses, so that it may be removed; null when somebody does or when it has gone. */
export function tryLockForRemoval(path: string): FileLock | null {
  return withoutMissing(() => lockDescriptor(path, "r", LOCK_EXCLUSIVE));
}

/**
 * Waits for the lock at `path`.
 *
 * @param options.onWait called once, when somebody else holds it.
 * @throws MemwellError `aborted`.
 */
export async function lock(
  path: string,
  options: { signal?: AbortSignal; onWait?: () => void } = {},
): Promise<FileLock> {
  for (let tries = 0; ; tries++) {
    if (options.signal?.aborted) throw new MemwellError("aborted", "Waiting for a lock of the cache was cancelled.");
    const taken = tryLock(path);
    if (taken !== null) return taken;
    if (tries === 0) options.onWait?.();
    await sleep(POLL_MS, undefined, { signal: options.signal }).catch(() => {});
  }
}

function lockDescriptor(path: string, flags: string, operation: number, mode?: number): FileLock | null {
  const call = loadFlock();
  // A file may be removed between opening and locking it: the lock would then be one that nobody else can see.
  for (let tries = 0; tries < 10; tries++) {
    const descriptor = openSync(path, flags, mode);
    const release = releaseOf(descriptor);
    try {
      if (call(descriptor, operation) === "held") {
        release();
        return null;
      }
      if (isStill(path, descriptor)) return { release };
      release();
    } catch (thrown) {
      release();
      throw thrown;
    }
  }
  return null;
}

function releaseOf(descriptor: number): () => void {
  let isHeld = true;
  return () => {
    if (isHeld) closeSync(descriptor);
    isHeld = false;
  };
}

function isStill(path: string, descriptor: number): boolean {
  const now = statSync(path, { throwIfNoEntry: false });
  const held = fstatSync(descriptor);
  return now !== undefined && now.ino === held.ino && now.dev === held.dev;
}

/**
 * "unsupported" on Windows, where huggingface_hub locks differently, and on file systems without `flock` (some NFS): as
 * there, a download then goes on without its lock, which costs at worst a file that is fetched twice.
 */
function loadFlock(): Flock {
  if (flock !== undefined) return flock;
  if (process.platform === "win32") return (flock = () => "unsupported");
  // Loaded at the first lock only: a native package, which a scan does not need.
  const koffi = createRequire(import.meta.url)("koffi") as typeof import("koffi");
  const call = koffi.load(null).func("int flock(int, int)") as unknown as (fd: number, operation: number) => number;
  flock = (descriptor, operation) => {
    if (call(descriptor, operation | LOCK_NONBLOCKING) === 0) return "taken";
    return koffi.errno() === koffi.os.errno["EAGAIN"] ? "held" : "unsupported";
  };
  return flock;
}

function withoutMissing(lockIt: () => FileLock | null): FileLock | null {
  try {
    return lockIt();
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return null;
    throw thrown;
  }
}
