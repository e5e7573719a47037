import type { AgentEvent } from "../agent";
import type { ErrorRecord } from "../errors";
import { withoutRefusedNames } from "./ui-stream-data";
import type { TurnChunk } from "./ui-stream-types";

type ToolEvent<Type extends string> = Extract<AgentEvent<unknown>, { type: Type }>;

/** A message has one answer. */
const TEXT = "text";
/**
 * The tool has run here. A reader that sends a message on by itself once its own tools have answered must not take this
 * one for its own.
 */
export const RUN_BY_SERVER = { dynamic: true, providerExecuted: true } as const;

export const NOT_ANSWERED = "The step ended before this tool had answered. Ask again.";

/** The text, thought and tool parts of one message: which are open, and what begins, continues and ends them. */
export class MessageParts {
  readonly #run: string;
  #thought: string | null = null;
  #thoughtsOfStep = 0;
  #isTextOpen = false;
  readonly #announced = new Set<string>();
  readonly #unanswered = new Set<string>();

  constructor(run: string) {
    this.#run = run;
  }

  /** A step has one thought; what comes after some of the answer is another one. */
  thought(step: number, kind: string, delta: string): TurnChunk[] {
    if (this.#thought !== null) return [{ type: "reasoning-delta", id: this.#thought, delta }];
    this.#thoughtsOfStep += 1;
    const id = this.#thoughtsOfStep === 1 ? `step-${step}` : `step-${step}-${this.#thoughtsOfStep}`;
    this.#thought = id;
    return [
      { type: "reasoning-start", id, providerMetadata: { memwell: { kind } } },
      { type: "reasoning-delta", id, delta },
    ];
  }

  text(delta: string): TurnChunk[] {
    const chunks = this.#endThought();
    if (!this.#isTextOpen) chunks.push({ type: "text-start", id: TEXT });
    this.#isTextOpen = true;
    chunks.push({ type: "text-delta", id: TEXT, delta });
    return chunks;
  }

  /** A call that is made once more takes the place of the first. */
  call({ call, tool, input }: Pick<ToolEvent<"tool-call">, "call" | "tool" | "input">): TurnChunk[] {
    this.#announced.add(call);
    this.#unanswered.add(call);
    const toolCallId = this.#toolCallId(call);
    const plain = withoutRefusedNames(input);
    return [{ type: "tool-input-available", toolCallId, toolName: tool, input: plain, ...RUN_BY_SERVER }];
  }

  result({ call, text, display }: ToolEvent<"tool-result">): TurnChunk[] {
    this.#unanswered.delete(call);
    const output = withoutRefusedNames({ text, display });
    return [{ type: "tool-output-available", toolCallId: this.#toolCallId(call), output, ...RUN_BY_SERVER }];
  }

  /** A tool may fail before its call was told: its arguments could not be had. */
  failure({ call, tool, error }: { call: string; tool: string; error: ErrorRecord }): TurnChunk[] {
    const toolCallId = this.#toolCallId(call);
    const isAnnounced = this.#announced.has(call);
    this.#announced.add(call);
    this.#unanswered.delete(call);
    const failed = {
      toolCallId,
      errorText: error.message,
      providerMetadata: { memwell: { code: error.code } },
      ...RUN_BY_SERVER,
    };
    if (isAnnounced) return [{ type: "tool-output-error", ...failed }];
    return [{ type: "tool-input-error", toolName: tool, input: null, ...failed }];
  }

  /** Ends what belongs to a step. A tool that has not answered by then will not. */
  endStep(): TurnChunk[] {
    const chunks = this.#endThought();
    this.#thoughtsOfStep = 0;
    for (const call of this.#unanswered) {
      const toolCallId = this.#toolCallId(call);
      chunks.push({ type: "tool-output-error", toolCallId, errorText: NOT_ANSWERED, ...RUN_BY_SERVER });
    }
    this.#unanswered.clear();
    return chunks;
  }

  endAll(): TurnChunk[] {
    const chunks = this.endStep();
    if (this.#isTextOpen) chunks.push({ type: "text-end", id: TEXT });
    this.#isTextOpen = false;
    return chunks;
  }

  #endThought(): TurnChunk[] {
    const id = this.#thought;
    this.#thought = null;
    return id === null ? [] : [{ type: "reasoning-end", id }];
  }

  /** A run counts its own calls: those of another turn have the same names. */
  #toolCallId(call: string): string {
    return `${this.#run}-${call}`;
  }
}
