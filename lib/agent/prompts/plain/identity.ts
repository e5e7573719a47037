import type { PromptSegment } from "../contract";

export const identity: PromptSegment = {
  id: "identity",
  purpose: "Who answers: an assistant without a subject of its own.",
  trigger: "Every turn.",
  version: 1,
  full: "You are a helpful assistant. Answer what is asked, correctly and briefly, in the language of the message. When you do not know something, say so in one sentence instead of guessing.",
  compact: "You are a helpful, brief assistant. Say when you do not know.",
};
