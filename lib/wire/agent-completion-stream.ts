import type { AgentEvent } from "../agent";
import { TurnTrace } from "./agent-completion-trace";
import { CompletionFrames, ProgressGate } from "./chat-completion-frames";
import { encodeFinishReason, type CompletionIdentity } from "./chat-completion-response";
import { encodeWaitThrough, type ChunkEncoderOptions } from "./chat-completion-stream";
import { errorBody } from "./errors";
import { encodeProgress, type WaitNotice } from "./progress";
import { dataFrame } from "./sse";

/**
 * Encodes a turn of the agent as OpenAI's stream: `encode` takes one event and returns what to send for it, perhaps
 * nothing.
 *
 * | event                          | chunk                                                                      |
 * |--------------------------------|----------------------------------------------------------------------------|
 * | the first                      | has the role                                                               |
 * | steps, decisions, tools        | `memwell: {event}` beside an empty delta                                   |
 * | `thought`, of whatever kind    | `delta.reasoning_content`                                                  |
 * | `text`                         | `delta.content`                                                            |
 * | `wait`, `prefill`              | a comment, as a model's own stream has it; a wait with its `role`          |
 * | `done`                         | the finish reason with `memwell: {...times, trace}`, token counts, `[DONE]` |
 * | `failed`                       | a frame with the error, and no `[DONE]`                                    |
 */
export class AgentChunkEncoder {
  readonly #frames: CompletionFrames;
  readonly #gate: ProgressGate;
  readonly #trace = new TurnTrace();
  #hasBegun = false;
  #step = 0;

  constructor(identity: CompletionIdentity, { includeUsage, now }: ChunkEncoderOptions) {
    this.#frames = new CompletionFrames(identity, includeUsage);
    this.#gate = new ProgressGate(now);
  }

  encode(event: AgentEvent<WaitNotice>): string {
    if (event.type === "failed") return dataFrame(errorBody(event.error));
    const told = this.#trace.see(event);
    const isFirst = !this.#hasBegun;
    this.#hasBegun = true;
    if (told !== null) {
      if (told.type === "step-start") this.#step = told.step;
      return isFirst ? this.#frames.start({ event: told }) : this.#frames.aside({ event: told });
    }
    return (isFirst ? this.#frames.start() : "") + this.#content(event);
  }

  #content(event: AgentEvent<WaitNotice>): string {
    switch (event.type) {
      case "text":
        return this.#frames.text(event.text);
      case "thought":
        return this.#frames.thought(this.#trace.thoughtText(event));
      case "prefill":
        return this.#gate.mayShow(`prefill of step ${this.#step}`) ? encodeProgress(event) : "";
      case "wait":
        return encodeWaitThrough(this.#gate, event.wait, { role: event.role });
      case "done":
        return this.#frames.end(encodeFinishReason(event.finishReason), this.#trace.facts(event), this.#trace.usage());
      default:
        return "";
    }
  }
}
