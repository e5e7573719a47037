import type { DecisionQuestion } from "../../../decisions/contract";
import { clarityPolicy } from "../../../decisions/clarity";

export const clarityQuestion: DecisionQuestion = {
  ...clarityPolicy,
  version: 1,
  full: "vague if the message does not say what is wanted; unclear if the student does not understand something; both; or neither.",
  compact: "vague if it says too little, unclear if the student is lost, both, neither",
};
