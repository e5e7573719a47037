import type { ErrorRecord } from "../errors";
import type { DownloadEvent, TotalProgress } from "../hub";

/** What is heard while a model's files are looked for and downloaded. Sizes in bytes, times in ms. */
export type FetchEvent =
  /** The Hub is asked what there is. */
  | { type: "resolving" }
  /** The Hub cannot be asked: what the cache has is taken. */
  | { type: "unreachable"; error: ErrorRecord }
  /** Which of several quants, and why. */
  | { type: "chosen"; reason: string; bytes: number }
  | ({ type: "downloading" } & TotalProgress)
  /** Another process is downloading the same file. */
  | { type: "waiting" }
  | { type: "retrying"; error: ErrorRecord; wait_ms: number }
  | { type: "verifying" };

/** What somebody who waits for a model hears of its download; null for what is of no interest to them. */
export function fetchEventOf(event: DownloadEvent): FetchEvent | null {
  switch (event.type) {
    case "progress": {
      const { total_size, total_received, bytes_per_second, remaining_ms } = event;
      return { type: "downloading", total_size, total_received, bytes_per_second, remaining_ms };
    }
    case "retrying":
      return { type: "retrying", error: event.error, wait_ms: event.wait_ms };
    case "waiting":
    case "verifying":
      return { type: event.type };
    default:
      return null;
  }
}
