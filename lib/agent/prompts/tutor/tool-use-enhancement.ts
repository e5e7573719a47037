import type { PromptSegment } from "../contract";

export const toolUseEnhancement: PromptSegment = {
  id: "tool-use-enhancement",
  purpose: "Makes the answer rest on what a tool found.",
  trigger: "A tool is used in this turn.",
  version: 1,
  full: "A tool has worked for this turn, and the student sees what it made. Take every number from its result and do not calculate again. Say in a sentence or two what the result shows and what to notice in it. If the tool failed, say so plainly and go on without it.",
  compact: "Use the tool result as it is; say what it shows.",
};
