import type { PromptSegment } from "../contract";

export const structurePracticeQuestions: PromptSegment = {
  id: "structure-practice-questions",
  purpose: "Practice in the form that the page draws controls from (see parsePracticeQuestion).",
  trigger: "The decision about practice is yes, or the one about teaching is practice or both.",
  version: 1,
  full: [
    "Set one practice question at the student's level, in exactly this form, each part on a line of its own:",
    "Question: the question",
    "A) first option",
    "B) second option",
    "C) third option",
    "D) fourth option",
    "Choose one.",
    "If several options are right, the last line is: Select all that apply. If the student should write, leave out the options, and the last line is: Write your answer. Do not tell the answer; wait for the student's.",
  ].join("\n"),
  compact: "Write Question: then A) to D) on lines, then Choose one.",
};
