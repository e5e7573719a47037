import type { Truth } from "../data/scene";
import type { TalkKind } from "../data/talk";
import type { Topic } from "../data/topic-schema";

export const CASE_KINDS = [
  "explain",
  "confused",
  "homework",
  "practice",
  "unknown",
  "talk",
  "chart",
  "calculation",
] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

/** What every case has: a first message that no model was trained on, and what is right to decide about it. */
interface Asked {
  /** Unique in a set, the same in every run with the same curriculum and seed. */
  id: string;
  message: string;
  truth: Truth;
  /**
   * `composed`: the message was made to mean this, or the curriculum says so. `rule`: nobody said what is right, and it is
   * what the project's rules say, which also decide where the model is unsure.
   */
  labels: "composed" | "rule";
  domain: string | null;
}

export type TopicCase = Asked & { kind: "explain" | "confused" | "homework"; topic: Topic };
export type PracticeCase = Asked & { kind: "practice"; topic: Topic };
export type UnknownCase = Asked & { kind: "unknown" };
export type TalkCase = Asked & { kind: "talk"; talk: TalkKind };
export type ChartCase = Asked & { kind: "chart"; chart: { type: string; values: number[] } };
export type CalculationCase = Asked & { kind: "calculation"; result: number };

export type EvalCase = TopicCase | PracticeCase | UnknownCase | TalkCase | ChartCase | CalculationCase;
