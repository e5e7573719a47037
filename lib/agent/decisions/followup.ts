import { asksForChart, isToolOnly } from "../message/chart";
import { isAnswerToPractice, namesItselfAnswer } from "../message/practice-answer";
import { parsePracticeQuestion } from "../message/practice-question";
import type { DecisionPolicy } from "./contract";
import { knownFromMessage } from "./known";

/** Is the message an answer to the practice question that the turn before it ended with? */
export const followupPolicy: DecisionPolicy = {
  id: "followup",
  answers: { yes: ["PRACTICE_QUESTION_FOLLOWUP"], no: [] },
  usesHistory: true,
  known: (turn) => {
    if (parsePracticeQuestion(turn.history.at(-1)?.answer ?? "") === null)
      return { answer: "no", reason: "no practice question waits for an answer" };
    if (namesItselfAnswer(turn.message)) return { answer: "yes", reason: "the message names itself the answer" };
    // "6 * 7 = 42" looks like work for a tool, and may be the answer to a question of arithmetic.
    if (isToolOnly(turn.message) && !asksForChart(turn.message)) return null;
    return knownFromMessage(turn, "no");
  },
  rule: ({ message, history }) => (isAnswerToPractice(message, history.at(-1)?.answer ?? "") ? "yes" : "no"),
  threshold: { share: 0.6, lead: 0.2 },
};
