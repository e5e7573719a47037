import { afterAll, describe, expect, it } from "vitest";
import { createCalculator } from "../../../../lib/agent/tools";

const calculator = createCalculator({ timeLimitMs: 5000 });
afterAll(() => calculator.close());

async function calculate(expression: string) {
  return await calculator.run(calculator.parse({ expression }), {});
}

const TOLD: [written: string, text: string][] = [
  // arithmetic, and the signs of written mathematics
  ["3/4 + 1/8", "3/4 + 1/8 = 7/8 = 0.875"],
  ["12 * 7", "12 * 7 = 84"],
  ["0.1 + 0.2", "0.1 + 0.2 = 0.3"],
  ["1/3", "1/3 ≈ 0.333333333333"],
  ["2/4", "2/4 = 1/2 = 0.5"],
  ["2·3", "2*3 = 6"],
  ["10 ÷ 4", "10 / 4 = 5/2 = 2.5"],
  ["2 − 5", "2 - 5 = -3"],
  ["5²", "5^2 = 25"],
  ["-2^2", "-2^2 = -4"],
  ["2**3", "2^3 = 8"],
  ["6/2(1+2)", "6/2(1+2) = 9"],
  ["1 1/2 + 2 1/4", "1 1/2 + 2 1/4 = 15/4 = 3.75"],
  ["2½ + 1", "(2+1/2) + 1 = 7/2 = 3.5"],
  ["3,5 + 1", "3,5 + 1 = 4.5"],
  ["0,125 * 8", "0,125 * 8 = 1"],
  ["1,000 * 3", "1,000 * 3 = 3000"],
  ["12 000 / 4", "12 000 / 4 = 3000"],
  ["3 x 4", "3 * 4 = 12"],
  ["50% of 80", "50% of 80 = 40"],
  ["80 + 10%", "80 + 10% = 88"],
  ["3/4 of 20", "3/4 of 20 = 15"],
  ["12 times 7", "12 times 7 = 84"],
  ["What is 12 * 7?", "12 * 7 = 84"],
  ["12 * 7 =", "12 * 7 = 84"],
  ["10 mod 3", "10 mod 3 = 1"],
  ["|−3| + 1", "|-3| + 1 = 4"],
  ["5!", "5! = 120"],
  ["2^100", "2^100 = 1267650600228229401496703205376"],
  ["100!", "100! ≈ 9.33262154439 * 10^157"],
  ["2^100000", "2^100000 ≈ 9.99002093014 * 10^30102"],
  ["1e-20*3", "1e-20*3 = 3 * 10^-20"],
  // LaTeX
  ["\\frac{1}{2} + \\frac13", "(1/2) + (1/3) = 5/6 ≈ 0.833333333333"],
  ["$\\sqrt{16} \\cdot 2$", "√(16) * 2 = 8"],
  ["\\sqrt[3]{27}", "nthRoot(27, 3) = 3"],
  // roots, logarithms, angles
  ["√2", "√2 ≈ 1.41421356237"],
  ["√16/4", "√16/4 = 1"],
  ["√(9+16)", "√(9+16) = 5"],
  ["square root of 144", "√144 = 12"],
  ["sqrt(-4)", "√(-4) = 2i"],
  ["(2+3i)(1-i)", "(2+3i)(1-i) = 5 + i"],
  ["sin(30°)", "sin(30°) = 0.5"],
  ["sin(30)", "sin(30) ≈ -0.988031624093 (angle in radians)"],
  ["sin 30° + cos(pi)", "sin 30° + cos(pi) = -0.5"],
  ["sin^2(30°) + cos^2(30°)", "sin^2(30°) + cos^2(30°) = 1"],
  ["sin^-1(0.5)", "sin^-1(0.5) ≈ 0.523598775598 (in radians)"],
  ["sin(pi)", "sin(pi) = 0"],
  ["log(100)", "log(100) = 2"],
  ["ln(e^2)", "ln(e^2) = 2"],
  ["log(8, 2)", "log(8, 2) = 3"],
  ["log_2(8)", "log_2(8) = 3"],
  // statistics, matrices, units
  ["mean(1, 2, 3, 4)", "mean(1, 2, 3, 4) = 5/2 = 2.5"],
  ["median(3, 1, 2)", "median(3, 1, 2) = 2"],
  ["mode(1, 2, 2)", "mode(1, 2, 2) = 2"],
  ["std(1, 2, 3, 4)", "std(1, 2, 3, 4) ≈ 1.29099444874 (of a sample, n - 1)"],
  ["nCr(5, 2)", "nCr(5, 2) = 10"],
  ["det([[1,2],[3,4]])", "det([[1,2],[3,4]]) = -2"],
  ["inv([[1,2],[3,4]])", "inv([[1,2],[3,4]]) = [[-2, 1], [3/2, -1/2]]"],
  ["5 km in miles", "5 km in miles = 3.10685596119 mile"],
  ["5 cm + 2 in", "5 cm + 2 in = 10.08 cm"],
  ["60 km / 2 h", "60 km / 2 h = 30 km / hour"],
  ["3 kg * 9.8 m/s^2", "3 kg * 9.8 m/s^2 = 29.4 N"],
  ["20 °C to °F", "20 °C to °F = 68 °F"],
  // equations
  ["2x + 3 = 7", "2x + 3 = 7: x = 2"],
  ["solve 3x = 1 for x", "3x = 1: x = 1/3 ≈ 0.3333333333"],
  ["1e3 x = 5e3", "1e3 x = 5e3: x = 5"],
  ["x/2 + x/3 = 5", "x/2 + x/3 = 5: x = 6"],
  ["2x = 2x + 1", "2x = 2x + 1: no solution"],
  ["2(x + 1) = 2x + 2", "2(x + 1) = 2x + 2: true for every x"],
  ["x^2 - 5x + 6 = 0", "x^2 - 5x + 6 = 0: x = 2 or x = 3"],
  ["x² = 2", "x^2 = 2: x = -√2 ≈ -1.414213562 or x = √2 ≈ 1.414213562"],
  ["x^2 - 2x + 1 = 0", "x^2 - 2x + 1 = 0: x = 1 (double)"],
  ["x^2 + 2x + 5 = 0", "x^2 + 2x + 5 = 0: x = -1 + 2i or x = -1 - 2i"],
  ["x^3 - 6x^2 + 11x - 6 = 0", "x^3 - 6x^2 + 11x - 6 = 0: x = 1 or x = 2 or x = 3"],
  ["x^3 = 8", "x^3 = 8: x = 2 or x = -1 + √3i ≈ -1 + 1.732050808i or x = -1 - √3i ≈ -1 - 1.732050808i"],
  ["1/x = 2", "1/x = 2: x = 1/2 = 0.5"],
  ["(x^2-1)/(x-1) = 2", "(x^2-1)/(x-1) = 2: no solution"],
  ["1/(1 + 1/x) = 0", "1/(1 + 1/x) = 0: no solution"],
  ["2^x = 8", "2^x = 8: x = 3"],
  ["cos(x) = x", "cos(x) = x: x ≈ 0.7390851332"],
  ["x + y = 5; x - y = 1", "x + y = 5; x - y = 1: x = 3, y = 2"],
  ["x+y+z=6, x-y=0, z=3", "x+y+z=6, x-y=0, z=3: x = 3/2, y = 3/2, z = 3"],
  ["x+y=1 and x+y=2", "x+y=1 and x+y=2: no solution"],
  ["x+y=1; 2x+2y=2", "x+y=1; 2x+2y=2: infinitely many solutions"],
  ["2+2=5", "2+2=5 is false: left side = 4, right side = 5"],
  ["0.1+0.2=0.3", "0.1+0.2=0.3 is true: left side = 0.3, right side = 0.3"],
  // algebra
  ["simplify 2x + 3x", "2x + 3x = 5x"],
  ["simplify (x^2-1)/(x-1)", "(x^2-1)/(x-1) = x + 1"],
  ["2m + 3", "2m + 3 = 2m + 3"],
  ["xy + yx", "xy + yx = 2xy"],
  ["a^2 + 2ab + b^2 - (a+b)^2", "a^2 + 2ab + b^2 - (a+b)^2 = 0"],
  ["expand (x+1)(x+2)", "(x+1)(x+2) = x^2 + 3x + 2"],
  ["factor 2x^3 - 8x", "2x^3 - 8x = 2x(x + 2)(x - 2)"],
  ["factor x^2 + 1", "x^2 + 1 = (x^2 + 1)"],
  ["derivative of x^3 sin(x)", "derivative of x^3 sin(x) with respect to x = 3x^2sin(x) + x^3cos(x)"],
  ["d/dx ln(x)", "derivative of ln(x) with respect to x = 1/x"],
];

const UNANSWERED: [written: string, why: string][] = [
  ["7/0", "divides by zero"],
  ["10^10^10", "too large"],
  ["9^9^9^9", "too large"],
  ["factorial(10^6)", "too large"],
  ["2^-1000000", "too small"],
  ["tan(90°)", "not defined"],
  ["5 km + 3", "do not fit"],
  ["[[1,2],[3,4]] * [1,2,3]", "do not fit"],
  ["x*y = 2; x + y = 3", "linear"],
  ["e^x = -1", "No real solution"],
  ["2 +* 3", "missing"],
  ["[" + "1234567890123456789^9,".repeat(15) + "1]", "characters"],
];

const UNREADABLE = [
  "while(true)",
  "ones(10^4,10^4)",
  "zeros(100000)",
  'cos.constructor("return process")()',
  "import({a: 1})",
  'createUnit("foo")',
  'evaluate("1+1")',
  'parse("x")',
  "chain(3)",
  "typed",
  "config",
  "f(x) = 2x, f(3)]",
  "a := 3",
  "1:10^9",
  "x -> x",
  "true ? 1 : 2",
  '"text"',
  "'text'",
  "{a: 1}",
  "`1`",
  "1 & 2",
  "x > 3",
  "2 ≤ x",
  "1,2,3",
  "a = b = c",
  "((1)",
  "1)",
  "[1,2",
  "(".repeat(60) + ")".repeat(60),
  "sqrt",
  "1e999",
  "hello world",
  "= 5",
  "a + b + c + d = 1",
  "__proto__",
  "constructor",
  "toString()",
  "process.exit()",
  "\u0000",
  "?",
  "🙂 + 1",
  "\\frac{1}{2",
  "1".repeat(401),
];

describe("the calculator", () => {
  it.each(TOLD)("answers %s", async (written, text) => {
    expect((await calculate(written)).text).toBe(text);
  });

  it.each(UNANSWERED)("says why %s has no answer", async (written, why) => {
    await expect(calculate(written)).rejects.toMatchObject({
      code: "tool_failed",
      message: expect.stringContaining(why),
      fields: { tool: "calculator" },
    });
  });

  it.each(UNREADABLE)("refuses %s before anything is computed", (expression) => {
    expect(() => calculator.parse({ expression })).toThrow(
      expect.objectContaining({
        code: "tool_arguments_invalid",
        fields: expect.objectContaining({ tool: "calculator", field: "expression" }),
      }),
    );
  });

  it.each([undefined, null, [], "1+1", {}, { expression: 5 }, { expression: " " }, { expression: "1".repeat(1e6) }])(
    "refuses arguments that are no expression (%#)",
    (written) => {
      expect(() => calculator.parse(written)).toThrow(expect.objectContaining({ code: "tool_arguments_invalid" }));
    },
  );

  it("gives the page the exact answer, the decimal and the LaTeX", async () => {
    const { display } = await calculate("3/4 + 1/8");
    expect(JSON.parse(JSON.stringify(display))).toEqual({
      kind: "calculation",
      expression: "3/4 + 1/8",
      result: "7/8",
      exact: "7/8",
      approximate: "0.875",
      steps: [],
      latex: "\\frac{7}{8}",
    });
  });

  it("shows the steps of a quadratic equation", async () => {
    const { display } = await calculate("x^2 = 5x - 6");
    expect(display).toMatchObject({ steps: ["x^2 - 5x + 6 = 0", "discriminant b^2 - 4ac = 1"] });
  });
});
