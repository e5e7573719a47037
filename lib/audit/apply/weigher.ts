import type { BigIntStats } from "node:fs";
import type { Sizes } from "./contract";
import { identityOf } from "./disk";

const BLOCK_BYTES = 512n;

/** What files free when they go: a file with several names frees its blocks with the last of them. Folders count as nothing. */
export class Weigher {
  /** Names that went, of files with several. */
  readonly #names: Map<string, number>;

  constructor(names: ReadonlyMap<string, number> = new Map()) {
    this.#names = new Map(names);
  }

  /** For a step that may yet be left alone. */
  copy(): Weigher {
    return new Weigher(this.#names);
  }

  add(stats: BigIntStats): Sizes {
    if (stats.isDirectory()) return noSizes();
    const apparent = Number(stats.size);
    const onDisk = stats.blocks === undefined ? apparent : Number(stats.blocks * BLOCK_BYTES);
    if (stats.nlink <= 1n) return { apparent_size: apparent, size_on_disk: onDisk };
    const identity = identityOf(stats);
    const count = (this.#names.get(identity) ?? 0) + 1;
    this.#names.set(identity, count);
    return { apparent_size: count === 1 ? apparent : 0, size_on_disk: BigInt(count) === stats.nlink ? onDisk : 0 };
  }
}

export function noSizes(): Sizes {
  return { apparent_size: 0, size_on_disk: 0 };
}

export function sumOf(all: readonly Sizes[]): Sizes {
  const sum = noSizes();
  for (const sizes of all) addTo(sum, sizes);
  return sum;
}

export function addTo(sum: Sizes, more: Sizes): void {
  sum.apparent_size += more.apparent_size;
  sum.size_on_disk += more.size_on_disk;
}

export function difference(all: Sizes, less: Sizes): Sizes {
  return {
    apparent_size: all.apparent_size - less.apparent_size,
    size_on_disk: all.size_on_disk - less.size_on_disk,
  };
}
