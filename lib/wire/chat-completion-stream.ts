import type { GenerateEvent } from "../engine";
import { encodeFinishReason, encodeTimings, encodeUsage, type CompletionIdentity } from "./chat-completion-response";
import { errorBody } from "./errors";
import { encodeProgress, encodeWait, type WaitNotice } from "./progress";
import { DONE_FRAME, dataFrame } from "./sse";

/** At most four progress comments a second. */
const PROGRESS_EVERY_MS = 250;

export interface ChunkEncoderOptions {
  includeUsage: boolean;
  /** Milliseconds of a clock that never goes back; for tests. */
  now?: () => number;
}

/**
 * Encodes a generation's events as OpenAI's stream: `encode` takes one event and returns what to send for it, perhaps
 * nothing. It runs once a token between two tokens of a busy machine, so all that is the same in every chunk is put
 * together beforehand.
 */
export class ChunkEncoder {
  readonly #includeUsage: boolean;
  readonly #now: () => number;
  readonly #head: string;
  readonly #textStart: string;
  readonly #thoughtStart: string;
  readonly #end: string;
  readonly #usageField: string;
  #stage = "";
  #progressShownAt = -Infinity;

  constructor(identity: CompletionIdentity, options: ChunkEncoderOptions) {
    this.#includeUsage = options.includeUsage;
    this.#now = options.now ?? (() => performance.now());
    const { id, created, model } = identity;
    const shared = JSON.stringify({ id, object: "chat.completion.chunk", created, model });
    // OpenAI: with include_usage, every chunk but the last has "usage": null.
    this.#usageField = this.#includeUsage ? ',"usage":null' : "";
    this.#head = `data: ${shared.slice(0, -1)},"choices":[`;
    this.#textStart = `${this.#head}{"index":0,"delta":{"content":`;
    this.#thoughtStart = `${this.#head}{"index":0,"delta":{"reasoning_content":`;
    this.#end = `},"logprobs":null,"finish_reason":null}]${this.#usageField}}\n\n`;
  }

  encode(event: GenerateEvent | WaitNotice): string {
    switch (event.type) {
      case "text":
        return this.#textStart + JSON.stringify(event.text) + this.#end;
      case "thought":
        return this.#thoughtStart + JSON.stringify(event.text) + this.#end;
      case "prompt":
        return `${this.#head}{"index":0,"delta":{"role":"assistant","content":""${this.#end}`;
      case "prefill":
        return this.#mayShow() ? encodeProgress({ evaluated: event.evaluated, total: event.total }) : "";
      case "queued":
        // The scheduler tells only what changed.
        return encodeWait(event);
      case "fetching":
        return this.#mayShow(event.progress.type) ? encodeWait(event) : "";
      case "loading":
        return this.#mayShow(event.progress.stage) ? encodeWait(event) : "";
      case "done":
        return this.#done(event);
      case "failed":
        // No [DONE] after it: a stream that failed did not end.
        return dataFrame(errorBody(event.error));
    }
  }

  /** What begins something new is always shown. */
  #mayShow(stage = "prefill"): boolean {
    const now = this.#now();
    if (stage === this.#stage && now - this.#progressShownAt < PROGRESS_EVERY_MS) return false;
    this.#stage = stage;
    this.#progressShownAt = now;
    return true;
  }

  #done(event: Extract<GenerateEvent, { type: "done" }>): string {
    const reason = encodeFinishReason(event.finishReason);
    const timings = JSON.stringify(encodeTimings(event));
    const last = `${this.#head}{"index":0,"delta":{},"logprobs":null,"finish_reason":"${reason}"}]${this.#usageField},"memwell":${timings}}\n\n`;
    const usage = this.#includeUsage ? `${this.#head}],"usage":${JSON.stringify(encodeUsage(event.usage))}}\n\n` : "";
    return last + usage + DONE_FRAME;
  }
}
