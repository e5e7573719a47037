import { greatestDivisor, Rational } from "./rational";

/** The coefficients of a polynomial in one unknown, that of x^0 first; the last is not 0, and 0 itself has none. */
export type Polynomial = readonly Rational[];

export function degreeOf(polynomial: Polynomial): number {
  return polynomial.length - 1;
}

/** The value at `x`, by Horner's rule. */
export function valueAt(polynomial: Polynomial, x: Rational): Rational {
  return polynomial.reduceRight((sum, coefficient) => sum.times(x).plus(coefficient), Rational.ZERO);
}

/** The polynomial of least degree through the points, whose x differ: Newton's divided differences. */
export function interpolate(points: readonly { x: Rational; y: Rational }[]): Polynomial {
  let differences = points.map(({ y }) => y);
  let basis: Polynomial = [Rational.ONE];
  let sum: Polynomial = [];
  for (const [order, { x }] of points.entries()) {
    const leading = differences[0] ?? Rational.ZERO;
    sum = plus(sum, scaled(basis, leading));
    basis = times(basis, [x.negated(), Rational.ONE]);
    differences = differences.slice(1).map((difference, index) => {
      const [left, right] = [points[index]?.x ?? x, points[index + order + 1]?.x ?? x];
      return difference.minus(differences[index] ?? Rational.ZERO).over(right.minus(left));
    });
  }
  return sum;
}

export function plus(first: Polynomial, second: Polynomial): Polynomial {
  const length = Math.max(first.length, second.length);
  return trimmed(
    Array.from({ length }, (_, power) => (first[power] ?? Rational.ZERO).plus(second[power] ?? Rational.ZERO)),
  );
}

export function scaled(polynomial: Polynomial, factor: Rational): Polynomial {
  return trimmed(polynomial.map((coefficient) => coefficient.times(factor)));
}

export function times(first: Polynomial, second: Polynomial): Polynomial {
  return first.reduce<Polynomial>((sum, coefficient, power) => {
    const shifted = [...Array.from({ length: power }, () => Rational.ZERO), ...scaled(second, coefficient)];
    return plus(sum, shifted);
  }, []);
}

/** Quotient and remainder. Throws a RangeError when `divisor` is 0. */
export function divide(polynomial: Polynomial, divisor: Polynomial): { quotient: Polynomial; remainder: Polynomial } {
  const leading = divisor.at(-1);
  if (leading === undefined) throw new RangeError("division by zero");
  let quotient: Polynomial = [];
  let remainder = polynomial;
  while (remainder.length >= divisor.length) {
    const factor = (remainder.at(-1) ?? Rational.ZERO).over(leading);
    const shift = Array.from({ length: remainder.length - divisor.length }, () => Rational.ZERO);
    quotient = plus(quotient, [...shift, factor]);
    remainder = plus(remainder, scaled([...shift, ...divisor], factor.negated()));
  }
  return { quotient, remainder };
}

/** The greatest common divisor with leading coefficient 1, by Euclid's algorithm. */
export function commonFactor(first: Polynomial, second: Polynomial): Polynomial {
  let [a, b] = [first, second];
  while (b.length > 0) [a, b] = [b, divide(a, b).remainder];
  const leading = a.at(-1);
  return leading === undefined ? [Rational.ONE] : scaled(a, Rational.ONE.over(leading));
}

/** `factor` times a polynomial whose coefficients are integers without a common divisor, the leading one above 0. */
export function primitivePart(polynomial: Polynomial): { factor: Rational; integers: bigint[] } {
  const denominator = polynomial.reduce(
    (common, coefficient) => (common * coefficient.denominator) / greatestDivisor(common, coefficient.denominator),
    1n,
  );
  const whole = polynomial.map((coefficient) => (coefficient.numerator * denominator) / coefficient.denominator);
  const leading = whole.at(-1) ?? 1n;
  // It begins with the leading one, which is not 0, and so takes its size; the sign is that one's too.
  const divisor = whole.reduce((common, coefficient) => greatestDivisor(common, coefficient), leading);
  const content = leading < 0n ? -divisor : divisor;
  return {
    factor: Rational.of(content, denominator),
    integers: whole.map((coefficient) => coefficient / content),
  };
}

/** As a student writes it: `2x^2 - x/2 + 3` is `2x^2 - 1/2x + 3`; the zero polynomial is `0`. */
export function writePolynomial(polynomial: Polynomial, unknown: string): string {
  const terms = polynomial
    .map((coefficient, power) => ({ coefficient, power }))
    .filter(({ coefficient }) => !coefficient.isZero)
    .reverse()
    .map(({ coefficient, power }, index) => {
      const size = coefficient.isNegative ? coefficient.negated() : coefficient;
      const sign = coefficient.isNegative ? (index === 0 ? "-" : " - ") : index === 0 ? "" : " + ";
      return sign + writeTerm(size, power, unknown);
    });
  return terms.length === 0 ? "0" : terms.join("");
}

function writeTerm(size: Rational, power: number, unknown: string): string {
  if (power === 0) return String(size);
  const letter = power === 1 ? unknown : `${unknown}^${power}`;
  if (size.isOne) return letter;
  return size.denominator === 1n ? `${size}${letter}` : `(${size})${letter}`;
}

function trimmed(polynomial: Rational[]): Polynomial {
  const last = polynomial.findLastIndex((coefficient) => !coefficient.isZero);
  return polynomial.slice(0, last + 1);
}
