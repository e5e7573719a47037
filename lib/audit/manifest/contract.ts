/**
 * Where a folder's models went, and how they come back: a small file, in place of gigabytes. `memwell models pull
 * --manifest FILE` puts each of them at its path again.
 */
export interface Manifest {
  version: 1;
  /** Sorted by path; each path once. */
  entries: ManifestEntry[];
}

export interface ManifestEntry {
  /** Where it belongs: from the folder of the manifest on, with `/` between folders. */
  path: string;
  repo_type: "model" | "dataset";
  /** ORG/NAME. */
  repo: string;
  /** Its path in the repository. */
  file: string;
  /** The commit: what a branch says may change. */
  revision: string;
  /** In hexadecimal digits. */
  sha256: string;
  /** Bytes. */
  size: number;
  /** As the repository names it, such as `apache-2.0`; null where it does not. */
  license: string | null;
}

/** The manifest's name in a folder. */
export const MANIFEST_FILE = "memwell-models.json";

export const NO_ENTRIES: Manifest = { version: 1, entries: [] };
