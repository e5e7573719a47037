import type { RepoType } from "../layout";

/** A file as the Hub lists it. One of the hashes is null: large files have a sha256, small ones a git-sha1. */
export interface RemoteFile {
  path: string;
  /** Bytes. */
  size: number;
  sha256: string | null;
  oid: string | null;
}

export type VerifyState =
  | "ok"
  /** The content is not what its name, or the Hub, says. */
  | "mismatch"
  /** The snapshot's link leads nowhere. */
  | "missing"
  /** On the Hub, and never downloaded: nothing is wrong with that. */
  | "absent"
  /** Here, but not on the Hub. */
  | "extra"
  /** Nothing says what it should be: a file of a cache without links, when the Hub was not asked. */
  | "unchecked";

export interface VerifiedFile {
  commit_hash: string;
  file: string;
  path: string | null;
  state: VerifyState;
  /** Hashes in hex; null: unknown. */
  expected: string | null;
  actual: string | null;
}

export interface VerifyReport {
  repo_type: RepoType;
  repo_id: string;
  /** No file is a mismatch, missing or extra. */
  ok: boolean;
  /** Bytes read. */
  size_checked: number;
  files: VerifiedFile[];
}

export interface VerifyOptions {
  /** A ref or a commit hash; all revisions unless told. */
  revision?: string;
  signal?: AbortSignal;
  /** Bytes hashed so far, and all that will be. */
  onProgress?: (progress: { done: number; total: number; file: string }) => void;
  /** The files of the revision as the Hub lists them; needs `revision` unless there is just one. */
  remote?: readonly RemoteFile[];
}
