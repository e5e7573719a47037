import type { PromptSegment } from "../contract";

export const latexFormatting: PromptSegment = {
  id: "latex-formatting",
  purpose: "Mathematics that the page can set.",
  trigger: "The message is about mathematics, by rule.",
  version: 1,
  full: "Write all mathematics in LaTeX: between single dollar signs within a sentence, between double dollar signs on a line of its own. One step a line, and close every delimiter. A price is written in words.",
  compact: "Write math in LaTeX between dollar signs.",
};
