import type { DecisionQuestion } from "../../../decisions/contract";
import { teachingPolicy } from "../../../decisions/teaching";

export const teachingQuestion: DecisionQuestion = {
  ...teachingPolicy,
  version: 1,
  full: "guide if the student should be led step by step; practice if exercises help more; both; or neither for a plain fact or small talk.",
  compact: "guide in steps, practice, both, or neither",
};
