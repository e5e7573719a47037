import type { AgentEvent, Decision, ToolDisplay } from "../agent";
import type { ErrorRecord } from "../errors";
import type { ErrorBody } from "./errors";

/** The answers of `POST /v1/chat/completions`, as OpenAI's clients read them, with Memwell's additions. */

/** Of `memwell`, sums over all steps of the turn: what its models read and wrote. */
export interface CompletionUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  /** Prompt tokens that were already evaluated, for an earlier request or an earlier step of the turn. */
  prompt_tokens_details: { cached_tokens: number };
  completion_tokens_details: { reasoning_tokens: number };
}

/** Times in milliseconds, speeds in tokens per second; a speed is null when there was nothing to measure. */
export interface CompletionTimings {
  prefill_ms: number;
  decode_ms: number;
  prompt_tokens_per_second: number | null;
  tokens_per_second: number | null;
}

export type CompletionFinishReason = "stop" | "length";

/** An event of the agent with its error, where it has one, as every answer tells errors. */
type Encoded<Event> = Event extends { error: ErrorRecord | null }
  ? Omit<Event, "error"> & { error: ErrorBody["error"] | Extract<Event["error"], null> }
  : Event;

/** What a stream of `memwell` tells of a turn's steps while they happen. */
export type AgentTraceEvent = Encoded<
  Extract<
    AgentEvent<never>,
    { type: "step-start" | "step-end" | "decision" | "tool-call" | "tool-result" | "tool-failed" }
  >
>;

/** A step that is over: what it was, how it ended, and what it cost. */
export type AgentTraceStep = Omit<Extract<AgentTraceEvent, { type: "step-end" }>, "type">;

/** One use of a tool. `input` is null when its arguments were never written whole, `text` and `display` when it failed. */
export interface AgentTraceTool {
  call: string;
  tool: string;
  input: unknown;
  text: string | null;
  display: ToolDisplay | null;
  error: ErrorBody["error"] | null;
}

/** How the agent came to its answer. */
export interface AgentTrace {
  steps: AgentTraceStep[];
  decisions: Decision[];
  tools: AgentTraceTool[];
  switches: string[];
  /** Turns of the history that did not fit into the response model's context. */
  omitted_turns: number;
}

/** Of `memwell`: the times of the step that wrote the answer, and the whole turn. */
export interface AgentCompletionFacts extends CompletionTimings {
  trace: AgentTrace;
}

export interface ChatCompletion {
  id: string;
  object: "chat.completion";
  created: number;
  model: string;
  choices: [
    {
      index: 0;
      message: { role: "assistant"; content: string; refusal: null; reasoning_content?: string };
      logprobs: null;
      finish_reason: CompletionFinishReason;
    },
  ];
  usage: CompletionUsage;
  /** With a `trace` when the agent answered. */
  memwell: CompletionTimings | AgentCompletionFacts;
}

export interface ChatCompletionChunk {
  id: string;
  object: "chat.completion.chunk";
  created: number;
  model: string;
  /** Empty in the chunk that carries the usage. */
  choices: {
    index: 0;
    delta: { role?: "assistant"; content?: string; reasoning_content?: string };
    logprobs: null;
    finish_reason: CompletionFinishReason | null;
  }[];
  usage?: CompletionUsage | null;
  /** Times (and a `trace`) in the chunk with the finish reason; an event of the agent in one that adds no text. */
  memwell?: CompletionTimings | AgentCompletionFacts | { event: AgentTraceEvent };
}
