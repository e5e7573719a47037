import type { CompletionIdentity } from "./chat-completion-response";
import type { CompletionFinishReason, CompletionUsage } from "./chat-completion-types";
import { DONE_FRAME } from "./sse";

/**
 * The frames of OpenAI's stream (https://platform.openai.com/docs/api-reference/chat/streaming). They are made once a token
 * between two tokens of a busy machine, so all that is the same in every chunk is put together beforehand.
 */
export class CompletionFrames {
  readonly #includeUsage: boolean;
  readonly #head: string;
  readonly #textStart: string;
  readonly #thoughtStart: string;
  readonly #end: string;
  readonly #usageField: string;

  /** @param includeUsage whether the stream ends with a chunk of token counts */
  constructor({ id, created, model }: CompletionIdentity, includeUsage: boolean) {
    this.#includeUsage = includeUsage;
    const shared = JSON.stringify({ id, object: "chat.completion.chunk", created, model });
    // OpenAI: with include_usage, every chunk but the last has "usage": null.
    this.#usageField = includeUsage ? ',"usage":null' : "";
    this.#head = `data: ${shared.slice(0, -1)},"choices":[`;
    this.#textStart = `${this.#head}{"index":0,"delta":{"content":`;
    this.#thoughtStart = `${this.#head}{"index":0,"delta":{"reasoning_content":`;
    this.#end = `},"logprobs":null,"finish_reason":null}]${this.#usageField}}\n\n`;
  }

  /** The first chunk, which says who speaks. `memwell`: an object to go with it. */
  start(memwell?: object): string {
    return this.#delta({ role: "assistant", content: "" }, memwell);
  }

  text(text: string): string {
    return this.#textStart + JSON.stringify(text) + this.#end;
  }

  thought(text: string): string {
    return this.#thoughtStart + JSON.stringify(text) + this.#end;
  }

  /** A chunk that adds nothing to the answer and carries Memwell's own field. */
  aside(memwell: object): string {
    return this.#delta({}, memwell);
  }

  /** The last chunk of the answer, the chunk of token counts where it was asked for, and `[DONE]`. */
  end(reason: CompletionFinishReason, memwell: object, usage: CompletionUsage): string {
    const facts = JSON.stringify(memwell);
    const last = `${this.#head}{"index":0,"delta":{},"logprobs":null,"finish_reason":"${reason}"}]${this.#usageField},"memwell":${facts}}\n\n`;
    const counts = this.#includeUsage ? `${this.#head}],"usage":${JSON.stringify(usage)}}\n\n` : "";
    return last + counts + DONE_FRAME;
  }

  #delta(delta: object, memwell: object | undefined): string {
    const choice = JSON.stringify({ index: 0, delta, logprobs: null, finish_reason: null });
    const field = memwell === undefined ? "" : `,"memwell":${JSON.stringify(memwell)}`;
    return `${this.#head}${choice}]${this.#usageField}${field}}\n\n`;
  }
}

/** At most four progress comments a second. */
const PROGRESS_EVERY_MS = 250;

/** Thins out progress: what begins something new is always shown. */
export class ProgressGate {
  #stage = "";
  #shownAt = -Infinity;

  /** @param now milliseconds of a clock that never goes back; for tests */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Whether the progress of this stage is to be shown now. */
  mayShow(stage: string): boolean {
    const now = this.now();
    if (stage === this.#stage && now - this.#shownAt < PROGRESS_EVERY_MS) return false;
    this.#stage = stage;
    this.#shownAt = now;
    return true;
  }
}
