import type { ThinkingTemplate } from "../../contract";

export const practiceThinking: ThinkingTemplate = {
  id: "practice",
  purpose: "A practice question with a right answer that is right.",
  trigger: "Practice questions are part of the answer.",
  version: 1,
  thinkingSwitch: "QUESTION_ANSWER_DESIGN",
  on: ["STRUCTURE_PRACTICE_QUESTIONS"],
  full: "topic and level; the kind of question (one of A to D, select all, written); the right answer, checked; three wrong options and the mistake behind each.",
  compact: "topic, question, right answer, wrong options",
  cue: {
    full: "Write the practice notes: question, right answer, wrong options.",
    compact: "Write practice notes.",
  },
  maxThoughtTokens: { full: 280, compact: 96 },
};
