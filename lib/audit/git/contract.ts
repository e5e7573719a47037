/** What would keep a git repository small: values only, nothing is written. Sizes in bytes. */
export interface GitHygiene {
  /** Lines that a file of the repository lacks, to be added at its end. */
  missing_lines: MissingLines[];
  history: GitHistory;
}

export interface MissingLines {
  path: ".gitignore" | ".gitattributes";
  lines: string[];
  why: string;
}

export interface GitHistory {
  /** `git`: asked git, which knows names; `files`: read from packs and loose objects, which do not. */
  source: "git" | "files";
  /** Files that clones carry along, the largest first. */
  large_objects: LargeObject[];
  /** Shorter ones are not told. */
  least_size: number;
  /** False when there was too much to look at all of it, or not all could be read. */
  is_complete: boolean;
}

export interface LargeObject {
  /** As git names it. */
  id: string;
  /** Of the file; null where only git could tell. */
  size: number | null;
  /** What it takes in the repository, compressed. */
  size_on_disk: number;
  /** One of its names; null where only git could tell. */
  path: string | null;
  /** Removes it from the history; rewrites all commits, so everybody clones anew. */
  command: string;
}
