import type { ErrorRecord } from "../../errors";
import type { RepoListing } from "../client/listing";
import type { Patience } from "../client/retry";

/*
 * What a download says while it runs. Sizes are bytes, times ms, paths of files those of the listing.
 *
 * Order, for each file: `file`, then any number of `progress`, `waiting` and `retrying`, then perhaps `verifying`, then
 * `file-done`. Files come one after the other. The last event of all is `done` or `failed`, exactly one of them.
 */
export type DownloadEvent =
  /** `received`: what was there before, of an earlier try. */
  | { type: "file"; path: string; size: number; received: number }
  /** At most about five a second. */
  | ({ type: "progress"; path: string; size: number; received: number } & TotalProgress)
  /** Another process is downloading the same file. */
  | { type: "waiting"; path: string }
  | { type: "retrying"; path: string; error: ErrorRecord; wait_ms: number }
  /** All bytes are there; what is still to be hashed is. */
  | { type: "verifying"; path: string }
  /** `downloaded`: false when the cache had the file already. */
  | { type: "file-done"; path: string; snapshot_path: string; downloaded: boolean }
  | { type: "done"; snapshot_path: string; files: DownloadedFile[] }
  /** What has been received stays, for the next try: an abort (`aborted`) is a pause. */
  | { type: "failed"; error: ErrorRecord };

export interface TotalProgress {
  /** Of all files that were asked for. */
  total_size: number;
  total_received: number;
  /** Of the last seconds. */
  bytes_per_second: number;
  /** Until all files are there, at that rate; null while no rate is known. */
  remaining_ms: number | null;
}

export interface DownloadedFile {
  path: string;
  size: number;
  /** In the snapshot. */
  file_path: string;
}

export interface DownloadRequest {
  listing: RepoListing;
  /** Of the listing. */
  paths: readonly string[];
}

export interface DownloadOptions {
  signal?: AbortSignal | undefined;
  /** Ranges of one file at once. */
  connections?: number | undefined;
  patience?: Patience | undefined;
}
