import { EvaluationFailure } from "./evaluator";
import { degreeOf, interpolate, type Polynomial } from "./polynomial";
import { Rational } from "./rational";
import type { Ask } from "./solve";

const MAX_DEGREE = 8;
/** Six more than a polynomial of degree 8 needs, and no integers, so that neither |x| nor floor(x) passes for one. */
const POINTS = Array.from({ length: MAX_DEGREE + 7 }, (_, index) => Rational.of(BigInt(14 * index - 89), 14n));

/** The exact values at `points`, null where it divides by 0; null for all when they are no fractions, as of sin(x). */
export async function rationalsAt(
  expression: string,
  names: string[],
  points: string[][],
  ask: Ask,
): Promise<(Rational | null)[] | null> {
  try {
    const values = await ask({ kind: "sample", expression, names, points });
    return values.map((value) =>
      value === null ? null : Rational.of(BigInt(value.numerator), BigInt(value.denominator)),
    );
  } catch (thrown) {
    if (thrown instanceof EvaluationFailure) return null;
    throw thrown;
  }
}

/** The polynomial in `unknown` that an expression is; null when it is none, or one of a degree above 8. */
export async function polynomialOf(expression: string, unknown: string, ask: Ask): Promise<Polynomial | null> {
  const values = await rationalsAt(
    expression,
    [unknown],
    POINTS.map((point) => [String(point)]),
    ask,
  );
  if (values === null) return null;
  const points = values.flatMap((y, index) => {
    const x = POINTS[index];
    return y === null || x === undefined ? [] : [{ x, y }];
  });
  if (points.length < POINTS.length) return null;
  const polynomial = interpolate(points);
  return degreeOf(polynomial) <= MAX_DEGREE ? polynomial : null;
}

/**
 * The fraction of two polynomials in `unknown` that an expression is, not reduced; null when it is none. The denominator
 * is the product of everything it divides by, so it is 0 wherever one of them is.
 */
export async function fractionOf(
  expression: string,
  unknown: string,
  ask: Ask,
): Promise<{ numerator: Polynomial; denominator: Polynomial } | null> {
  const divisors = await ask({ kind: "divisors", expression });
  const product = divisors.map((divisor) => `(${divisor})`).join("*") || "1";
  const denominator = await polynomialOf(product, unknown, ask);
  const numerator = await polynomialOf(`(${expression})*${product}`, unknown, ask);
  if (numerator === null || denominator === null || denominator.length === 0) return null;
  return { numerator, denominator };
}
