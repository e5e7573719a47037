import { expect, it } from "vitest";

import { csvOf } from "../../../app/_analytics/csv";

it("a table is written as RFC 4180 has it, every line ended", () => {
  expect(csvOf(["a", 'say "b"', "c,d"], [["x\ny", 1.5, null]])).toBe('a,"say ""b""","c,d"\r\n"x\ny",1.5,\r\n');
  expect(csvOf(["a"], [])).toBe("a\r\n");
});

it("numbers keep all their digits; what is none is empty", () => {
  expect(csvOf(["n"], [[0.1 + 0.2], [-5], [1e21], [NaN], [Infinity], [0]])).toBe(
    "n\r\n0.30000000000000004\r\n-5\r\n1e+21\r\n\r\n\r\n0\r\n",
  );
});

it.each([
  ["=1+1", "'=1+1"],
  ["+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"],
  ["-2+3", "'-2+3"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\tx", "'\tx"],
  ["\r=1", '"\'\r=1"'],
  ['=HYPERLINK("a,b")', '"\'=HYPERLINK(""a,b"")"'],
  ["-5", "-5"],
  ["+1.5e3", "+1.5e3"],
  ["a=1", "a=1"],
])("the text %j is no formula in a spreadsheet", (text, written) => {
  expect(csvOf([text], [[text]])).toBe(`${written}\r\n${written}\r\n`);
});
