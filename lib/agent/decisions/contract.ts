import type { ChatMessage } from "../../engine";
import type { Turn } from "../message/contract";
import type { PromptSwitch } from "../prompts/state";

export type DecisionId = "chart" | "practice" | "clarity" | "followup" | "teaching" | "domain";

/** An answer that needs no model, and why. */
export interface KnownAnswer {
  answer: string;
  reason: string;
}

/** What a question means to the pipeline, whatever its words. */
export interface DecisionPolicy {
  id: DecisionId;
  /** The answers, each with the switches that it turns on. */
  answers: Readonly<Record<string, readonly PromptSwitch[]>>;
  /** Whether earlier turns matter to it. */
  usesHistory: boolean;
  /** What is known before anybody is asked; null: the model is asked. */
  known: (turn: Turn) => KnownAnswer | null;
  /** The answer where the model is unsure by its own figures. */
  rule: (turn: Turn) => string;
  /** The model is unsure when its best answer's share is below `share`, or less than `lead` above the next. */
  threshold: { share: number; lead: number };
}

/** A policy with its definition in words. */
export interface DecisionQuestion extends DecisionPolicy {
  version: number;
  /**
   * The definition stands in the question, and not in the instructions: it differs from turn to turn, and they are the same
   * in all conversations.
   */
  definedInPlace?: true;
  full: string;
  compact: string;
}

export interface Decision {
  id: DecisionId;
  answer: string;
  /** The model's share for its own best answer; null where it was not asked. */
  probability: number | null;
  /** Who decided; `reason` says why it was the rule. */
  source: "model" | "rule";
  reason: string | null;
  switches: readonly PromptSwitch[];
}

export interface DecisionPrompts {
  /** What all prompts begin with, byte by byte. */
  shared: ChatMessage[];
  staticMessages: number;
  withHistory: boolean;
  /** One to score for each question that somebody has to be asked; answers are scored as a whole. */
  questions: { id: DecisionId; messages: ChatMessage[]; answers: string[] }[];
  /** The others. */
  known: Decision[];
}
