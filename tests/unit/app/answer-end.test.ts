import { describe, expect, it } from "vitest";
import { answerEnd, endWords } from "../../../app/_chat/answer-end";
import type { TurnMessage } from "../../../lib/wire";

const METADATA = { run: "r1", conversation: "c1", userMessage: "q1" };

function answer(parts: TurnMessage["parts"], metadata: TurnMessage["metadata"] | null = METADATA): TurnMessage {
  return { id: "a1", role: "assistant", parts, ...(metadata !== null && { metadata }) };
}

function turn(finishReason: "stop" | "length" | "aborted"): TurnMessage["parts"][number] {
  const figures = { switches: [], omittedTurns: 0, steps: 1, duration_ms: 1, memory_bytes: null, swaps: 0 };
  const tokens = { prefilled: 1, reused: 0, generated: 7 };
  return { type: "data-turn", id: "turn", data: { finishReason, ...figures, tokens } };
}

function failure(code: "interrupted" | "disk_full"): TurnMessage["parts"][number] {
  return { type: "data-error", id: "error", data: { code, message: "Ask again." } };
}

describe("how an answer ended", () => {
  it.each<[string, TurnMessage, string, string]>([
    ["at its end", answer([turn("stop")]), "done", "The answer is complete, 7 tokens."],
    ["at the most tokens", answer([turn("length")]), "length", "The answer ended at the token limit."],
    ["while it was written", answer([turn("aborted")]), "stopped", "The answer was stopped."],
    ["before it was written", answer([]), "stopped", "The answer was stopped."],
    ["with the server", answer([failure("interrupted")]), "interrupted", "The answer was interrupted."],
    ["with an error", answer([failure("disk_full")]), "failed", "The answer failed: Ask again."],
    ["somewhere else", answer([{ type: "text", text: "Hi" }], null), "done", "The answer is complete."],
  ])("%s", (_, message, type, words) => {
    const end = answerEnd(message);
    expect(end.type).toBe(type);
    expect(endWords(end)).toBe(words);
  });
});
