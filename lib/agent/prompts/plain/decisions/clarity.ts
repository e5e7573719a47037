import type { DecisionQuestion } from "../../../decisions/contract";
import { clarityPolicy } from "../../../decisions/clarity";

export const clarityQuestion: DecisionQuestion = {
  ...clarityPolicy,
  version: 1,
  full: "vague if it is not said what is wanted; unclear if the user does not understand an earlier answer; both; or neither.",
  compact: "vague if it says too little, unclear if the user is lost, both, neither",
};
