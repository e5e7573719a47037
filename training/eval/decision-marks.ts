import {
  checkMessage,
  libraryNamed,
  questionsOf,
  type DecisionId,
  type DecisionQuestion,
  type HistoryTurn,
  type Turn,
} from "../../lib/agent";
import { truthOf, type Truth } from "../data/scene";
import type { HeardTurn } from "./hear";
import type { Mark } from "./rates";

export interface DecisionMark {
  question: DecisionId;
  labels: "composed" | "rule";
  /** The model; the rule, where the model was unsure or gone; or neither, where it was known without asking. */
  source: "model" | "rule" | "known";
  truth: string;
  decided: string;
}

/** What a turn was asked, and what is right to decide about it. */
export interface Judged {
  message: string;
  history: readonly HistoryTurn[];
  truth: Truth;
  labels: DecisionMark["labels"];
  /** Of the topic; null: of none. */
  domain: string | null;
  /** Those that the turn was to choose from. */
  domains: readonly string[];
}

const LIBRARY = libraryNamed("tutor");

/** Each decision of a turn beside what is right. */
export function decisionMarks(heard: HeardTurn, asked: Judged): DecisionMark[] {
  const known = knownIn(asked);
  return heard.decisions.map(({ id, source, answer }) => ({
    question: id,
    labels: labelsOf(id, asked),
    source: known.has(id) ? "known" : source,
    truth: truthOf(asked, id, asked.domains),
    decided: answer,
  }));
}

/** How they count. Where the rules said what is right, being right is no more than agreeing with them. */
export function ratesOfDecisions(marks: readonly DecisionMark[]): Mark[] {
  return marks.flatMap(({ labels, source, truth, decided }): Mark[] => {
    const isSame = truth === decided;
    if (labels === "rule") return source === "model" ? [["decisions_agree", isSame]] : [];
    if (source === "known") return [["decisions_known", isSame]];
    return [
      ["decisions", isSame],
      ["decisions_by_model", source === "model" ? isSame : null],
    ];
  });
}

/** What the rules alone would have decided of what was asked of the model. */
export function ratesOfRules(asked: Judged): Mark[] {
  const [turn, known] = [turnOf(asked), knownIn(asked)];
  const open = questionsAsked(asked).filter(({ id }) => !known.has(id) && labelsOf(id, asked) !== "rule");
  return open.map((question) => [
    "decisions_by_rules_alone",
    question.rule(turn) === truthOf(asked, question.id, asked.domains),
  ]);
}

/** Whose topic a message is about the curriculum says, whoever said what else it means. */
function labelsOf(id: DecisionId, { labels }: Judged): DecisionMark["labels"] {
  return id === "domain" ? "composed" : labels;
}

function questionsAsked({ domains }: Judged): DecisionQuestion[] {
  return questionsOf(LIBRARY, domains);
}

function knownIn(asked: Judged): Set<DecisionId> {
  const turn = turnOf(asked);
  return new Set(
    questionsAsked(asked)
      .filter((question) => question.known(turn) !== null)
      .map(({ id }) => id),
  );
}

function turnOf({ message, history }: Judged): Turn {
  return { message: checkMessage(message), history };
}
