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
  | { type: "fetching"; progress: FetchProgress }
  | { type: "loading"; progress: LoadProgress };

/** How far a model's files are, before it is loaded; the runtime's `FetchEvent` fits. Sizes in bytes, times in ms. */
export type FetchProgress =
  | { type: "resolving" | "waiting" | "verifying" }
  | { type: "chosen"; reason: string; bytes: number }
  | {
      type: "downloading";
      total_size: number;
      total_received: number;
      bytes_per_second: number;
      remaining_ms: number | null;
    }
  | { type: "retrying"; error: { message: string }; wait_ms: number }
  | { type: "unreachable"; error: { message: string } };

/** Whose wait it is, where the agent waits for the model of a role. */
export interface WaitSubject {
  role?: "reasoning" | "response";
}

/** What the comment `queued {...}` carries. Fields may be added. */
export interface QueuedComment extends WaitSubject {
  /** From 1, over everyone who waits. */
  position: number;
  estimate_ms: number | null;
  /** footprint, load, stop, busy or turn; and the models that is about. */
  reason: string;
  models: string[];
}

/** What the comment `loading {...}` carries. */
export interface LoadingComment extends WaitSubject {
  stage: LoadProgress["stage"];
  /** 0 to 100 within the stage. */
  percent: number;
}

/** What the comment `fetching {...}` carries. Fields may be added. */
export interface FetchingComment extends WaitSubject {
  stage: FetchProgress["type"];
  /** Of all files, in bytes; absent outside of `downloading`. */
  received?: number;
  total?: number;
  bytes_per_second?: number;
  remaining_ms?: number | null;
  /** Why this quant was chosen, or what is tried again. */
  message?: string;
}

/** Waiting as a comment of the stream; see `encodeProgress`. */
export function encodeWait(notice: WaitNotice, subject: WaitSubject = {}): string {
  const { type, ...body } = waitBody(notice);
  return commentFrame(`${type} ${JSON.stringify({ ...body, ...subject })}`);
}

/** Waiting, as comments and data parts tell of it. */
export type WaitBody =
  | ({ type: "queued" } & QueuedComment)
  | ({ type: "fetching" } & FetchingComment)
  | ({ type: "loading" } & LoadingComment);

export function waitBody(notice: WaitNotice): WaitBody {
  if (notice.type === "queued") {
    const { position, estimateMs, waitingFor } = notice;
    return { type: "queued", position, estimate_ms: estimateMs, ...waitingFor };
  }
  if (notice.type === "fetching") return { type: "fetching", ...fetchingComment(notice.progress) };
  const { stage, fraction } = notice.progress;
  return { type: "loading", stage, percent: Math.round(fraction * 100) };
}

/** A download as it is told to people and programs. */
export function fetchingComment(progress: FetchProgress): FetchingComment {
  switch (progress.type) {
    case "downloading": {
      const { total_received: received, total_size: total, bytes_per_second, remaining_ms } = progress;
      return { stage: "downloading", received, total, bytes_per_second, remaining_ms };
    }
    case "chosen":
      return { stage: "chosen", message: progress.reason };
    case "retrying":
    case "unreachable":
      return { stage: progress.type, message: progress.error.message };
    default:
      return { stage: progress.type };
  }
}

/** Says that somebody still waits: proxies end a connection on which nothing is sent. */
export const HEARTBEAT_FRAME = commentFrame("waiting");

/** Progress as a comment of the stream: OpenAI's clients skip it, our page shows it. */
export function encodeProgress(progress: PrefillProgress): string {
  return commentFrame(`prefill ${progress.evaluated}/${progress.total}`);
}
