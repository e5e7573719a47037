import type { PromptSegment } from "../contract";

export const practiceQuestionFollowup: PromptSegment = {
  id: "practice-question-followup",
  purpose: "Grades the answer to a practice question.",
  trigger: "The decision about followup is yes.",
  version: 1,
  full: "The student has answered your practice question. Work out the right answer first and compare. Begin with Correct, Partly correct, or Not quite; then give the reason in one or two sentences, and say what was wrong in the option that was chosen. After a wrong answer give a hint and let the student try once more; after a right one offer the next question.",
  compact: "Grade the answer: Correct or Not quite, why, next step.",
};
