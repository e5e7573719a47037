import { describe, expect, it } from "vitest";
import { alignToHeld } from "../../../lib/engine/child/alignment";

type Token = Parameters<typeof alignToHeld>[1][number];

/** Tokens are spelled by this table; 0 is a control token, 9 and 10 are halves of one character. */
const spelling = ["", "t", "h", "e", "th", "the", " ", "cat", "c", "\uFFFD", "\uFFFD", "é", "at"];
const model = {
  isSpecialToken: (token: Token | undefined) => token === (0 as Token),
  detokenize: (tokens: readonly Token[]) =>
    tokens
      .map((token) => spelling[token] ?? "")
      .join("")
      .replace("\uFFFD\uFFFD", "é"),
};
const align = (prompt: number[], held: number[]) => alignToHeld(model, prompt as Token[], held as Token[]);

describe("alignToHeld", () => {
  it("takes a common prefix as it is", () => {
    expect(align([0, 5, 6, 7], [0, 5, 6])).toEqual({ tokens: [0, 5, 6, 7], held: 3 });
  });

  it("keeps the held spelling of the same text, and goes on behind it", () => {
    expect(align([0, 5, 6, 7, 0], [0, 1, 2, 3, 6, 8, 12])).toEqual({ tokens: [0, 1, 2, 3, 6, 8, 12, 0], held: 7 });
  });

  it("ends at the first other text", () => {
    expect(align([5, 6, 7], [1, 2, 3, 6, 5])).toEqual({ tokens: [1, 2, 3, 6, 7], held: 4 });
    expect(align([7, 6], [5, 6])).toEqual({ tokens: [7, 6], held: 0 });
  });

  it("never spells across control tokens", () => {
    expect(align([5, 0], [1, 2, 0])).toEqual({ tokens: [5, 0], held: 0 });
  });

  it("does not take half a character for another half", () => {
    expect(align([9, 5], [10, 5])).toEqual({ tokens: [9, 5], held: 0 });
    expect(align([11, 5], [9, 10, 5])).toEqual({ tokens: [9, 10, 5], held: 3 });
  });

  it("the tokens always spell the prompt", () => {
    const { tokens } = align([5, 6, 7, 5], [4, 3, 6, 8, 12, 1]);
    expect(model.detokenize(tokens)).toBe(model.detokenize([5, 6, 7, 5] as Token[]));
  });
});
