import type { PromptSegment } from "../contract";

export const toolUseEnhancement: PromptSegment = {
  id: "tool-use-enhancement",
  purpose: "Makes the answer rest on what a tool found.",
  trigger: "A tool is used in this turn.",
  version: 1,
  full: "A tool was used, and its result is shown to the user. Rely on its numbers, and say in a sentence what they mean.",
  compact: "Rely on the tool result.",
};
