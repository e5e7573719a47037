import type { PromptSegment } from "../contract";

export const generalFormatting: PromptSegment = {
  id: "general-formatting",
  purpose: "Answers that read well in a chat.",
  trigger: "Every turn, by rule.",
  version: 1,
  always: true,
  full: "Write Markdown: short paragraphs, a list where there are several things, bold for a new term at its first use, code in fenced blocks. No headings in a short answer. Begin with what the student needs most.",
  compact: "Use short paragraphs, lists, and Markdown.",
};
