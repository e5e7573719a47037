import type { PromptSegment } from "../contract";

export const vagueInput: PromptSegment = {
  id: "vague-input",
  purpose: "Finds out what is wanted before it explains at length.",
  trigger: "The decision about clarity is vague or both.",
  version: 1,
  full: "The message does not say enough to help with. Do not guess at length: say in a sentence what you take it for, then ask one short question that settles it, and offer two or three likely choices.",
  compact: "Unclear request: ask one short question, offer choices.",
};
