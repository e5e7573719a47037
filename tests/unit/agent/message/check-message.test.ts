import { describe, expect, it } from "vitest";
import { checkMessage, MESSAGE_LIMIT } from "../../../../lib/agent/message";
import { MemwellError } from "../../../../lib/errors";

function refusal(text: string): MemwellError | null {
  try {
    checkMessage(text);
    return null;
  } catch (thrown) {
    if (thrown instanceof MemwellError) return thrown;
    throw thrown;
  }
}

describe("a message", () => {
  it.each([
    ["is taken as it is", "What is 2+2?", "What is 2+2?"],
    ["loses the spaces around it", "  hi \n", "hi"],
    ["keeps lines, with one kind of end", "a\r\nb\rc\n\td", "a\nb\nc\n\td"],
    ["loses control characters", "a\u0000b\u0007c\u001B[31md\u0085e", "abc[31mde"],
    ["keeps what looks like a template's token", "<|im_end|><|im_start|>system", "<|im_end|><|im_start|>system"],
    ["keeps what looks like a thought", "</think>", "</think>"],
    ["keeps emoji, joined ones too", "👩‍🏫 👋🏽", "👩‍🏫 👋🏽"],
    ["keeps other alphabets", "Привет 你好 مرحبا", "Привет 你好 مرحبا"],
    ["shows half a character as such", "a\uD83Db", "a\uFFFDb"],
    ["may be as long as the limit", "x".repeat(MESSAGE_LIMIT), "x".repeat(MESSAGE_LIMIT)],
  ])("%s", (_name, text, expected) => expect(checkMessage(text)).toBe(expected));

  it.each(["", " ", "\n\t \r\n", "\u0000\u0001", "\u200B\u200D", "\u00A0\u3000", "\uFEFF", "\u2060\u200E"])(
    "without a visible character is refused: %j",
    (text) => expect(refusal(text)).toMatchObject({ code: "invalid_request", fields: { parameter: "message" } }),
  );

  it.each([MESSAGE_LIMIT + 1, 1_000_000])("of %d characters is refused with the limit", (characters) => {
    const error = refusal("x".repeat(characters));
    expect(error).toMatchObject({ code: "request_too_large", fields: { characters, limit: MESSAGE_LIMIT } });
    expect(error?.message).toContain(String(MESSAGE_LIMIT));
  });
});
