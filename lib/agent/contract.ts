import type {
  ChatMessage,
  FinishReason,
  GenerateEvent,
  GenerateRequest,
  SamplingSettings,
  ScoreRequest,
  ScoreResult,
} from "../engine";
import type { ErrorRecord } from "../errors";
import type { Decision } from "./decisions";
import type { HistoryTurn, PracticeQuestion } from "./message";
import type { PromptLibrary, PromptSwitch, ThinkingKind } from "./prompts";
import type { ToolDisplay, ToolRegistry } from "./tools";

/*
 * One turn of the agent. It knows models by their roles only, and is handed slots of them: who is loaded, and what has to
 * leave for it, is decided elsewhere.
 */

export type AgentRole = "reasoning" | "response";

/** What the agent must know of a model. Sizes in tokens and values. */
export interface AgentModel {
  id: string;
  contextSize: number;
  parameters: number | null;
}

/** A model that stays loaded until `release`, which may be called twice. */
export interface AgentSlot {
  readonly model: AgentModel;
  /** Ids of the models that left memory for it while it was waited for. */
  readonly swappedOut: readonly string[];
  /** The domain that the model answers in; absent for none. */
  readonly domain?: string;
  /** The domain, or else the model's id, whose context was closed to make room for this one's: no weights were loaded. */
  readonly replaced?: string;
  /** The model that was to have this slot and cannot be had, and why, in words for everybody; absent where none was. */
  readonly standsIn?: { for: string; why: string };
  generate(request: GenerateRequest, options: { signal: AbortSignal }): AsyncGenerator<GenerateEvent, void, void>;
  score(request: ScoreRequest, options: { signal: AbortSignal }): Promise<ScoreResult>;
  countTokens(messages: ChatMessage[], options: { signal: AbortSignal }): Promise<number>;
  /** Bytes that the model's process holds now; null where nobody knows. */
  memoryBytes(): number | null;
  release(): void;
}

/**
 * Waits for a slot. `onWait` hears what it waits for: the place in the queue, a download, a load.
 *
 * @throws MemwellError whatever keeps the model from being had, `aborted`
 */
export type AcquireSlot<Wait> = (
  role: AgentRole,
  options: { signal: AbortSignal; onWait: (wait: Wait) => void; domain?: string | undefined },
) => Promise<AgentSlot>;

export interface TurnRequest {
  /** As the user typed it. */
  message: string;
  /** Oldest first. */
  history: readonly HistoryTurn[];
  /** Said to the response model after its own instructions; a text that changes is evaluated again with all that follows. */
  instructions?: string | undefined;
  /** Of the answer. Notes are written with its seed, too. */
  sampling?: SamplingSettings | undefined;
  /** Texts that end the answer; they are not part of it. */
  stop?: string[] | undefined;
  /** Tokens of the answer at most; the rest of the context when absent. */
  maxTokens?: number | undefined;
  /** The domain to answer in, one of the configured; the response model as it is when absent. */
  domain?: string | undefined;
  /** Without a `domain`: those that the turn is to choose one of, or none, by what the message is about. */
  domains?: readonly string[] | undefined;
  /** Tokens of each kind of notes, and of the response model's own thinking, at most; the library's when absent. */
  maxThoughtTokens?: number | undefined;
}

/** What makes an agent this one. */
export interface AgentParts<Wait> {
  library: PromptLibrary;
  tools: ToolRegistry;
  acquireSlot: AcquireSlot<Wait>;
}

export type StepName = "rules" | "slot" | "decision" | "tool" | "thinking" | "response";

/** One step, as its beginning and its end name it. `detail` tells steps of one name apart: a question, a tool, a role. */
export interface StepId {
  step: number;
  name: StepName;
  detail: string | null;
  role: AgentRole | null;
}

/** What a step cost. */
export interface StepCost {
  /** The model that worked; null where none did. */
  model: string | null;
  /** Ids of the models that left memory for it in this step: a swap. */
  swapped_out: string[];
  /** The domain whose adapter worked; absent where none did. */
  domain?: string | undefined;
  /** Whose context made room for this domain's in this step (a domain, or a model's id): no swap. Absent for nobody's. */
  context_replaced?: string | undefined;
  /** The model that was to work, where another one came in this step since that one cannot be had; absent for none. */
  stands_in_for?: string | undefined;
  /** Why it cannot. */
  stands_in_why?: string | undefined;
  /** In ms: the whole step, and of that reading (a question's score is all reading) and writing. */
  duration_ms: number;
  prefill_ms: number;
  decode_ms: number;
  /** Tokens of the prompt that were evaluated, that were not evaluated again, and that were written. */
  prefilled: number;
  reused: number;
  generated: number;
  /** Bytes of the model's process when the step ended; null without one. */
  memory_bytes: number | null;
}

/** A step that has ended. One that was aborted or failed need not be the end of its turn. */
export interface FinishedStep extends StepId, StepCost {
  outcome: "done" | "failed" | "aborted";
  error: ErrorRecord | null;
}

/**
 * What a turn says, in this order: steps one after the other, each a `step-start`, what happens in it, and a `step-end`;
 * then exactly one final event, `done` or `failed`. Nothing is thrown. A step that failed need not be the end: without
 * the reasoning model the rules decide and nothing is thought about, and the answer comes all the same. Only what keeps the
 * response model from answering ends the turn as `failed`.
 */
export type AgentEvent<Wait> =
  | ({ type: "step-start" } & StepId)
  | ({ type: "step-end" } & FinishedStep)
  | { type: "wait"; role: AgentRole; wait: Wait }
  /** How much of a prompt is evaluated, in tokens, while a model reads it. */
  | { type: "prefill"; evaluated: number; total: number }
  | { type: "decision"; decision: Decision }
  | { type: "tool-call"; call: string; tool: string; input: unknown }
  | { type: "tool-result"; call: string; tool: string; text: string; display: ToolDisplay | null }
  | { type: "tool-failed"; call: string; tool: string; error: ErrorRecord }
  /** Of one kind of notes, or of the response model itself. */
  | { type: "thought"; kind: ThinkingKind | "response"; text: string }
  | { type: "text"; text: string }
  | ({ type: "done" } & TurnResult)
  | { type: "failed"; error: ErrorRecord; text: string };

export interface TurnResult {
  finishReason: FinishReason;
  /** All that the visitor was shown. */
  text: string;
  /** The last message as the response model was shown it: keep it as this turn's `HistoryTurn.sent`. */
  sent: string;
  switches: PromptSwitch[];
  decisions: Decision[];
  /** Turns of the history that did not fit into the context. */
  omittedTurns: number;
  /** The question in `text` that waits for an answer; absent when there is none, or the answer was cut off. */
  practice?: PracticeQuestion;
}
