import { decimalOfRational, plainDecimal } from "./decimal";
import type { Evaluator } from "./evaluator";
import { commonFactor, degreeOf, divide, primitivePart, valueAt, writePolynomial, type Polynomial } from "./polynomial";
import { Rational } from "./rational";
import type { Equation } from "./read-request";
import { unanswered } from "./refuse";
import { rootsOf, type Root } from "./roots";
import { fractionOf, rationalsAt } from "./sampling";

export interface Solution {
  result: string;
  exact: string | null;
  approximate: string | null;
  steps: string[];
}

/** Of those that a search finds, the nearest to 0. */
const SHOWN_ROOTS = 6;
const SEARCH = { from: -100, to: 100, steps: 4001 };

/** Asks the evaluator on behalf of one calculation. */
export type Ask = Evaluator["ask"];

/**
 * One equation in one unknown.
 *
 * 1. A polynomial up to degree 8, or a fraction of two: all roots, also complex ones, where nothing divides by 0.
 * 2. Anything else: the real solutions between -100 and 100 where the sides cross, to 10 digits.
 */
export async function solveEquation({ left, right }: Equation, unknown: string, ask: Ask): Promise<Solution> {
  const difference = `(${left.text})-(${right.text})`;
  const cleared = await numeratorOf(difference, unknown, ask); // 1
  if (cleared === null) return await search(difference, unknown, ask); // 2
  return fromPolynomial(await withoutGaps(cleared, difference, unknown, ask), unknown);
}

/** Null when the difference is no fraction of polynomials. */
async function numeratorOf(difference: string, unknown: string, ask: Ask): Promise<Polynomial | null> {
  const fraction = await fractionOf(difference, unknown, ask);
  if (fraction === null) return null;
  let left = fraction.numerator;
  while (left.length > 0) {
    const shared = commonFactor(left, fraction.denominator);
    if (shared.length === 1) return left;
    left = divide(left, shared).quotient;
  }
  return left;
}

/** Without the roots where a fraction within a fraction divides by 0. */
async function withoutGaps(polynomial: Polynomial, difference: string, unknown: string, ask: Ask): Promise<Polynomial> {
  if (degreeOf(polynomial) < 1) return polynomial;
  const candidates = rootsOf(polynomial).flatMap(({ rational }) => (rational === null ? [] : [rational]));
  const values = await rationalsAt(
    difference,
    [unknown],
    candidates.map((root) => [String(root)]),
    ask,
  );
  const gaps = candidates.filter((_, index) => values?.[index] === null);
  return gaps.reduce((left, gap) => {
    const factor = [gap.negated(), Rational.ONE];
    while (left.length > 1 && valueAt(left, gap).isZero) left = divide(left, factor).quotient;
    return left;
  }, polynomial);
}

function fromPolynomial(polynomial: Polynomial, unknown: string): Solution {
  if (polynomial.length === 0) return plain(`true for every ${unknown}`);
  if (degreeOf(polynomial) === 0) return plain("no solution");
  const whole = primitivePart(polynomial).integers.map((coefficient) => Rational.of(coefficient));
  const roots = rootsOf(whole);
  const steps = [`${writePolynomial(whole, unknown)} = 0`];
  if (degreeOf(whole) === 2) steps.push(`discriminant b^2 - 4ac = ${discriminant(whole)}`);
  const texts = roots.map((root) => writeRoot(root, unknown));
  return {
    result: joined(texts.map(({ full }) => full)),
    exact: roots.every((root) => root.exact !== null) ? joined(texts.map(({ exact }) => exact)) : null,
    approximate: texts.every(({ exact, near }) => exact.startsWith(near))
      ? null
      : joined(texts.map(({ near }) => near)),
    steps,
  };
}

function discriminant([c, b, a]: Polynomial): string {
  if (a === undefined || b === undefined || c === undefined) return "0";
  return String(b.times(b).minus(a.times(c).times(Rational.of(4n))));
}

function writeRoot(root: Root, unknown: string) {
  const decimal = root.rational === null ? null : decimalOfRational(root.rational);
  const sign = decimal?.isRounded === false ? "=" : "≈";
  const near = `${unknown} ${sign} ${writeDecimal(root)}`;
  const exact = `${unknown} = ${root.exact}`;
  const often = root.multiplicity === 2 ? " (double)" : root.multiplicity > 2 ? ` (${root.multiplicity} times)` : "";
  if (root.exact === null) return { full: near, exact: near, near };
  if (root.rational?.denominator === 1n || root.exact === writeDecimal(root))
    return { full: exact + often, exact: exact + often, near: exact };
  return { full: `${exact} ${sign} ${writeDecimal(root)}${often}`, exact: exact + often, near };
}

function writeDecimal({ real, imaginary }: Root): string {
  if (imaginary === 0) return nearDecimal(real);
  const size = Math.abs(imaginary) === 1 ? "i" : `${nearDecimal(Math.abs(imaginary))}i`;
  if (real === 0) return imaginary < 0 ? `-${size}` : size;
  return `${nearDecimal(real)} ${imaginary < 0 ? "-" : "+"} ${size}`;
}

/** With 10 digits, since the last ones of a search are not certain. */
function nearDecimal(value: number): string {
  return plainDecimal(Number(value.toPrecision(10)));
}

async function search(expression: string, name: string, ask: Ask): Promise<Solution> {
  const roots = await ask({ kind: "search", expression, name, ...SEARCH });
  const where = "between -100 and 100";
  if (roots.length === 0) throw unanswered(`No real solution was found ${where}, and there may be others.`);
  const nearest = roots.toSorted((first, second) => Math.abs(first) - Math.abs(second)).slice(0, SHOWN_ROOTS);
  const decimals = nearest.sort((first, second) => first - second).map(nearDecimal);
  // What a search finds near 3 may be 3.
  const values = await rationalsAt(
    expression,
    [name],
    decimals.map((decimal) => [decimal]),
    ask,
  );
  const shown = decimals.map((decimal, index) => `${name} ${values?.[index]?.isZero === true ? "=" : "≈"} ${decimal}`);
  const more = roots.length > shown.length ? `, and ${roots.length - shown.length} more` : "";
  const result = `${joined(shown)}${more}`;
  return { result, exact: null, approximate: result, steps: [`real solutions ${where}, found by search`] };
}

/** A result that is all there is to say. */
export function plain(result: string): Solution {
  return { result, exact: result, approximate: null, steps: [] };
}

function joined(solutions: string[]): string {
  return solutions.join(" or ");
}
