import type { ErrorCode } from "../errors";
import type { RunOutcome } from "./runs-contract";

/** Steps of a turn that are timed for themselves; waiting for a model is `waitMs`. */
export const TIMED_STEPS = ["rules", "decision", "tool", "thinking", "response"] as const;
export type TimedStep = (typeof TIMED_STEPS)[number];

/** Who asked: the page, in a conversation; the API or the command line, the agent; the same, one model alone. */
export const FIGURE_SOURCES = ["chat", "agent", "model"] as const;
export type FigureSource = (typeof FIGURE_SOURCES)[number];

/** What one model did in one run. Tokens, and ms. */
export interface ModelFigures {
  model: string;
  /** Calls of it: each question, each kind of notes, the answer. */
  steps: number;
  /** Of its prompts: evaluated, and taken over from before. */
  prefilled: number;
  reused: number;
  generated: number;
  prefillMs: number;
  decodeMs: number;
}

/** The figures of one run that has ended, without any of its words. Times in ms; null is "not known", never zero. */
export interface RunFigures {
  run: string;
  source: FigureSource;
  conversation: string | null;
  /** The message that the run filled. */
  message: string | null;
  /** The same for all runs of one visitor, and nothing that could be used in his place. */
  visitor: string | null;
  /** Who wrote the answer; null when nobody came to it. */
  model: string | null;
  /** In ms since the epoch. */
  beganAt: number;
  outcome: RunOutcome;
  errorCode: ErrorCode | null;
  /** From beginning to end; null for what was interrupted, whose end nobody saw. */
  durationMs: number | null;
  /** Until the first token of the answer, or of the thought in front of it: waiting, deciding and reading included. */
  firstTokenMs: number | null;
  /** Until its models could be used: places in the queue, downloads, loads. */
  waitMs: number | null;
  /** The part of it that was loading done for this run, by the ledger. */
  loadMs: number | null;
  stepMs: Partial<Record<TimedStep, number>>;
  /** Of the answer alone: tokens written, and the time they took. */
  answerTokens: number | null;
  answerMs: number | null;
  /** Models that left memory for it. */
  swaps: number;
  /** What was decided, and by whom; null when the turn did not come to it. */
  decisions: { id: string; answer: string; source: string }[] | null;
  /** The prompt segments that were on; null when the turn did not come to its end. */
  segments: string[] | null;
  models: ModelFigures[];
}

/** A run as it is listed: its place in the list beside its figures. */
export interface ListedFigures extends RunFigures {
  key: number;
  /** What a visitor said of the answer. */
  rating: "like" | "dislike" | null;
}

/** The words of a run in a conversation: for its visitor and the owner alone. */
export interface RunWords {
  title: string;
  question: string;
  answer: string;
}

/** A chat run that has ended and is not among the figures yet. */
export interface EndedRun {
  id: string;
  session: string;
  conversation: string;
  message: string;
  beganAt: number;
  finishedAt: number;
  outcome: RunOutcome;
  errorCode: ErrorCode | null;
  /** What its events say; those that only carry text are left out. Empty once they were trimmed. */
  events: Iterable<unknown>;
  /** What is kept with its answer. */
  extra: unknown;
  /** What its loads took, by the ledger; null when the ledger has nothing of this run. */
  loadMs: number | null;
}
