/** What files take together. Bytes. */
export interface Sums {
  /** As their lengths say. */
  apparent_size: number;
  /** What the disk gave them: less for a sparse file, more for many small ones. */
  size_on_disk: number;
  nb_files: number;
}

export function noSums(): Sums {
  return { apparent_size: 0, size_on_disk: 0, nb_files: 0 };
}

export function addSums(to: Sums, more: Readonly<Sums>): void {
  to.apparent_size += more.apparent_size;
  to.size_on_disk += more.size_on_disk;
  to.nb_files += more.nb_files;
}

/** The sums of a key, which are begun at its first use. */
export function sumsOf<Key>(map: Map<Key, Sums>, key: Key): Sums {
  const known = map.get(key);
  if (known !== undefined) return known;
  const sums = noSums();
  map.set(key, sums);
  return sums;
}
