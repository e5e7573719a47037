import { lstatSync } from "node:fs";
import { toSystem, type BytePath } from "./byte-path";

/** Files that have several names: each counts where it is met first. */
export class HardLinks {
  /** Names beyond the first. */
  count = 0;
  /** What those names would take if each were a copy. Bytes. */
  savedSize = 0;
  readonly #seen = new Set<string>();

  /** Whether this file was met before under another name. Call it for files with more than one name. */
  isAnotherName(path: BytePath, size: number): boolean {
    const key = identityOf(path);
    if (key === null || !this.#seen.has(key)) {
      if (key !== null) this.#seen.add(key);
      return false;
    }
    this.count += 1;
    this.savedSize += size;
    return true;
  }
}

/** In whole numbers: the inodes of some file systems are larger than a double can tell apart. */
function identityOf(path: BytePath): string | null {
  try {
    const { dev, ino } = lstatSync(toSystem(path), { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}
