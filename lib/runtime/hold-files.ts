import { realpathSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { MemwellError } from "../errors";
import { tryShare, type FileLock } from "../hub";

/** A cleaner locks a file for a moment to see whether somebody uses it. */
const TRIES = 20;
const BETWEEN_TRIES_MS = 50;

/**
 * Marks files as in use, so that nobody who cleans the cache removes them.
 *
 * @returns what to call once they are not used any more
 * @throws MemwellError `cache_in_use` when one of them is being removed
 */
export async function holdFiles(paths: readonly string[]): Promise<() => void> {
  const locks: FileLock[] = [];
  const release = (): void => {
    for (const lock of locks) lock.release();
  };
  try {
    for (const path of paths) {
      const lock = await share(path);
      if (lock !== null) locks.push(lock);
    }
    return release;
  } catch (thrown) {
    release();
    throw thrown;
  }
}

/** Null for what cannot be marked, or is not there: it is loaded all the same, and loading says what is wrong with it. */
async function share(path: string): Promise<FileLock | null> {
  for (let tries = 0; tries < TRIES; tries++) {
    const real = realPath(path);
    if (real === null) return null;
    try {
      const lock = tryShare(real);
      if (lock !== null) return lock;
    } catch {
      return null;
    }
    await sleep(BETWEEN_TRIES_MS);
  }
  throw new MemwellError("cache_in_use", `${path} is being removed by another program. Ask again when that is done.`, {
    path,
  });
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
