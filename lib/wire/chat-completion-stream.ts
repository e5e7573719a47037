import type { GenerateEvent } from "../engine";
import { CompletionFrames, ProgressGate } from "./chat-completion-frames";
import { encodeFinishReason, encodeTimings, encodeUsage, type CompletionIdentity } from "./chat-completion-response";
import { errorBody } from "./errors";
import { encodeProgress, encodeWait, type WaitNotice, type WaitSubject } from "./progress";
import { dataFrame } from "./sse";

export interface ChunkEncoderOptions {
  includeUsage: boolean;
  /** Milliseconds of a clock that never goes back; for tests. */
  now?: () => number;
}

/**
 * Encodes a generation's events as OpenAI's stream: `encode` takes one event and returns what to send for it, perhaps
 * nothing.
 */
export class ChunkEncoder {
  readonly #frames: CompletionFrames;
  readonly #gate: ProgressGate;

  constructor(identity: CompletionIdentity, { includeUsage, now }: ChunkEncoderOptions) {
    this.#frames = new CompletionFrames(identity, includeUsage);
    this.#gate = new ProgressGate(now);
  }

  encode(event: GenerateEvent | WaitNotice): string {
    switch (event.type) {
      case "text":
        return this.#frames.text(event.text);
      case "thought":
        return this.#frames.thought(event.text);
      case "prompt":
        return this.#frames.start();
      case "prefill":
        return this.#gate.mayShow("prefill") ? encodeProgress(event) : "";
      case "done":
        return this.#frames.end(encodeFinishReason(event.finishReason), encodeTimings(event), encodeUsage(event.usage));
      case "failed":
        // No [DONE] after it: a stream that failed did not end.
        return dataFrame(errorBody(event.error));
      default:
        return encodeWaitThrough(this.#gate, event);
    }
  }
}

/** A wait as a comment, or nothing where one like it was told a moment ago. */
export function encodeWaitThrough(gate: ProgressGate, wait: WaitNotice, subject?: WaitSubject): string {
  // The scheduler tells only what changed.
  if (wait.type === "queued") return encodeWait(wait, subject);
  const stage = wait.type === "fetching" ? wait.progress.type : wait.progress.stage;
  return gate.mayShow(stage) ? encodeWait(wait, subject) : "";
}
