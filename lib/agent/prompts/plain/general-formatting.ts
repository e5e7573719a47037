import type { PromptSegment } from "../contract";

export const generalFormatting: PromptSegment = {
  id: "general-formatting",
  purpose: "Answers that read well in a chat.",
  trigger: "Every turn, by rule.",
  version: 1,
  always: true,
  full: "Write Markdown: short paragraphs, lists for several things, code in fenced blocks. The answer comes first, the reasons after it.",
  compact: "Answer first. Use Markdown.",
};
