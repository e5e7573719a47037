import { readdirSync, statSync, type BigIntStats, type Dirent } from "node:fs";
import { basename, dirname, join } from "node:path";
import { MemwellError } from "../../errors";
import { lstatOrNull, realPath, statOrNull, systemCodeOf } from "../folder";
import { BLOBS, isIncomplete } from "../layout";
import { tryLockForRemoval, tryLockLeavingNoFile, type FileLock } from "../lock";
import { holderOf, holderWords } from "../open-files";
import { inodeOf, rethrow, walk } from "./files";

/** Whoever still downloads has written to the file since then. */
const DEAD_DOWNLOAD_MS = 86_400_000;
export const CANNOT_TELL = "it cannot be told whether this is in use: its file system has no locks";
const TOO_MANY_OPEN = ["EMFILE", "ENFILE"];

/*
 * Every question here is answered with null for "go on", else with why not. Each lock that is held is an open file, of
 * which a process may have few: a whole repository is asked file by file, and only a few locks are held at a time.
 */

/** Whether anybody downloads into a repository at this moment. `root`: the real path of the cache. */
export function downloadsInto(root: string, repoPath: string): string | null {
  for (const name of lockNames(root, repoPath)) {
    const locks = new HeldLocks(root, repoPath);
    const busy = locks.download(basename(name, ".lock"));
    locks.release();
    if (busy !== null) return busy;
  }
  return null;
}

/** Whether a process uses a file below `folder` at this moment, or what a link among its blobs leads to. */
export function usesBelow(root: string, folder: string): string | null {
  let busy: string | null = null;
  const visit = (path: string, entry: Dirent) => {
    const isBlob = entry.isSymbolicLink() && basename(dirname(path)) === BLOBS;
    if (busy === null && (entry.isFile() || isBlob)) busy = useOf(root, path);
  };
  walk(folder, visit, rethrow);
  return busy;
}

/** Whether a process uses this file at this moment. */
export function useOf(root: string, path: string): string | null {
  const locks = new HeldLocks(root, dirname(path));
  const busy = locks.use(path);
  locks.release();
  return busy;
}

/** A few locks, held until `release`: meanwhile nobody downloads these blobs, and nobody begins to use them. */
export class HeldLocks {
  readonly #folder: string;
  readonly #answers = new Map<string, string | null>();
  readonly #held: FileLock[] = [];

  constructor(
    private readonly root: string,
    repoPath: string,
  ) {
    this.#folder = lockFolder(root, repoPath);
  }

  /** A blob, whole or not, that is about to be unlinked. */
  blob(path: string): string | null {
    const [etag = ""] = basename(path).split(".");
    const reason = this.download(etag) ?? this.use(path);
    // Nobody loads a part of a file, and where there are no locks each download has a file of its own, which none resumes.
    return reason === CANNOT_TELL && isDeadDownload(path) ? null : reason;
  }

  /** Whether anybody downloads this blob. */
  download(etag: string): string | null {
    const path = join(this.#folder, `${etag}.lock`);
    return this.#ask(path, () => {
      const real = realPath(this.#folder);
      if (real !== null && real !== this.#folder) return `the folder of its locks is a link, to ${real}`;
      const lock = tryLockLeavingNoFile(path);
      return lock === null ? `a download of ${etag} is in flight` : this.#hold(lock);
    });
  }

  /** Whether a process of Memwell has this file loaded, or any other of this machine has it open. */
  use(path: string): string | null {
    const stats = bigStatOrNull(path);
    // What is no file, such as a pipe, is nothing to load, and opening it could take forever.
    if (!stats?.isFile()) return null;
    // By inode: a lock is one of the bytes, and their second name would find the first one's lock.
    const inode = inodeOf(stats);
    return this.#ask(inode, () => {
      const lock = tryLockForRemoval(path);
      if (lock !== null) return this.#hold(lock) ?? openedBy(this.root, path, inode);
      return statOrNull(path) === null ? null : `${path} is in use`;
    });
  }

  release(): void {
    for (const lock of this.#held) lock.release();
    this.#held.length = 0;
  }

  #hold(lock: FileLock): string | null {
    this.#held.push(lock);
    return lock.isReal ? null : CANNOT_TELL;
  }

  #ask(path: string, ask: () => string | null): string | null {
    const known = this.#answers.get(path);
    if (known !== undefined) return known;
    const answer = askOrExplain(ask);
    this.#answers.set(path, answer);
    return answer;
  }
}

/** Why a file stays that another process has open; null when none is seen to. */
export function openedBy(root: string, path: string, inode: string): string | null {
  const holder = holderOf(root, inode);
  return holder === null ? null : `${path} is in use by ${holderWords(holder)}`;
}

function lockFolder(root: string, repoPath: string): string {
  return join(root, ".locks", basename(repoPath));
}

function lockNames(root: string, repoPath: string): string[] {
  try {
    return readdirSync(lockFolder(root, repoPath)).filter((name) => name.endsWith(".lock"));
  } catch (thrown) {
    if (systemCodeOf(thrown) === "ENOENT") return [];
    throw thrown;
  }
}

function bigStatOrNull(path: string): BigIntStats | null {
  try {
    return statSync(path, { bigint: true });
  } catch {
    return null;
  }
}

function isDeadDownload(path: string): boolean {
  const stats = isIncomplete(path) ? lstatOrNull(path) : null;
  return stats?.isFile() === true && stats.mtimeMs < Date.now() - DEAD_DOWNLOAD_MS;
}

/** What cannot be locked is not known to be free. */
export function askOrExplain(ask: () => string | null): string | null {
  try {
    return ask();
  } catch (thrown) {
    if (thrown instanceof MemwellError) return thrown.message;
    const code = systemCodeOf(thrown);
    if (TOO_MANY_OPEN.includes(code)) return "too many files are open: raise `ulimit -n`, or try again later";
    return `it cannot be locked (${code})`;
  }
}
