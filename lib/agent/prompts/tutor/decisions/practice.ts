import type { DecisionQuestion } from "../../../decisions/contract";
import { practicePolicy } from "../../../decisions/practice";

export const practiceQuestion: DecisionQuestion = {
  ...practicePolicy,
  version: 1,
  full: "yes if the student wants practice questions, a quiz, or a test, otherwise no.",
  compact: "yes if practice or a quiz is wanted, else no",
};
