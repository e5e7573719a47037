import type { ErrorRecord } from "../../errors";
import type { Patience } from "../client/retry";
import type { RepoName } from "../layout";

/*
 * What an upload says while it runs. Sizes are bytes; `name` is a path in the repository.
 *
 * Order: `repo`, then any number of `progress`, `skipped` and `retrying`, the phases of `progress` in the order given
 * below. The last event of all is `done` or `failed`, exactly one of them.
 */
export type PublishEvent =
  /** `created`: it was not there before. */
  | { type: "repo"; repo_id: string; url: string; created: boolean }
  /** Now and then, and the end of each phase. Fewer bytes than before: some have to be sent again. */
  | { type: "progress"; phase: PublishPhase; bytes: number; total: number }
  /** The Hub has this file, byte for byte. */
  | { type: "skipped"; name: string; size: number }
  | { type: "retrying"; name: string; error: ErrorRecord; wait_ms: number }
  /** `commit_hash` is the one that was there when nothing was uploaded. */
  | { type: "done"; commit_hash: string; url: string; uploaded: string[]; skipped: string[] }
  /** What the Hub has received of large files it keeps for the next try. */
  | { type: "failed"; error: ErrorRecord };

/** Totals: of all files while hashing, of those that the Hub lacks afterwards. */
export type PublishPhase = "hashing" | "uploading" | "committing";

export interface PublishRequest {
  /** A name without an organisation is of the user whose token it is. */
  repo: RepoName;
  files: readonly PublishFile[];
  /** Of a repository that is created; one that is there stays as it is. Private unless said otherwise. */
  private?: boolean | undefined;
  /** The title of the commit. */
  message?: string | undefined;
}

export interface PublishFile {
  /** Absolute, on this machine. */
  path: string;
  /** In the repository, with `/` between folders. */
  name: string;
}

export interface PublishOptions {
  signal?: AbortSignal | undefined;
  patience?: Patience | undefined;
  /** Between two `progress` events of one phase; 200. */
  progressIntervalMs?: number | undefined;
}
