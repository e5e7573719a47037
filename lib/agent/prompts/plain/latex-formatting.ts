import type { PromptSegment } from "../contract";

export const latexFormatting: PromptSegment = {
  id: "latex-formatting",
  purpose: "Mathematics that the page can set.",
  trigger: "The message is about mathematics, by rule.",
  version: 1,
  full: "Set mathematics in LaTeX, with single dollar signs in a sentence and double ones around a line of its own.",
  compact: "Set math in LaTeX with dollar signs.",
};
