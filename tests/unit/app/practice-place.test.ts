import { expect, it } from "vitest";
import { questionIn } from "../../../app/_chat/practice-place";
import type { TurnMessage } from "../../../lib/wire";

const TEXT = "Now: Question: Why? Good luck.";
const partsWith = (data: unknown) => [{ type: "data-practice", data }] as unknown as TurnMessage["parts"];

it("a practice question stands in the place of its words", () => {
  const question = { start: 5, end: 19, text: "Why?" };
  expect(questionIn(partsWith(question), TEXT)).toBe(question);
});

it.each<[string, unknown]>([
  ["nothing", undefined],
  ["null", null],
  ["a text", "x"],
  ["no place", {}],
  ["a place behind the text", { start: 5, end: 31 }],
  ["a place before it", { start: -1, end: 4 }],
  ["a place that ends before it begins", { start: 9, end: 4 }],
  ["half a letter", { start: 0.5, end: 4 }],
  ["no number", { start: NaN, end: 4 }],
])("of a part with %s only the text is shown", (_, data) => {
  expect(questionIn(partsWith(data), TEXT)).toBeNull();
});

it("an answer without one has none", () => {
  expect(questionIn([{ type: "text", text: TEXT }], TEXT)).toBeNull();
});
