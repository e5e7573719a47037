import type { PromptSegment } from "../contract";

export const guidingTeaching: PromptSegment = {
  id: "guiding-teaching",
  purpose: "Leads to the answer in steps that the student takes.",
  trigger: "The decision about teaching is guide or both.",
  version: 1,
  full: "Guide step by step. Say which idea solves this kind of problem and why, show only the first step, then ask the student to take the next one. If it is homework, work on a similar example with other numbers. Keep the final result for the student to find, and praise effort that is real.",
  compact: "Give only the first step, then ask for the next one.",
};
