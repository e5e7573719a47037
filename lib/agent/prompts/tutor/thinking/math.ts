import type { ThinkingTemplate } from "../../contract";

export const mathThinking: ThinkingTemplate = {
  id: "math",
  purpose: "Mathematics thought through before it is explained.",
  trigger: "The answer is formatted with LaTeX.",
  version: 1,
  thinkingSwitch: "MATH_THINKING",
  on: ["LATEX_FORMATTING"],
  full: "the key terms; the principle that applies; the formula; the steps, each checked; the result, which is for the tutor only.",
  compact: "terms, principle, formula, steps",
  cue: {
    full: "Write the math notes: terms, principle, formula, steps.",
    compact: "Write math notes.",
  },
  maxThoughtTokens: { full: 320, compact: 96 },
};
