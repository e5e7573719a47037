import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { realPath, statOrNull, systemCodeOf } from "../folder";
import { tryLock, tryLockForRemoval, type FileLock } from "../lock";

/**
 * The locks of one repository, all held until `release`: while they are, nobody downloads into it what is being removed,
 * and nobody begins to use it. A question is answered with null for "go on", else with why not.
 */
export class RepoLocks {
  readonly #folder: string;
  readonly #answers = new Map<string, string | null>();
  readonly #held: FileLock[] = [];

  /** `root`: the real path of the cache. */
  constructor(root: string, repoPath: string) {
    this.#folder = join(root, ".locks", basename(repoPath));
  }

  /** Whether anybody downloads into this repository. */
  downloads(): string | null {
    let busy: string | null = null;
    for (const name of this.#lockNames()) busy ??= this.#lock(name);
    return busy;
  }

  /** Whether anybody downloads this blob, whole or not. */
  download(blobName: string): string | null {
    const [etag = blobName] = blobName.split(".");
    return this.#lock(`${etag}.lock`);
  }

  /** Whether a process of Memwell has this file loaded. */
  use(path: string): string | null {
    const stats = statOrNull(path);
    // What is no file, such as a pipe, is nothing to load, and opening it could take forever.
    if (!stats?.isFile()) return null;
    // By inode: a lock is one of the bytes, and their second name would find the first one's lock.
    return this.#ask(`${stats.dev}:${stats.ino}`, () => {
      const lock = tryLockForRemoval(path);
      if (lock === null) return statOrNull(path) ? `${path} is in use` : null;
      this.#held.push(lock);
      return null;
    });
  }

  release(): void {
    for (const lock of this.#held) lock.release();
    this.#held.length = 0;
  }

  #lockNames(): string[] {
    try {
      return readdirSync(this.#folder).filter((name) => name.endsWith(".lock"));
    } catch (thrown) {
      if (systemCodeOf(thrown) === "ENOENT") return [];
      throw thrown;
    }
  }

  #lock(name: string): string | null {
    const path = join(this.#folder, name);
    return this.#ask(path, () => {
      const real = realPath(this.#folder);
      if (real !== null && real !== this.#folder) return `the folder of its locks is a link, to ${real}`;
      const lock = tryLock(path);
      if (lock === null) return `a download of ${basename(path, ".lock")} is in flight`;
      this.#held.push(lock);
      return null;
    });
  }

  #ask(path: string, ask: () => string | null): string | null {
    const known = this.#answers.get(path);
    if (known !== undefined) return known;
    const answer = askOrExplain(ask);
    this.#answers.set(path, answer);
    return answer;
  }
}

/** What cannot be locked is not known to be free. */
function askOrExplain(ask: () => string | null): string | null {
  try {
    return ask();
  } catch (thrown) {
    return `it cannot be locked (${systemCodeOf(thrown)})`;
  }
}
