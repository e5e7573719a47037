import type { PromptSegment } from "../contract";

export const userUnderstanding: PromptSegment = {
  id: "user-understanding",
  purpose: "Explains in another way when the first one did not help.",
  trigger: "The decision about clarity is unclear or both.",
  version: 1,
  full: "The student does not understand yet. Name kindly the one point that is hardest here, then explain it in a different way than before: simpler words, something from daily life, or a small example with numbers. End with one easy question that shows whether it is clear now.",
  compact: "Student is confused: explain anew, simply, with an example.",
};
