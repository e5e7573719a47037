import type { LoadProgress } from "../engine";
import { commentFrame } from "./sse";

/** How much of the prompt has been read, in tokens. */
export interface PrefillProgress {
  evaluated: number;
  total: number;
}

/** What a stream tells before its generation begins; the runtime's `WaitEvent` fits. */
export type WaitNotice =
  | {
      type: "queued";
      position: number;
      waitingFor: { reason: string; models: string[] };
      /** In ms; null while nothing is known. */
      estimateMs: number | null;
    }
  | { type: "loading"; progress: LoadProgress };

/** What the comment `queued {...}` carries. Fields may be added. */
export interface QueuedComment {
  /** From 1, over everyone who waits. */
  position: number;
  estimate_ms: number | null;
  /** footprint, load, stop, busy or turn; and the models that is about. */
  reason: string;
  models: string[];
}

/** What the comment `loading {...}` carries. */
export interface LoadingComment {
  stage: LoadProgress["stage"];
  /** 0 to 100 within the stage. */
  percent: number;
}

/** Waiting as a comment of the stream; see `encodeProgress`. */
export function encodeWait(notice: WaitNotice): string {
  if (notice.type === "queued") {
    const { position, estimateMs, waitingFor } = notice;
    const body: QueuedComment = { position, estimate_ms: estimateMs, ...waitingFor };
    return commentFrame(`queued ${JSON.stringify(body)}`);
  }
  const { stage, fraction } = notice.progress;
  const body: LoadingComment = { stage, percent: Math.round(fraction * 100) };
  return commentFrame(`loading ${JSON.stringify(body)}`);
}

/** Says that somebody still waits: proxies end a connection on which nothing is sent. */
export const HEARTBEAT_FRAME = commentFrame("waiting");

/** Progress as a comment of the stream: OpenAI's clients skip it, our page shows it. */
export function encodeProgress(progress: PrefillProgress): string {
  return commentFrame(`prefill ${progress.evaluated}/${progress.total}`);
}
