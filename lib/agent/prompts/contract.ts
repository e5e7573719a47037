import type { DecisionQuestion } from "../decisions/contract";
import type { PromptSwitch } from "./state";

/** Which of its two texts a prompt is made of: see `chooseForm`. */
export type PromptForm = "full" | "compact";

/** A text in two lengths; the lengths allowed are in `budgets.ts`. */
export interface TwoForms {
  full: string;
  compact: string;
}

/** One part of the response prompt, in a file of its own. */
export interface PromptSegment extends TwoForms {
  id: string;
  /** Why it exists, in a sentence. */
  purpose: string;
  /** What turns it on, in a sentence. */
  trigger: string;
  /** Counted up with each change of a text: records of turns name it. */
  version: number;
  /** It is on in every turn, and so belongs to the instructions that are the same in all conversations. */
  always?: true;
}

export type ThinkingKind = "math" | "practice" | "reasoning";

/** One kind of thinking notes. The texts say what they contain; they stand in the shared instructions. */
export interface ThinkingTemplate extends TwoForms {
  id: ThinkingKind;
  purpose: string;
  trigger: string;
  version: number;
  /** The switch that asks for these notes. */
  thinkingSwitch: PromptSwitch;
  /** Any of these turns that switch on. */
  on: readonly PromptSwitch[];
  /** The request for these notes, a few tokens. */
  cue: TwoForms;
  /** Tokens of notes at most. */
  maxThoughtTokens: Readonly<Record<PromptForm, number>>;
}

/** All words that make an agent what it is. Another library is another agent. */
export interface PromptLibrary {
  name: string;
  /** Who the response model is. */
  identity: PromptSegment;
  /** What each switch adds to the response prompt; null where it adds nothing. */
  segments: Readonly<Record<PromptSwitch, PromptSegment | null>>;
  /** Said to the reasoning model before the questions and the kinds of notes are defined. */
  decisionPreamble: TwoForms;
  decisions: readonly DecisionQuestion[];
  /** The question which of these domains a turn is for. */
  domain: (domains: readonly string[]) => DecisionQuestion;
  /** Worked examples after the definitions; empty where tokens are short. */
  decisionExamples: TwoForms;
  thinking: Readonly<Record<ThinkingKind, ThinkingTemplate | null>>;
  labels: PromptLabels;
}

/** The words in front of the parts of a prompt. */
export interface PromptLabels {
  /** Who asks and who answers, in what the reasoning model reads. */
  user: string;
  assistant: string;
  /** In front of a tool's result, of thinking notes, and of the question, in what the response model reads. */
  result: string;
  notes: string;
  question: string;
}

/** A tool's result in words. */
export interface ToolText {
  tool: string;
  text: string;
}

/** Notes that the reasoning model wrote in this turn. */
export interface ThinkingText {
  kind: ThinkingKind;
  text: string;
}
