import { asksForGuidance } from "../message/guidance";
import { asksForPractice } from "../message/practice-request";
import type { DecisionPolicy } from "./contract";
import { knownFromMessage } from "./known";

/** Guiding teaching, structured practice, both, or neither? */
export const teachingPolicy: DecisionPolicy = {
  id: "teaching",
  answers: {
    guide: ["GUIDING_TEACHING"],
    practice: ["STRUCTURE_PRACTICE_QUESTIONS"],
    both: ["GUIDING_TEACHING", "STRUCTURE_PRACTICE_QUESTIONS"],
    neither: [],
  },
  usesHistory: true,
  known: (turn) => knownFromMessage(turn, "neither"),
  rule: ({ message }) => {
    const guide = asksForGuidance(message);
    const practice = asksForPractice(message);
    if (guide && practice) return "both";
    return guide ? "guide" : practice ? "practice" : "neither";
  },
  threshold: { share: 0.45, lead: 0.15 },
};
