import { asksForChart, isToolOnly } from "../message/chart";
import type { DecisionPolicy } from "./contract";
import { knownFromMessage } from "./known";

/** Does a chart help? */
export const chartPolicy: DecisionPolicy = {
  id: "chart",
  answers: { yes: ["TOOL_USE_ENHANCEMENT"], no: [] },
  usesHistory: false,
  known: (turn) =>
    isToolOnly(turn.message) && asksForChart(turn.message)
      ? { answer: "yes", reason: "the message gives numbers to draw" }
      : knownFromMessage(turn, "no"),
  rule: ({ message }) => (asksForChart(message) ? "yes" : "no"),
  // A chart that nobody wanted costs a tool call and hides the answer.
  threshold: { share: 0.65, lead: 0.3 },
};
