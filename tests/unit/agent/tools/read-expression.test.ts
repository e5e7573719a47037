import fc from "fast-check";
import { all, create } from "mathjs";
import { describe, expect, it } from "vitest";
import { plainNotation, readExpression } from "../../../../lib/agent/tools/calculator/read-expression";
import { MemwellError } from "../../../../lib/errors";

const READ: [written: string, read: string][] = [
  ["2x", "2*x"],
  ["2x^2y", "2*x^2*y"],
  ["1/2x", "1/2*x"],
  ["xy", "x*y"],
  ["2pi", "2*pi"],
  ["2(3)(4)", "2*(3)*(4)"],
  ["x(x+1)", "x*(x+1)"],
  [".5", "0.5"],
  ["1e-3", "(1*10^(-3))"],
  ["2 − 5", "2-5"],
  ["2 – 5", "2-5"],
  ["3×4", "3*4"],
  ["３＋４", "3+4"],
  ["5²", "5^(2)"],
  ["x⁻¹", "x^(-1)"],
  ["¾", "(3/4)"],
  ["2¾", "(2+3/4)"],
  ["1 1/2", "(1+1/2)"],
  ["1,000,000.5", "1000000.5"],
  ["1 000 000", "1000000"],
  ["3,5", "3.5"],
  ["0,125", "0.125"],
  ["max(3,5)", "max(3,5)"],
  ["max(1,000)", "max(1,000)"],
  ["sqrt(1,000)", "sqrt(1000)"],
  ["[1,2]", "[1,2]"],
  ["√2", "sqrt(2)"],
  ["2√3", "2*sqrt(3)"],
  ["√2x", "sqrt(2)*x"],
  ["sin x", "sin(x)"],
  ["sin 2x", "sin(2*x)"],
  ["sinx", "sin(x)"],
  ["sin²(x)", "(sin(x))^(2)"],
  ["sin^-1(x)", "asin(x)"],
  ["30°", "30 deg"],
  ["5 km", "5 km"],
  ["5 m", "5 m"],
  ["60 km/h", "60 km/ hour"],
  ["5 ft in in", "5 ft to inch"],
  ["5 min", "5 minute"],
  ["min(1,2)", "min(1,2)"],
  ["|x|", "abs(x)"],
  ["|x|+|y|", "abs(x)+abs(y)"],
  ["50% of 80", "50%*80"],
  ["5 squared", "5^2"],
  ["\\frac{1}{2}", "((1)/(2))"],
  ["\\frac12", "((1)/(2))"],
  ["\\frac{\\frac{1}{2}}{3}", "((((1)/(2)))/(3))"],
  ["\\sqrt[3]{8}", "nthRoot(8,3)"],
  ["\\left(2\\right)\\cdot 3", "(2)*3"],
  ["$x^{10}$", "x^(10)"],
  ["30^\\circ", "30 deg"],
];

const math = create(all ?? {});

describe("a student's notation", () => {
  it.each(READ)("reads %s", (written, read) => {
    expect(readExpression(plainNotation(written)).text).toBe(read);
  });

  it("takes a letter as a variable where no unit is expected", () => {
    expect(readExpression("m + 2", { units: true }).variables).toEqual(["m"]);
    expect(readExpression("2 m", { units: true }).variables).toEqual([]);
    expect(readExpression("2 m", { units: false }).variables).toEqual(["m"]);
  });

  it("leaves only characters and names that mathjs reads", () => {
    const piece = fc.oneof(
      fc.constantFrom(...READ.map(([written]) => written), "+", "-", "*", "/", "^", "(", ")", ",", "!", "%", " "),
      fc.string({ unit: "binary", maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
        let text: string;
        try {
          text = readExpression(plainNotation(pieces.join(""))).text;
        } catch (thrown) {
          if (!(thrown instanceof MemwellError)) throw thrown;
          expect(thrown.code).toBe("tool_arguments_invalid");
          return;
        }
        expect(text).toMatch(/^[\w+\-*/^!%,;()[\]. ]+$/);
        try {
          math.parse(text);
        } catch (thrown) {
          // Something may be missing, but nothing is unknown.
          expect(String(thrown)).not.toMatch(/Unexpected character|Syntax error in part/);
        }
      }),
      { numRuns: 300 },
    );
  });
});
