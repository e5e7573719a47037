import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AnswerStream, type AnswerEnd } from "../../../../lib/agent/post-process";
import { scanMarkdown } from "../../../../lib/agent/post-process/scan";
import { TokenFilter } from "../../../../lib/agent/post-process/token-filter";
import * as tokens from "../../../../lib/agent/post-process/template-tokens";
import { cutAt, shown } from "./helpers";

const MARKUP = [
  "`",
  "``",
  "```",
  "\n```\n",
  "\n```js\n",
  "~~~",
  "\n",
  "\n\n",
  "$",
  "$$",
  "\\(",
  "\\)",
  "\\[",
  "\\]",
  "\\",
];
const MORE = [
  "**",
  "*",
  "_",
  "~~",
  "\n- ",
  "\n1. ",
  "\n> ",
  "\n# ",
  "|",
  "{",
  "}",
  "\\begin{a}",
  "\\end{a}",
  "[a](",
  ")",
];
const WORDS = [
  "a",
  "Word. ",
  "e.g. ",
  "3.14",
  " ",
  "。",
  "😀",
  "\r\n",
  "\u200b",
  "<",
  "<|",
  "im_",
  "User:",
  "\nUser:",
  "user",
];
const hostile = fc
  .array(fc.constantFrom(...MARKUP, ...MORE, ...WORDS, ...tokens.KNOWN_TOKENS), { maxLength: 30 })
  .map((parts) => parts.join(""));
const places = fc.array(fc.nat(300), { maxLength: 20 });
const reason = fc.constantFrom<AnswerEnd>("stop", "length", "aborted");
const plain = fc
  .array(
    fc.constantFrom(
      "one",
      "Two",
      "x2",
      "été",
      "你好",
      "😀",
      ".",
      ",",
      "!",
      " ",
      "\n",
      "\n\n",
      "(a)",
      "-",
      "5 %",
      "<b>",
    ),
  )
  .map((parts) => parts.join(""));

describe("any answer", () => {
  it("is the same in any pieces", () => {
    fc.assert(
      fc.property(hostile, places, reason, fc.constantFrom(undefined, 0), (text, cuts, end, remaining) => {
        expect(shown(cutAt(text, cuts), end, remaining)).toBe(shown([text], end, remaining));
      }),
      { numRuns: 3000 },
    );
  });

  it("stays as it is when it goes through once more", () => {
    fc.assert(
      fc.property(hostile, reason, (text, end) => {
        const once = shown([text], end);
        // What a dropped delimiter had shown to be no token (`<|` of "<|`") looks unfinished the second time.
        fc.pre(!/<[|｜][^\s>]*$/.test(once));
        // An answer that was cut at its limit is a whole one from then on.
        expect(shown([once], end === "stop" ? "stop" : "aborted")).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });

  it("has no known token outside of code", () => {
    const codeless = fc
      .array(fc.constantFrom("a", " ", "\n", "<", "<|", "im_end|>", "s>", "[", ...tokens.KNOWN_TOKENS), {
        maxLength: 40,
      })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(codeless, (text) => {
        const answer = shown([text]);
        expect(tokens.KNOWN_TOKENS.filter((token) => answer.includes(token))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it("leaves nothing open", () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom<AnswerEnd>("length", "aborted"), (text, end) => {
        const { open, fence } = scanMarkdown(shown([text], end));
        expect({ open, fence }).toEqual({ open: [], fence: null });
      }),
      { numRuns: 3000 },
    );
  });

  it("is what was written when nothing in it is markup", () => {
    fc.assert(
      fc.property(plain, places, fc.constantFrom<AnswerEnd>("stop", "aborted"), (text, cuts, end) => {
        expect(shown(cutAt(text, cuts), end)).toBe(text.trim());
      }),
      { numRuns: 1000 },
    );
  });

  it("comes at once where nothing in it is suspicious", () => {
    fc.assert(
      fc.property(plain, (text) => {
        const stream = new AnswerStream();
        for (const character of text) stream.push(character);
        const tail = text.trim().length - stream.text.length;
        expect(tail).toBeLessThanOrEqual(64);
      }),
    );
  });

  it("is balanced wherever a well-formed one breaks off", () => {
    const whole =
      "Take **two** of `a` and \\(b\\).\n\n1. So:\n   ```js\n   f();\n   ```\n2. *Then* $$c_1$$ is $d^2$.\n\n" +
      "\\[\n\\begin{aligned} x &= \\frac{1}{2} \\end{aligned}\n\\]\n\nEnd.";
    const count = (text: string, part: string): number => text.split(part).length - 1;
    for (let length = 0; length <= whole.length; length++) {
      const answer = shown(whole.slice(0, length), "aborted");
      for (const marker of ["```", "**", "$$"]) expect([answer, count(answer, marker) % 2]).toEqual([answer, 0]);
      for (const [open = "", close = ""] of [
        ["\\(", "\\)"],
        ["\\[", "\\]"],
        ["\\begin{aligned}", "\\end{aligned}"],
        ["{", "}"],
      ])
        expect([answer, count(answer, open)]).toEqual([answer, count(answer, close)]);
    }
  });

  const UNITS = [
    "word. ",
    "`",
    "``a ",
    "<",
    "<think",
    "<|im_",
    "**a ",
    "$5 ",
    "[a",
    "\\(x ",
    "```\nx\n",
    "a`<s>",
    "| a |\n",
  ];

  it.each([...UNITS, "`<s>\n\n", "<s>"])("of %j takes steps in proportion to its length", (unit) => {
    const steps = (length: number): number => {
      const filter = new TokenFilter();
      const text = unit.repeat(length / unit.length);
      for (let at = 0; at < text.length; at += 1000) filter.push([...text.slice(at, at + 1000)]);
      filter.end();
      return filter.steps;
    };
    expect(steps(40_000) / steps(20_000)).toBeLessThan(2.1);
  });

  it("may be a megabyte", () => {
    const text = "word ".repeat(200_000).trim();
    expect(shown([text])).toBe(text);
    expect(shown(text.match(/.{1,5}/gs) ?? [], "length")).toBe(text);
  });

  it.each(UNITS)("of very much of %j comes to an end", (unit) => {
    const text = unit.repeat(200_000 / unit.length);
    expect(shown(text.match(/.{1,5}/gs) ?? [], "length").length).toBeLessThanOrEqual(text.length + 300);
  });
});
