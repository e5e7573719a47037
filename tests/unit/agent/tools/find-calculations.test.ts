import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCalculator, findCalculations } from "../../../../lib/agent/tools";

const FOUND: [message: string, calculations: string[]][] = [
  ["What is 12 * 7?", ["12 * 7"]],
  ["12*7", ["12*7"]],
  ["2+2", ["2+2"]],
  ["solve 2x+3=7", ["2x+3=7"]],
  ["Solve x^2 - 5x + 6 = 0", ["x^2 - 5x + 6 = 0"]],
  ["Find x: 3x - 4 = 11", ["3x - 4 = 11"]],
  ["2(x+1) = 10", ["2(x+1) = 10"]],
  ["Solve x + y = 5 and x - y = 1", ["x + y = 5; x - y = 1"]],
  ["3/4 of 20", ["3/4 of 20"]],
  ["What is 3/4 of 20?", ["3/4 of 20"]],
  ["What is 3/4 + 1/8?", ["3/4 + 1/8"]],
  ["calculate 3/4 - 1/8", ["3/4 - 1/8"]],
  ["calculate 10/4", ["10/4"]],
  ["What is 144 / 12?", ["144 / 12"]],
  ["whats 15% of 80", ["15% of 80"]],
  ["What is 2 + 2 * 5?", ["2 + 2 * 5"]],
  ["what is 3 x 4?", ["3 x 4"]],
  ["what is the square root of 144", ["the square root of 144"]],
  ["√144", ["√144"]],
  ["sqrt(16) + 2", ["sqrt(16) + 2"]],
  ["What is 5²?", ["5²"]],
  ["2^10", ["2^10"]],
  ["What is 2**3?", ["2**3"]],
  ["(3+4)*5", ["(3+4)*5"]],
  ["what is (12 - 5)/7", ["(12 - 5)/7"]],
  ["12 - 5 =", ["12 - 5"]],
  ["What is 12-5?", ["12-5"]],
  ["1,000 * 3", ["1,000 * 3"]],
  ["7 times 8", ["7 times 8"]],
  ["what is 12 plus 7", ["12 plus 7"]],
  ["10 divided by 4", ["10 divided by 4"]],
  ["I think 2+2=5", ["2+2=5"]],
  ["simplify 2x + 3x", ["simplify 2x + 3x"]],
  ["expand (x+1)(x+2)", ["expand (x+1)(x+2)"]],
  ["factor x^2+5x+6", ["factor x^2+5x+6"]],
  ["What is the derivative of x^3?", ["the derivative of x^3"]],
  ["convert 5 km to miles", ["5 km to miles"]],
  ["0.1 + 0.2", ["0.1 + 0.2"]],
  ["Help me: 45 ÷ 9", ["45 ÷ 9"]],
  ["What is 12 * 7 and 3 * 4?", ["12 * 7", "3 * 4"]],
  ["10 ÷ 4, 5 × 6", ["10 ÷ 4", "5 × 6"]],
  ["what is sin(30°)", ["sin(30°)"]],
  ["I have 12 + 30 apples", ["12 + 30"]],
  ["-3 * -4", ["-3 * -4"]],
  ["1*1, 2*2, 3*3, 4*4, 5*5", ["1*1", "2*2", "3*3", "4*4"]],
];

const NOT_FOUND = [
  "",
  "   ",
  "9/11",
  "What happened on 9/11?",
  "What is 9/11?",
  "What is 1/2?",
  "I was born on 12/05/2004",
  "2024-05-06",
  "Call +1 555-123-4567",
  "555-123-4567",
  "version 1.2.3",
  "v2.0 - 3",
  "Python 3.10",
  "pages 10-12",
  "page 3 + 4",
  "Chapter 5 - 7",
  "24/7",
  "50/50",
  "We won 3-2",
  "the 4-4-2 formation",
  "1990-2000",
  "from 1990 - 2000",
  "between 5 - 10",
  "Explain World War 2",
  "a 3 x 4 matrix",
  "A4 + A5",
  "iPhone 12 + 13",
  "C++ 11",
  "x = 5",
  "y = 2x + 1",
  "E = mc^2",
  "H2O + CO2",
  "COVID-19",
  "Room 12-4",
  "#12 + 3",
  "10:30 - 11:30",
  "192.168.1.1/24",
  "007 - 5",
  "https://example.org/1+1",
  "`1 + 1`",
  "```\n1 + 1\n```",
  "Hello 5!",
  "I am 12 years old",
  "I have 3-4 apples",
  "It costs $5-10",
  "The ratio is 3:4",
  "km/h and/or miles",
  "*12* is bold",
  "1. First\n2. Second",
  "Who is James?",
];

describe("the calculations in a message", () => {
  it.each(FOUND)("finds those of %j", (message, calculations) => {
    expect(findCalculations(message)).toEqual(calculations);
  });

  it.each(NOT_FOUND)("finds none in %j", (message) => {
    expect(findCalculations(message)).toEqual([]);
  });

  it.each(["1+", "(", " ", "a@", "`", "1 1/2 ", "\n", "x = "])("reads a megabyte of %j without delay", (piece) => {
    expect(findCalculations(piece.repeat(1e6 / piece.length)).length).toBeLessThanOrEqual(4);
  });

  it("are such that the calculator reads them, whatever the message", () => {
    const calculator = createCalculator();
    const piece = fc.constantFrom(
      "12",
      "3",
      "x",
      " ",
      "+",
      "-",
      "*",
      "/",
      "=",
      "(",
      ")",
      "what is ",
      "solve ",
      "of ",
      "%",
      "√",
    );
    const message = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(piece).map((pieces) => pieces.join("")),
    );
    fc.assert(
      fc.property(message, (text) => {
        for (const expression of findCalculations(text)) calculator.parse({ expression });
      }),
      { numRuns: 500 },
    );
  });
});
