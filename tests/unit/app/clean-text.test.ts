import fc from "fast-check";
import { expect, it } from "vitest";
import { cleanText, GrowingCleanText } from "@/app/_markdown/clean-text";

it("a text that grows piece by piece, or becomes another one, is cleaned as if it were read whole", () => {
  const piece = fc.constantFrom("a", "\r", "\n", "\r\n", "\u202e", "\0", "word ", "");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.array(piece, { maxLength: 10 }), (pieces, others) => {
      const growing = new GrowingCleanText();
      let text = "";
      for (const added of pieces) {
        text += added;
        expect(growing.of(text)).toBe(cleanText(text));
      }
      expect(growing.of(others.join(""))).toBe(cleanText(others.join("")));
    }),
  );
});
