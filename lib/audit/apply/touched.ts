import type { BigIntStats } from "node:fs";
import { identityOf } from "./disk";

interface Known {
  mtime: bigint;
  size: bigint;
}

/** What this apply itself has changed, which is no change by others: names it moved, and folders it moved them from. */
export class Touched {
  readonly #entries = new Map<string, Known>();
  readonly #folders = new Set<string>();

  entry(identity: string, known: Known): void {
    this.#entries.set(identity, known);
  }

  folder(identity: string): void {
    this.#folders.add(identity);
  }

  /**
   * Whether nobody else has changed it since then. Any change of a file's bytes, of its name or of who may read it gives it a
   * new time of change of state, which no program can set.
   *
   * @param since nanoseconds since 1970
   */
  isAsItWas(stats: BigIntStats, since: bigint): boolean {
    if (stats.ctimeNs < since) return true;
    const identity = identityOf(stats);
    if (stats.isDirectory() && this.#folders.has(identity)) return true;
    const known = this.#entries.get(identity);
    return known !== undefined && known.mtime === stats.mtimeNs && (stats.isDirectory() || known.size === stats.size);
  }
}
