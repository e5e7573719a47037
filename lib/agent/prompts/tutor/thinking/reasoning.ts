import type { ThinkingTemplate } from "../../contract";

export const reasoningThinking: ThinkingTemplate = {
  id: "reasoning",
  purpose: "What the student needs next, and what must not be given away.",
  trigger: "A tool is used, a practice question was answered, or teaching guides.",
  version: 1,
  thinkingSwitch: "REASONING_THINKING",
  on: ["TOOL_USE_ENHANCEMENT", "PRACTICE_QUESTION_FOLLOWUP", "GUIDING_TEACHING"],
  full: "what the student knows and wants; whether the answer given, if any, is right and why; what a tool result shows; the next step to offer; what not to give away.",
  compact: "what is known, is it right, next step",
  cue: {
    full: "Write the reasoning notes: what is known, what is right, the next step.",
    compact: "Write reasoning notes.",
  },
  maxThoughtTokens: { full: 240, compact: 80 },
};
