import { asksForPractice } from "../message/practice-request";
import type { DecisionPolicy } from "./contract";
import { knownFromMessage } from "./known";

/** Are practice questions wanted? */
export const practicePolicy: DecisionPolicy = {
  id: "practice",
  answers: { yes: ["STRUCTURE_PRACTICE_QUESTIONS"], no: [] },
  usesHistory: true,
  known: (turn) => knownFromMessage(turn, "no"),
  rule: ({ message }) => (asksForPractice(message) ? "yes" : "no"),
  threshold: { share: 0.6, lead: 0.2 },
};
