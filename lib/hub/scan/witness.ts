import { lstatSync } from "node:fs";

/**
 * A file system's times may be this coarse (FAT counts in 2 s, ext4 in 4 ms or so): what changes twice within it carries
 * the same time twice. So what was read sooner than this after its last change is read again, as the second change would
 * not show.
 */
export const COARSEST_TIME_MS = 2000;

/** In whole numbers: those of an inode on some file systems are larger than a double can tell apart. */
interface Stamp {
  inode: bigint;
  size: bigint;
  modifiedNs: bigint;
  /** The one time that no program can set back. */
  changedNs: bigint;
}

const NS_IN_MS = 1_000_000n;

export interface WitnessData {
  stamps: Map<string, Stamp | null>;
  isTrusted: boolean;
}

/** Tells whether what was read of a repository would be read the same now, from one call a folder. */
export class Witness {
  #stamps = new Map<string, Stamp | null>();
  readonly #trustedUntilNs: bigint;
  #isTrusted = true;

  constructor(coarsestTimeMs = COARSEST_TIME_MS) {
    this.#trustedUntilNs = BigInt(Date.now() - coarsestTimeMs) * NS_IN_MS;
  }

  /** Call it before `path`, a folder or a file, is read: what changes during the reading then shows as a change. */
  saw(path: string): void {
    if (this.#stamps.has(path)) return;
    const stamp = stampOf(path);
    this.#stamps.set(path, stamp);
    if (stamp !== null && this.#isRecent(stamp)) this.doubt();
  }

  /** What was read depends on something that may change unseen, such as what a link elsewhere leads to. */
  doubt(): void {
    this.#isTrusted = false;
  }

  /** For another thread. */
  toData(): WitnessData {
    return { stamps: this.#stamps, isTrusted: this.#isTrusted };
  }

  static fromData({ stamps, isTrusted }: WitnessData): Witness {
    const witness = new Witness();
    witness.#stamps = stamps;
    witness.#isTrusted = isTrusted;
    return witness;
  }

  /** False when anything may have changed since. */
  holds(): boolean {
    if (!this.#isTrusted) return false;
    for (const [path, stamp] of this.#stamps) if (!isSame(stamp, stampOf(path))) return false;
    return true;
  }

  #isRecent({ modifiedNs, changedNs }: Stamp): boolean {
    return modifiedNs > this.#trustedUntilNs || changedNs > this.#trustedUntilNs;
  }
}

function stampOf(path: string): Stamp | null {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false, bigint: true });
    if (stats === undefined) return null;
    return { inode: stats.ino, size: stats.size, modifiedNs: stats.mtimeNs, changedNs: stats.ctimeNs };
  } catch {
    return null;
  }
}

function isSame(left: Stamp | null, right: Stamp | null): boolean {
  if (left === null || right === null) return left === right;
  return (
    left.inode === right.inode &&
    left.size === right.size &&
    left.modifiedNs === right.modifiedNs &&
    left.changedNs === right.changedNs
  );
}
