import type { ThinkingTemplate } from "../../contract";

export const reasoningThinking: ThinkingTemplate = {
  id: "reasoning",
  purpose: "An answer that was thought through.",
  trigger: "Every turn but a greeting.",
  version: 1,
  thinkingSwitch: "REASONING_THINKING",
  on: ["GENERAL_FORMATTING"],
  full: "what is asked; what is known for certain; the answer in short, checked once.",
  compact: "what is asked, the answer, a check",
  cue: {
    full: "Write the reasoning notes.",
    compact: "Write reasoning notes.",
  },
  maxThoughtTokens: { full: 240, compact: 80 },
};
