import type { DecisionQuestion } from "../../../decisions/contract";
import { chartPolicy } from "../../../decisions/chart";

export const chartQuestion: DecisionQuestion = {
  ...chartPolicy,
  version: 1,
  full: "yes if a bar, line, or pie chart of numbers would help, otherwise no.",
  compact: "yes if a chart of numbers helps, else no",
};
