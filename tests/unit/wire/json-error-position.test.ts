import fc from "fast-check";
import { expect, test } from "vitest";

import { findJsonError } from "../../../app/_server/json-error-position";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

test.each([
  ["", 0],
  ["{", 1],
  ['{"a": oops}', 6],
  ['{"a" 1}', 5],
  ["[1,]", 3],
  ['{"a":1,}', 7],
  ["[1 2]", 3],
  ["1 x", 2],
  ['"a\nb"', 2],
  ['"\\x"', 2],
  ['"\\u12g4"', 5],
  ['"open', 5],
  ["]", 0],
  ["01", 1],
] as const)("%j is wrong at %i", (text, position) => expect(findJsonError(text)).toBe(position));

test("agrees with JSON.parse about texts near JSON", () => {
  const edit = fc.record({
    at: fc.nat(),
    cut: fc.nat(2),
    put: fc.constantFrom("", ",", "}", "]", '"', "\\", "1", "e", " ", "nul"),
  });
  fc.assert(
    fc.property(fc.json(), fc.array(edit, { maxLength: 2 }), (json, edits) => {
      let text = json;
      for (const { at, cut, put } of edits) {
        const place = at % (text.length + 1);
        text = text.slice(0, place) + put + text.slice(place + cut);
      }
      const position = findJsonError(text);
      expect(position === null).toBe(isJson(text));
      // What stands before the position may still become JSON: the mistake is not earlier.
      if (position !== null && position < text.length)
        expect([null, position]).toContain(findJsonError(text.slice(0, position)));
    }),
    { numRuns: 3000 },
  );
});

test("does not recurse", () => {
  const deep = "[".repeat(2_000_000);
  expect(findJsonError(deep)).toBe(deep.length);
});
