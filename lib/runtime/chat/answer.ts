import type { Decision, FinishedStep, PromptSwitch, ThinkingKind } from "../../agent";
import type { FinishReason } from "../../engine";
import type { ErrorRecord } from "../../errors";
import { RUN_LIMITS } from "../../store";
import type { RecordedEvent } from "./contract";

/** What is kept with an answer beside its text. */
export interface AnswerExtra {
  /** Null where the turn did not come to its end. */
  finish_reason: FinishReason | null;
  /** The question as the response model was shown it: see `HistoryTurn.sent`. */
  sent: string | null;
  thoughts: { kind: ThinkingKind | "response"; text: string }[];
  tools: {
    call: string;
    tool: string;
    input: unknown;
    text: string | null;
    display: unknown;
    error: ErrorRecord | null;
  }[];
  decisions: Decision[];
  switches: PromptSwitch[];
  omitted_turns: number;
  steps: FinishedStep[];
  error: ErrorRecord | null;
}

/** Puts an answer together from the events of its run; the same events make the same answer. */
export class AnswerRecord {
  #text = "";
  readonly #extra: AnswerExtra = {
    finish_reason: null,
    sent: null,
    thoughts: [],
    tools: [],
    decisions: [],
    switches: [],
    omitted_turns: 0,
    steps: [],
    error: null,
  };

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
        break;
      case "thought": {
        const last = extra.thoughts.at(-1);
        if (last?.kind === event.kind) last.text += event.text;
        else extra.thoughts.push({ kind: event.kind, text: event.text });
        break;
      }
      case "decision":
        extra.decisions.push(event.decision);
        break;
      case "step-end": {
        const { type: _, ...step } = event;
        extra.steps.push(step);
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
        break;
      case "failed":
        extra.error = event.error;
        break;
      case "step-start":
      case "wait":
      case "prefill":
        break;
    }
  }

  /** The text, and as much of the rest as a message may keep: what is long and least needed is left out first. */
  toAnswer(): { text: string; extra: AnswerExtra } {
    const text = this.#text.slice(0, RUN_LIMITS.messageLength);
    const { thoughts: _, ...short } = this.#extra;
    const shorter = { ...short, thoughts: [], tools: [], steps: [] };
    const extra = [this.#extra, { ...short, thoughts: [] }, shorter].find(fits) ?? { ...shorter, sent: null };
    return { text, extra };
  }

  #seeTool(event: Extract<RecordedEvent, { type: "tool-call" | "tool-result" | "tool-failed" }>): void {
    const { tools } = this.#extra;
    const { call, tool } = event;
    let entry = tools.find((other) => other.call === call);
    if (entry === undefined) {
      entry = { call, tool, input: null, text: null, display: null, error: null };
      tools.push(entry);
    }
    if (event.type === "tool-call") entry.input = event.input;
    else if (event.type === "tool-failed") entry.error = event.error;
    else Object.assign(entry, { text: event.text, display: event.display });
  }
}

function fits(extra: AnswerExtra): boolean {
  return JSON.stringify(extra).length <= RUN_LIMITS.extraLength;
}

/** The answer of a run whose process died, from what it had recorded. */
export function answerSoFar(events: Iterable<unknown>): { text: string; extra: AnswerExtra } {
  const record = new AnswerRecord();
  for (const event of events) record.see(event as RecordedEvent);
  return record.toAnswer();
}
