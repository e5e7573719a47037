import type { ErrorRecord } from "../errors";
import { CONVERSATION_LIMITS, type StoredMessage } from "./conversations-contract";

/** How a run ended: as meant; stopped by its reader; by an error; because its server died. */
export type RunOutcome = "done" | "stopped" | "failed" | "interrupted";

/** One turn's record. It outlives the connection it was asked for on, and the process that did the work. */
export interface Run {
  id: string;
  conversation: string;
  userMessage: string;
  /** The message it fills. */
  assistantMessage: string;
  server: string;
  /** In ms since the epoch, as all times here. */
  beganAt: number;
  /** Null while it goes on. */
  finishedAt: number | null;
  /** Null while it goes on. */
  outcome: RunOutcome | null;
  error: ErrorRecord | null;
  /** The number of its newest event, from 1; 0 when there is none. */
  lastSequence: number;
  /** Its events were deleted since they are old; what they led to is in the message. */
  isTrimmed: boolean;
}

export interface NewRun {
  /** Up to 64 letters, digits, `_` and `-`, unlike every other run's; made up when missing. */
  id?: string;
  conversation: string;
  userMessage: string;
  /** An assistant's message, empty or to be continued. Only one run at a time fills it. */
  assistantMessage: string;
}

export interface RunEvent {
  /** From 1, without gaps. */
  sequence: number;
  /** JSON, as it was appended. */
  event: unknown;
}

/** Events and the run's state at one moment. */
export interface RunEvents {
  events: RunEvent[];
  /** A reader that has seen `run.lastSequence` of a run with an outcome has seen all there will ever be. */
  run: Run;
}

export interface RunEnd {
  error?: ErrorRecord | null;
  /** What the message it fills becomes in the same moment. */
  answer?: { text: string; extra?: unknown };
}

/**
 * What a message is to be once its run was interrupted, put together from the run's events and from what it was before;
 * null: as it is.
 */
export type AnswerSoFar = (
  events: Iterable<unknown>,
  before: StoredMessage,
) => { text: string; extra?: unknown } | null;

/** A run that `start` or `reap` ended. */
export interface ReapedRun {
  id: string;
  session: string;
  conversation: string;
  assistantMessage: string;
}

export interface RunLimits {
  /** Of one event's JSON text, in bytes as UTF-8. */
  eventBytes: number;
  eventsPerAppend: number;
  eventsPerRun: number;
  /** Of all events of a run. */
  runBytes: number;
  /** Of the answer, in UTF-16 units. */
  messageLength: number;
  /** Of the JSON text kept with the answer, in UTF-16 units. */
  extraLength: number;
}

export const RUN_LIMITS: RunLimits = {
  eventBytes: 512 * 1024,
  eventsPerAppend: 10_000,
  // An answer of 20,000 tokens, each an event of its own, uses a fifth of it.
  eventsPerRun: 100_000,
  runBytes: 32 * 2 ** 20,
  messageLength: CONVERSATION_LIMITS.messageLength,
  extraLength: CONVERSATION_LIMITS.extraLength,
};
