import { expect, it } from "vitest";
import { isSameBranch } from "../../../app/_chat/same-branch";
import type { TurnMessage } from "../../../lib/wire";

const message = (id: string, ...texts: string[]): TurnMessage => ({
  id,
  role: "assistant",
  parts: texts.map((text) => ({ type: "text", text })),
});

it.each<[string, TurnMessage[], TurnMessage[], boolean]>([
  ["nothing and nothing", [], [], true],
  ["the same", [message("a", "x"), message("b", "y")], [message("a", "x"), message("b", "y")], true],
  ["a message more", [message("a", "x")], [message("a", "x"), message("b", "y")], false],
  ["another branch", [message("a", "x"), message("b", "y")], [message("a", "x"), message("c", "y")], false],
  ["an answer that was broken off", [message("a", "x")], [message("a", "xy")], false],
  ["an answer without its end", [message("a", "x")], [message("a", "x", "")], false],
  ["an earlier message that was read otherwise", [message("a", "x"), message("b")], [message("a"), message("b")], true],
])("%s", (_, shown, kept, isSame) => {
  expect(isSameBranch(shown, kept)).toBe(isSame);
});
