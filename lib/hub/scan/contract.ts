import type { RepoName } from "../layout";

/*
 * What a scan of the cache answers. Names are huggingface_hub's; sizes are bytes, times are seconds since 1970, paths are
 * absolute. On a valid cache every figure is that of its `scan_cache_dir`.
 */

/** One real file, however many snapshots show it. */
export interface CachedBlob {
  /** In the repo's `blobs`; the snapshot's own file where links are impossible; else where the link leads. */
  path: string;
  size_on_disk: number;
  last_accessed: number;
  last_modified: number;
  /** The payload in the shared store that `path` is a link to; null when the bytes are at `path`. */
  shared_path: string | null;
}

export interface CachedFile {
  file_path: string;
  /** The same object for every file that shows this blob. */
  blob: CachedBlob;
}

export interface CachedRevision {
  commit_hash: string;
  snapshot_path: string;
  /** Each real file once. */
  size_on_disk: number;
  nb_files: number;
  /** Sorted: `main`, `refs/pr/1`. None: the revision is detached. */
  refs: string[];
  last_modified: number;
  files: CachedFile[];
}

/** A file with its size: an unused blob, an incomplete download. */
export interface SizedFile {
  path: string;
  size_on_disk: number;
}

export interface FolderSize {
  size_on_disk: number;
  nb_files: number;
}

export interface CachedRepo extends RepoName {
  repo_path: string;
  /** Of the blobs that revisions use, each once. */
  size_on_disk: number;
  nb_files: number;
  last_accessed: number;
  last_modified: number;
  refs: string[];
  /** By commit hash. */
  revisions: CachedRevision[];
  /** huggingface_hub would leave this repo out of its scan; a warning says why. What is whole is counted all the same. */
  damaged: boolean;
  /** Blobs that no revision uses. A link into the shared store counts 0: the store holds the bytes. */
  unused_blobs: SizedFile[];
  no_exist: FolderSize;
  trees: FolderSize;
}

export interface ScanWarning {
  path: string;
  message: string;
}

export interface CacheScan {
  cache_dir: string;
  /** Every real file that a revision uses, once in the whole cache, and the whole shared store. */
  size_on_disk: number;
  nb_repos: number;
  /** By path. */
  repos: CachedRepo[];
  incomplete: SizedFile[];
  /** The shared store's payloads; null when the cache has no such store. */
  shared_store: FolderSize | null;
  /** Those of its payloads that two repositories or more use. */
  shared_by_repos: FolderSize;
  /** Copies of a large file that another repository has too: what keeping one for all of them would save. */
  duplicates: FolderSize;
  /** What a removal that was cut off had moved aside, in no other figure; the next removal ends it. */
  leftover: FolderSize | null;
  /** Beside the cache, and in no other figure; null when not asked for, or when there is no such folder. */
  xet: FolderSize | null;
  assets: FolderSize | null;
  warnings: ScanWarning[];
}
