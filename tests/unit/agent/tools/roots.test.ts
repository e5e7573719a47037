import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  interpolate,
  times,
  valueAt,
  writePolynomial,
  type Polynomial,
} from "../../../../lib/agent/tools/calculator/polynomial";
import { Rational } from "../../../../lib/agent/tools/calculator/rational";
import { rootsOf } from "../../../../lib/agent/tools/calculator/roots";
import { decimalOf, decimalOfRational, plainDecimal } from "../../../../lib/agent/tools/calculator/decimal";

const rational = fc
  .tuple(fc.integer({ min: -60, max: 60 }), fc.integer({ min: 1, max: 12 }))
  .map(([top, bottom]) => Rational.of(BigInt(top), BigInt(bottom)));

describe("the roots of a polynomial", () => {
  it("are found exactly when they are fractions, with how often each is there", () => {
    fc.assert(
      fc.property(fc.array(rational, { minLength: 1, maxLength: 4 }), (expected) => {
        const factors = expected.map((root): Polynomial => [root.negated(), Rational.ONE]);
        const found = rootsOf(factors.reduce(times, [Rational.ONE]));
        const repeated = found.flatMap(({ exact, multiplicity }) => Array.from({ length: multiplicity }, () => exact));
        expect(repeated.sort()).toEqual(expected.map(String).sort());
      }),
    );
  });

  it("make every quadratic and cubic zero", () => {
    const coefficient = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(
        fc.array(coefficient, { minLength: 2, maxLength: 3 }),
        fc.integer({ min: 1, max: 50 }),
        (rest, leading) => {
          const polynomial = [...rest, leading].map((value) => Rational.of(BigInt(value)));
          const roots = rootsOf(polynomial);
          expect(roots.length).toBeGreaterThan(0);
          for (const { real, imaginary } of roots) {
            const size = Math.max(1, Math.hypot(real, imaginary)) ** rest.length * 1000;
            expect(Math.abs(magnitudeAt([...rest, leading], real, imaginary)) / size).toBeLessThan(1e-6);
          }
        },
      ),
    );
  });

  it("are those of the polynomial through the points of one", () => {
    const polynomial = [3, 0, -2, 1].map((value) => Rational.of(BigInt(value), 7n));
    const points = [-3n, 0n, 1n, 2n, 5n, 9n].map((value) => ({
      x: Rational.of(value, 2n),
      y: valueAt(polynomial, Rational.of(value, 2n)),
    }));
    expect(writePolynomial(interpolate(points), "x")).toBe("(1/7)x^3 - (2/7)x^2 + 3/7");
  });
});

function magnitudeAt(coefficients: number[], real: number, imaginary: number): number {
  let [re, im] = [0, 0];
  for (const coefficient of coefficients.toReversed()) {
    [re, im] = [re * real - im * imaginary + coefficient, re * imaginary + im * real];
  }
  return Math.hypot(re, im);
}

const DECIMALS: [digits: string, text: string, isRounded: boolean][] = [
  ["0", "0", false],
  ["-0.5", "-0.5", false],
  ["1.4142135623730950488016887242097", "1.41421356237", true],
  ["0.49999999999999999999999999999999999999", "0.5", false],
  ["1e-63", "1 * 10^-63", false],
  ["3.2812345678912345678912345e-61", "0", false],
  ["1.5e+400", "1.5 * 10^400", false],
  ["123456789012345678901234567890", "1.23456789012 * 10^29", true],
];

describe("a decimal", () => {
  it.each(DECIMALS)("of %s is %s", (digits, text, isRounded) => {
    expect(decimalOf(digits)).toEqual({ text, isRounded });
  });

  it("says of a fraction whether digits were left out", () => {
    expect(decimalOfRational(Rational.of(-7n, 8n))).toEqual({ text: "-0.875", isRounded: false });
    expect(decimalOfRational(Rational.of(2n, 3n))).toEqual({ text: "0.666666666667", isRounded: true });
  });

  it("has no digits that are only the machine's", () => {
    expect([0.1 + 0.2, 1e21, 1.5e-12, 0.00000025].map(plainDecimal)).toEqual([
      "0.3",
      "1 * 10^21",
      "1.5 * 10^-12",
      "0.00000025",
    ]);
  });
});
