import { GENERAL, type DecisionId, type HistoryTurn, type ThinkingKind, type ToolText } from "../../lib/agent";

/** The right answer to each question that the reasoning model is asked about a message; which domain, the scene tells. */
export type Truth = Readonly<Record<Exclude<DecisionId, "domain">, string>>;

/**
 * What is right to answer to a question.
 *
 * @param of.domain of the topic that the message is about; one that cannot be chosen is answered without any
 * @param domains those to choose from
 */
export function truthOf(
  of: { truth: Truth; domain: string | null },
  id: DecisionId,
  domains: readonly string[],
): string {
  if (id !== "domain") return of.truth[id];
  return of.domain !== null && domains.includes(of.domain) ? of.domain : GENERAL;
}

export const NOTHING_WANTED: Truth = {
  chart: "no",
  practice: "no",
  clarity: "neither",
  followup: "no",
  teaching: "neither",
};

/** One message of a student with all that is right to think, to do and to say about it. */
export interface Scene {
  message: string;
  /** Oldest first. */
  history: readonly HistoryTurn[];
  truth: Truth;
  /** Of each kind that may be asked for; a kind that is missing is not trained. */
  notes: Partial<Record<ThinkingKind, string>>;
  toolResults: readonly ToolText[];
  /** The arguments to be written for the chart tool; absent where none is used. */
  chartArguments?: string;
  answer: string;
  /** Share of such answers that are learned to their end, where it is not the usual one: see `answerRecord`. */
  whole?: number;
  /** Whose adapter is to say it; null: the base model. */
  domain: string | null;
}

/** What all of a scene's parts have in common with most others. */
export function sceneOf(given: Pick<Scene, "message" | "answer"> & Partial<Scene>): Scene {
  return { history: [], truth: NOTHING_WANTED, notes: {}, toolResults: [], domain: null, ...given };
}
