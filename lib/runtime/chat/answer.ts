import {
  chosenDomain,
  type Decision,
  type FinishedStep,
  type PracticeQuestion,
  type PromptSwitch,
  type StepId,
  type ThinkingKind,
} from "../../agent";
import type { FinishReason } from "../../engine";
import { forVisitors, type ErrorRecord } from "../../errors";
import { RUN_LIMITS, type RunOutcome } from "../../store";
import type { RecordedEvent } from "./contract";

/** How a run ended; `error` where that is not what its events say. */
export interface AnswerEnd {
  outcome: RunOutcome;
  error: ErrorRecord | null;
}

/**
 * What is kept with an answer beside its text. `step` is the number of the turn's step in which it happened, or after which;
 * 0: before the first one.
 */
export interface AnswerExtra {
  /** How its run ended, so that an answer which is copied elsewhere still says that it was interrupted. */
  outcome: RunOutcome;
  /** The domain it was asked for in, or that was chosen for it; absent for none. */
  domain?: string;
  /** Null where the turn did not come to its end. */
  finish_reason: FinishReason | null;
  /** The question as the response model was shown it: see `HistoryTurn.sent`. */
  sent: string | null;
  thoughts: { step: number; kind: ThinkingKind | "response"; text: string }[];
  tools: {
    step: number;
    call: string;
    tool: string;
    input: unknown;
    text: string | null;
    display: unknown;
    error: ErrorRecord | null;
  }[];
  decisions: (Decision & { step: number })[];
  switches: PromptSwitch[];
  omitted_turns: number;
  /** The question in the text that waits for an answer. */
  practice: PracticeQuestion | null;
  steps: FinishedStep[];
  /** A step that has not ended. */
  open_step: StepId | null;
  error: ErrorRecord | null;
}

const nothingYet = (): Omit<AnswerExtra, "outcome"> => ({
  finish_reason: null,
  sent: null,
  thoughts: [],
  tools: [],
  decisions: [],
  switches: [],
  omitted_turns: 0,
  practice: null,
  steps: [],
  open_step: null,
  error: null,
});

/**
 * Puts an answer together from the events of its run; the same events make the same answer. It is its visitor's, who may
 * take it along: where the files of a model lie is no part of it.
 */
export class AnswerRecord {
  #text = "";
  /** The number of the step that began last. */
  #step = 0;
  /** What is thought after some of the answer is another thought. */
  #isThinking = false;
  readonly #extra: Omit<AnswerExtra, "outcome">;

  /** @param domain the one it was asked for in */
  constructor(domain?: string) {
    this.#extra = { ...(domain !== undefined && { domain }), ...nothingYet() };
  }

  get error(): ErrorRecord | null {
    return this.#extra.error;
  }

  get finishReason(): FinishReason | null {
    return this.#extra.finish_reason;
  }

  see(event: RecordedEvent): void {
    const extra = this.#extra;
    switch (event.type) {
      case "text":
        this.#text += event.text;
        this.#isThinking = false;
        break;
      case "thought": {
        const last = extra.thoughts.at(-1);
        if (this.#isThinking && last?.kind === event.kind) last.text += event.text;
        else extra.thoughts.push({ step: this.#step, kind: event.kind, text: event.text });
        this.#isThinking = true;
        break;
      }
      case "decision":
        this.#seeDecision(event.decision);
        break;
      case "step-start": {
        const { type: _, ...step } = event;
        this.#begin(step);
        break;
      }
      case "step-end": {
        const { type: _, ...step } = event;
        this.#begin(null);
        extra.steps.push(step.error === null ? step : { ...step, error: forVisitors(step.error) });
        break;
      }
      case "tool-call":
      case "tool-result":
      case "tool-failed":
        this.#seeTool(event);
        break;
      case "done":
        extra.finish_reason = event.finishReason;
        extra.sent = event.sent;
        extra.switches = event.switches;
        extra.omitted_turns = event.omittedTurns;
        extra.practice = event.practice ?? null;
        break;
      case "failed":
        extra.error = forVisitors(event.error);
        break;
      case "wait":
      case "prefill":
        break;
    }
  }

  /** The text, and as much of the rest as a message may keep: what is long and least needed is left out first. */
  toAnswer({ outcome, error }: AnswerEnd): { text: string; extra: AnswerExtra } {
    const text = this.#text.slice(0, RUN_LIMITS.messageLength);
    const whole: AnswerExtra = {
      ...this.#extra,
      outcome,
      error: error === null ? this.#extra.error : forVisitors(error),
    };
    const short = { ...whole, thoughts: [] };
    const shorter = { ...short, tools: [], steps: [] };
    return { text, extra: [whole, short, shorter].find(fits) ?? { ...shorter, sent: null } };
  }

  /** A thought does not go on in another step. */
  #begin(step: StepId | null): void {
    this.#isThinking = false;
    this.#extra.open_step = step;
    if (step !== null) this.#step = step.step;
  }

  #seeDecision(decision: Decision): void {
    this.#extra.decisions.push({ ...decision, step: this.#step });
    const domain = chosenDomain([decision]);
    if (domain !== null) this.#extra.domain = domain;
  }

  #seeTool(event: Extract<RecordedEvent, { type: "tool-call" | "tool-result" | "tool-failed" }>): void {
    const { tools } = this.#extra;
    const { call, tool } = event;
    let entry = tools.find((other) => other.call === call);
    if (entry === undefined) {
      entry = { step: this.#step, call, tool, input: null, text: null, display: null, error: null };
      tools.push(entry);
    }
    if (event.type === "tool-call")
      Object.assign(entry, { input: event.input, text: null, display: null, error: null });
    else if (event.type === "tool-failed") entry.error = event.error;
    else Object.assign(entry, { text: event.text, display: event.display });
  }
}

function fits(extra: AnswerExtra): boolean {
  return JSON.stringify(extra).length <= RUN_LIMITS.extraLength;
}

/** The answer of a run that another process has worked on, from what it had recorded. */
export function answerSoFar(
  events: Iterable<unknown>,
  outcome: RunOutcome,
  domain?: string,
): { text: string; extra: AnswerExtra } {
  const record = new AnswerRecord(domain);
  for (const event of events) record.see(event as RecordedEvent);
  return record.toAnswer({ outcome, error: null });
}
