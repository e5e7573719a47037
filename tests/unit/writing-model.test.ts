import { expect, it } from "vitest";
import { piecesOf } from "../fixtures/writing-model";
import { WRITTEN_TEXT } from "../fixtures/written-text";

it("the writing model's text is cut into pieces of about a token, no two of them the same", () => {
  const pieces = piecesOf(WRITTEN_TEXT);
  expect(pieces.join("")).toBe(WRITTEN_TEXT);
  expect(new Set(pieces).size).toBe(pieces.length);
  expect(WRITTEN_TEXT.length / pieces.length).toBeLessThan(5);
});
