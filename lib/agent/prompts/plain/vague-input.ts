import type { PromptSegment } from "../contract";

export const vagueInput: PromptSegment = {
  id: "vague-input",
  purpose: "Asks back where an answer would be a guess.",
  trigger: "The decision about clarity is vague or both.",
  version: 1,
  full: "The request can be read in several ways. Say which reading you take and answer it in short, or ask one question if that would be a mere guess.",
  compact: "The request is vague: ask what is meant.",
};
