import type { DecisionQuestion } from "../../../decisions/contract";
import { followupPolicy } from "../../../decisions/followup";

export const followupQuestion: DecisionQuestion = {
  ...followupPolicy,
  version: 1,
  full: "yes if the message answers the question that the tutor set just before, otherwise no.",
  compact: "yes if it answers the tutor's question, else no",
};
