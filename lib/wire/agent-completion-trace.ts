import type { AgentEvent, TurnResult } from "../agent";
import { timingsOf } from "./chat-completion-response";
import type {
  AgentCompletionFacts,
  AgentTraceEvent,
  AgentTraceStep,
  AgentTraceTool,
  CompletionUsage,
} from "./chat-completion-types";
import { errorBody } from "./errors";

type Thought = Extract<AgentEvent<unknown>, { type: "thought" }>;
const NOTHING_SPENT = { prefilled: 0, generated: 0, prefill_ms: 0, decode_ms: 0 };

/** Keeps of one turn's events what an answer tells at its end. */
export class TurnTrace {
  readonly #steps: AgentTraceStep[] = [];
  readonly #tools = new Map<string, AgentTraceTool>();
  #kind: Thought["kind"] | null = null;

  /** The event as a client is told it; null for one that is no part of the trace. */
  see(event: AgentEvent<unknown>): AgentTraceEvent | null {
    switch (event.type) {
      case "step-end": {
        const { type, ...ended } = event;
        const step = { ...ended, error: ended.error === null ? null : errorBody(ended.error).error };
        this.#steps.push(step);
        return { type, ...step };
      }
      case "tool-call":
        this.#toolOf(event).input = event.input;
        return event;
      case "tool-result":
        Object.assign(this.#toolOf(event), { text: event.text, display: event.display });
        return event;
      case "tool-failed": {
        const { error } = errorBody(event.error);
        this.#toolOf(event).error = error;
        return { ...event, error };
      }
      case "step-start":
      case "decision":
        return event;
      default:
        return null;
    }
  }

  /** A thought's text, with a blank line before it where notes of another kind end: they all come in one field. */
  thoughtText({ kind, text }: Thought): string {
    const separator = this.#kind === null || this.#kind === kind ? "" : "\n\n";
    this.#kind = kind;
    return separator + text;
  }

  /** Tokens of all steps. What the response model thinks by itself counts as its answer: no step tells it apart. */
  usage(): CompletionUsage {
    const sum = (tokens: (step: AgentTraceStep) => number): number =>
      this.#steps.reduce((total, step) => total + tokens(step), 0);
    const cached = sum(({ reused }) => reused);
    const prompt = cached + sum(({ prefilled }) => prefilled);
    const completion = sum(({ generated }) => generated);
    return {
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: prompt + completion,
      prompt_tokens_details: { cached_tokens: cached },
      completion_tokens_details: {
        reasoning_tokens: sum(({ name, generated }) => (name === "thinking" ? generated : 0)),
      },
    };
  }

  /** What Memwell says of the whole turn. */
  facts({ decisions, switches, omittedTurns }: TurnResult): AgentCompletionFacts {
    const response = this.#steps.findLast(({ name }) => name === "response");
    const tools = [...this.#tools.values()];
    const trace = { steps: this.#steps, decisions, tools, switches, omitted_turns: omittedTurns };
    return { ...timingsOf(response ?? NOTHING_SPENT), trace };
  }

  #toolOf({ call, tool }: { call: string; tool: string }): AgentTraceTool {
    const known = this.#tools.get(call);
    if (known !== undefined) return known;
    const use: AgentTraceTool = { call, tool, input: null, text: null, display: null, error: null };
    this.#tools.set(call, use);
    return use;
  }
}
