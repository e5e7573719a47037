import type { AgentEvent, StepId, TurnResult } from "../agent";
import type { ErrorRecord } from "../errors";
import type { WaitNotice } from "./progress";
import { DONE_FRAME, dataFrame } from "./sse";
import { endedStep, errorData, waitData } from "./ui-stream-data";
import { MessageParts } from "./ui-stream-parts";
import { TurnSummary } from "./ui-stream-summary";
import type { TurnChunk, TurnErrorData, TurnMetadata } from "./ui-stream-types";

/** Whose stream this is; ids as the store has them. */
export interface UiStreamIdentity {
  run: string;
  conversation: string;
  userMessage: string;
  assistantMessage: string;
  /** In ms since 1970. */
  beganAt?: number | undefined;
}

/** How a run ended; the store's `Run` fits. */
export interface UiStreamEnd {
  outcome: "done" | "stopped" | "failed" | "interrupted";
  error: ErrorRecord | null;
  /** The number of the run's newest event; 0 when there is none. */
  lastSequence: number;
}

/** Of a turn whose server died before it ended. */
export const INTERRUPTED: TurnErrorData = {
  code: "interrupted",
  message: "The server stopped before this answer was finished. What was said until then is kept: ask again.",
};
const STOPPED = "The answer was stopped.";

/**
 * One run as a UI message stream of the AI SDK 6 (https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol): `begin`, then
 * `encode` for each event from the first on, then `end`. The same events give the same frames, so a reader that comes back
 * is served by encoding all events again and throwing away what it has seen; `begin` is told again only to a reader that
 * begins again.
 *
 * | call     | its frames                                     | the last one's `id`          |
 * |----------|------------------------------------------------|------------------------------|
 * | `begin`  | the message's id and metadata                  | 0                            |
 * | `encode` | one or a few                                   | the event's sequence number  |
 * | `end`    | an end where the events had none, and `[DONE]` | that of the run's last event |
 *
 * Only the last frame of an event has an `id`: `Last-Event-ID` never points into the middle of one. A reader that goes on
 * from an `id` throws away the frames it got after it.
 */
export class UiStreamEncoder {
  readonly #identity: UiStreamIdentity;
  readonly #parts: MessageParts;
  readonly #summary = new TurnSummary();
  #step: StepId | null = null;
  #isEnded = false;

  constructor(identity: UiStreamIdentity) {
    this.#identity = identity;
    this.#parts = new MessageParts(identity.run);
  }

  begin(): string {
    const { run, conversation, userMessage, assistantMessage, beganAt } = this.#identity;
    const messageMetadata: TurnMetadata = { run, conversation, userMessage, ...(beganAt !== undefined && { beganAt }) };
    return frames([{ type: "start", messageId: assistantMessage, messageMetadata }, { type: "start-step" }], 0);
  }

  /** @param sequence the event's number in its run, from 1 */
  encode(sequence: number, event: AgentEvent<WaitNotice>): string {
    return frames(this.#chunks(event), sequence);
  }

  end(run: UiStreamEnd): string {
    return frames(this.#isEnded ? [] : this.#missingEnd(run), run.lastSequence) + DONE_FRAME;
  }

  #chunks(event: AgentEvent<WaitNotice>): TurnChunk[] {
    switch (event.type) {
      case "step-start": {
        const { type: _, ...step } = event;
        this.#step = step;
        return [...this.#parts.endStep(), { type: "data-step", id: idOf(step), data: { ...step, state: "running" } }];
      }
      case "step-end":
        this.#step = null;
        this.#summary.add(event);
        return [...this.#parts.endStep(), { type: "data-step", id: idOf(event), data: endedStep(event) }];
      case "wait":
        return [{ type: "data-wait", data: waitData(event.role, event.wait), transient: true }];
      case "prefill": {
        const { evaluated, total } = event;
        return [{ type: "data-prefill", data: { evaluated, total }, transient: true }];
      }
      case "decision":
        return [{ type: "data-decision", id: `decision-${event.decision.id}`, data: event.decision }];
      case "tool-call":
        return this.#parts.call(event);
      case "tool-result":
        return this.#parts.result(event);
      case "tool-failed":
        return this.#parts.failure(event);
      case "thought":
        return this.#parts.thought(this.#step?.step ?? 0, event.kind, event.text);
      case "text":
        return this.#parts.text(event.text);
      case "done":
        return this.#done(event);
      case "failed":
        return event.error.code === "aborted" ? this.#abort(event.error.message) : this.#fail(errorData(event.error));
    }
  }

  #done(result: TurnResult): TurnChunk[] {
    const { finishReason, practice } = result;
    const said: TurnChunk[] = [{ type: "data-turn", id: "turn", data: this.#summary.of(result) }];
    if (practice !== undefined) said.unshift({ type: "data-practice", id: "practice", data: practice });
    if (finishReason === "aborted") return this.#endWith(said, { type: "abort", reason: STOPPED });
    return this.#endWith(said, { type: "finish", finishReason });
  }

  #abort(reason: string): TurnChunk[] {
    return this.#endWith([], { type: "abort", reason });
  }

  #fail(data: TurnErrorData): TurnChunk[] {
    return this.#endWith([{ type: "data-error", id: "error", data }], { type: "error", errorText: data.message });
  }

  /** A run may end without a final event: its server died, or its record was full. */
  #missingEnd({ outcome, error }: UiStreamEnd): TurnChunk[] {
    if (outcome === "done") return this.#endWith([], { type: "finish", finishReason: "other" });
    if (outcome === "stopped") return this.#abort(error?.message ?? STOPPED);
    return this.#fail(error === null || outcome === "interrupted" ? INTERRUPTED : errorData(error));
  }

  #endWith(said: TurnChunk[], last: TurnChunk): TurnChunk[] {
    this.#isEnded = true;
    const chunks = this.#parts.endAll();
    if (this.#step !== null) {
      chunks.push({ type: "data-step", id: idOf(this.#step), data: { ...this.#step, state: "interrupted" } });
      this.#step = null;
    }
    return [...chunks, ...said, { type: "finish-step" }, last];
  }
}

function idOf({ step }: StepId): string {
  return `step-${step}`;
}

function frames(chunks: readonly TurnChunk[], sequence: number): string {
  const last = chunks.length - 1;
  return chunks.map((chunk, index) => dataFrame(chunk, index === last ? sequence : undefined)).join("");
}
