import type { Shortened, WithPaths } from "./contract";

/** The first entries of a list, and how many there are. Pure. */
export function shorten<Entry>(list: readonly Entry[], most: number): Shortened<Entry> {
  return { entries: list.slice(0, most), count: list.length };
}

/** As `shorten`, each entry as `convert` makes it. */
export function shortenTo<Entry, Shown>(
  list: readonly Entry[],
  most: number,
  convert: (entry: Entry) => Shown,
): Shortened<Shown> {
  return { entries: list.slice(0, most).map(convert), count: list.length };
}

const MOST_PATHS = 20;

/** The first of the paths of an entry, and how many there are. Pure. */
export function withFewPaths<Entry extends { paths: string[] }>(entry: Entry): WithPaths<Entry> {
  return { ...entry, paths: entry.paths.slice(0, MOST_PATHS), nb_paths: entry.paths.length };
}
