import { closeSync, constants, fstatSync, mkdirSync, openSync, statSync, unlinkSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { MemwellError } from "../errors";
import { LOCK_EXCLUSIVE, LOCK_SHARED, loadFlock } from "./flock";
import { systemCodeOf } from "./folder";

/*
 * Locks as huggingface_hub's: `flock(2)` on a file (its `filelock` package calls it so), which the kernel drops when the
 * process that holds it ends, however it ends. Node has no call for it, so libc's is called.
 */

/** How often somebody who waits asks again; `filelock` does so too. */
const POLL_MS = 50;

// A lock file that is a link would have a file made wherever it leads; opening a pipe would wait for its other end.
const LOCK_FILE = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;
/** Group-writable as huggingface_hub's, so that several users of one cache can wait for each other. */
const LOCK_FILE_MODE = 0o664;
/** The last one: a program that runs. */
const NOT_WRITABLE = ["EACCES", "EROFS", "EPERM", "ETXTBSY"];

/** Held until `release`, which may be called twice. */
export interface FileLock {
  /** False where there are no locks: then it keeps nobody out, and tells nothing of what others do. */
  readonly isReal: boolean;
  release(): void;
}

/**
 * Takes the lock at `path` unless another holds it; makes the file and its folder when they are missing.
 *
 * @returns null when another process, or this one through another call, holds it.
 * @throws whatever `open` throws: `EACCES`, `ENOSPC`, `ELOOP` for a link; MemwellError `cache_invalid` when `flock` fails.
 */
export function tryLock(path: string): FileLock | null {
  mkdirSync(dirname(path), { recursive: true });
  return lockFile(path, () => openSync(path, LOCK_FILE, LOCK_FILE_MODE), LOCK_EXCLUSIVE);
}

/** As `tryLock`, but a file that it had to make is gone again with the release. */
export function tryLockLeavingNoFile(path: string): FileLock | null {
  let isNew = false;
  mkdirSync(dirname(path), { recursive: true });
  const taken = lockFile(path, () => openOrMake(path, (isMade) => (isNew = isMade)), LOCK_EXCLUSIVE);
  if (taken === null || !isNew) return taken;
  const release = once(() => {
    // Removed while it is held: whoever waits for it sees that its file has gone, and makes a new one.
    withoutMissing(() => unlinkSync(path));
    taken.release();
  });
  return { isReal: taken.isReal, release };
}

/**
 * Marks the file at `path` as in use: others may do so too, and `tryLockForRemoval` answers null meanwhile. Null when
 * there is no such file, or when it is being removed.
 */
export function tryShare(path: string): FileLock | null {
  return withoutMissing(() => lockFile(path, () => openSync(path, "r"), LOCK_SHARED));
}

/**
 * Takes a file that nobody uses, so that it may be removed; null when somebody does or when it has gone. A lock that is
 * not real does not tell whether anybody uses it: who removes such a file removes it blindly.
 */
export function tryLockForRemoval(path: string): FileLock | null {
  return withoutMissing(() => lockFile(path, () => openForRemoval(path), LOCK_EXCLUSIVE));
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

function lockFile(path: string, open: () => number, operation: number): FileLock | null {
  const call = loadFlock();
  // A file may be removed between opening and locking it: the lock would then be one that nobody else can see.
  for (let tries = 0; tries < 10; tries++) {
    const descriptor = open();
    const release = once(() => closeSync(descriptor));
    try {
      const answer = call(descriptor, operation, path);
      if (answer === "held") {
        release();
        return null;
      }
      if (isStill(path, descriptor)) return { isReal: answer === "taken", release };
      release();
    } catch (thrown) {
      release();
      throw thrown;
    }
  }
  return null;
}

function openOrMake(path: string, onOpen: (isMade: boolean) => void): number {
  try {
    const descriptor = openSync(path, LOCK_FILE | constants.O_EXCL, LOCK_FILE_MODE);
    onOpen(true);
    return descriptor;
  } catch (thrown) {
    if (systemCodeOf(thrown) !== "EEXIST") throw thrown;
    onOpen(false);
    return openSync(path, LOCK_FILE, LOCK_FILE_MODE);
  }
}

/** NFS gives an exclusive lock only to whoever may write. */
function openForRemoval(path: string): number {
  try {
    return openSync(path, "r+");
  } catch (thrown) {
    if (!NOT_WRITABLE.includes(systemCodeOf(thrown))) throw thrown;
    return openSync(path, "r");
  }
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}

/** By big numbers: an inode may be larger than a double tells apart. */
function isStill(path: string, descriptor: number): boolean {
  const now = statSync(path, { bigint: true, throwIfNoEntry: false });
  const held = fstatSync(descriptor, { bigint: true });
  return now !== undefined && now.ino === held.ino && now.dev === held.dev;
}

/** Null for a file that is not there. */
function withoutMissing<Answer>(act: () => Answer): Answer | null {
  try {
    return act();
  } catch (thrown) {
    if (systemCodeOf(thrown) === "ENOENT") return null;
    throw thrown;
  }
}
