import { expect, it } from "vitest";
import { guessHeight } from "@/app/_chat/message-height";
import type { TurnMessage } from "@/lib/wire";

const message = (text: string): TurnMessage => ({ id: "a", role: "assistant", parts: [{ type: "text", text }] });

it("a message is guessed higher the more lines it has, however they came to be", () => {
  const heights = ["", "one line", "two\nlines", "word ".repeat(100)].map((text) => guessHeight(message(text)));
  expect(heights).toEqual([...heights].sort((one, other) => one - other));
  expect(new Set(heights).size).toBe(4);
});
