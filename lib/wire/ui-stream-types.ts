import type { UIMessage, UIMessageChunk } from "ai";

import type { AgentRole, Decision, PracticeQuestion, PromptSwitch, StepCost, StepId } from "../agent";
import type { FinishReason } from "../engine";
import type { ErrorCode } from "../errors";
import type { PrefillProgress, WaitBody } from "./progress";

/*
 * What Memwell adds to the AI SDK's UI messages (https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol): the message's
 * metadata, and a data part for everything of a turn that is not text, thought or tool. Fields may be added.
 */

/** Of the assistant's message: the run that fills it, and what it answers. */
export type TurnMetadata = {
  run: string;
  conversation: string;
  userMessage: string;
  /** In ms since 1970; absent when the encoder was not told. */
  beganAt?: number;
};

/** One step of the turn, as it stands; the part is replaced when the step ends. */
export type StepData = StepId &
  (
    | { state: "running" }
    /** Its server died in the middle of it. */
    | { state: "interrupted" }
    | ({ state: "done" | "failed" | "aborted"; error: TurnErrorData | null } & StepCost)
  );

/** What a step waits for. Transient: it is told, and not kept with the message. */
export type WaitData = { role: AgentRole } & WaitBody;

/** The whole turn in figures: "9 steps, 4.1 s, peak 1.3 GB, 1 swap". */
export type TurnData = {
  finishReason: FinishReason;
  switches: PromptSwitch[];
  /** Turns of the history that did not fit into the context. */
  omittedTurns: number;
  steps: number;
  /** Of all steps together, in ms; they run one after the other. */
  duration_ms: number;
  /** Of prompts: evaluated, and not evaluated again; and those that were written. */
  tokens: { prefilled: number; reused: number; generated: number };
  /** The most that a model's process held when a step ended; null where nobody knows. */
  memory_bytes: number | null;
  /** How often a model had to leave memory for another one. */
  swaps: number;
};

/** The question in the message's text that waits for an answer; `start` and `end` count UTF-16 units of that text. */
export type PracticeData = PracticeQuestion;

/** Why the turn failed, with the fields of an HTTP error's body. `interrupted`: its server died before it ended. */
export type TurnErrorData = { code: ErrorCode | "interrupted"; message: string } & Record<string, unknown>;

/** The data parts by name: `step` is `data-step`. `wait` and `prefill` are transient. */
export type TurnDataParts = {
  step: StepData;
  decision: Decision;
  wait: WaitData;
  prefill: PrefillProgress;
  practice: PracticeData;
  turn: TurnData;
  error: TurnErrorData;
};

/** What a tool's output may bring for the page to draw. */
export type { CalculationDisplay, ChartDisplay, ChartSeries, ChartType } from "../agent";

export type TurnMessage = UIMessage<TurnMetadata, TurnDataParts>;

export type TurnChunk = UIMessageChunk<TurnMetadata, TurnDataParts>;
