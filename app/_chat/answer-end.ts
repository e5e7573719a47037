import type { TurnErrorData, TurnMessage } from "@/lib/wire";

/** How an answer ended: to its end, cut off at the most tokens, stopped by the visitor, with an error, with the server. */
export type AnswerEnd =
  | { type: "done"; tokens: number | null }
  | { type: "length" | "stopped" }
  | { type: "failed" | "interrupted"; error: TurnErrorData };

/** Of a message that is not being written any more. */
export function answerEnd({ parts, metadata }: TurnMessage): AnswerEnd {
  const failed = parts.find((part) => part.type === "data-error");
  if (failed !== undefined)
    return { type: failed.data.code === "interrupted" ? "interrupted" : "failed", error: failed.data };
  const turn = parts.find((part) => part.type === "data-turn");
  if (turn?.data.finishReason === "aborted") return { type: "stopped" };
  if (turn?.data.finishReason === "length") return { type: "length" };
  if (turn !== undefined) return { type: "done", tokens: turn.data.tokens.generated };
  // Of an imported message nothing but its text may be known.
  return metadata === undefined ? { type: "done", tokens: null } : { type: "stopped" };
}

/** What a screen reader is told when an answer has ended. */
export function endWords(end: AnswerEnd): string {
  switch (end.type) {
    case "done":
      return end.tokens === null ? "The answer is complete." : `The answer is complete, ${end.tokens} tokens.`;
    case "length":
      return "The answer ended at the token limit.";
    case "stopped":
      return "The answer was stopped.";
    case "interrupted":
      return "The answer was interrupted.";
    case "failed":
      return `The answer failed: ${end.error.message}`;
  }
}
