import { EvaluationFailure } from "./evaluator";
import { commonFactor, degreeOf, divide, primitivePart, scaled, writePolynomial, type Polynomial } from "./polynomial";
import { Rational } from "./rational";
import type { Expression } from "./read-expression";
import { unanswered } from "./refuse";
import { rootsOf } from "./roots";
import { fractionOf, polynomialOf } from "./sampling";
import type { Ask } from "./solve";

interface Rewritten {
  text: string;
  latex: string | null;
}

/** Its polynomial or cancelled fraction in one letter; with several, the shorter of what mathjs makes of it. */
export async function simplify(expression: Expression, ask: Ask): Promise<Rewritten> {
  const [letter, second] = expression.variables;
  if (letter !== undefined && second === undefined) {
    const exact = await cancelled(expression.text, letter, ask);
    if (exact !== null) return { text: exact, latex: null };
  }
  const simplified = await rewrite("simplify", expression.text, ask);
  const expanded = await expandedOrNull(expression.text, ask);
  return expanded !== null && expanded.text.length < simplified.text.length ? expanded : simplified;
}

/** mathjs expands polynomials only. */
async function expandedOrNull(expression: string, ask: Ask): Promise<Rewritten | null> {
  try {
    return await rewrite("expand", expression, ask);
  } catch (thrown) {
    if (thrown instanceof EvaluationFailure) return null;
    throw thrown;
  }
}

export async function expand(expression: Expression, ask: Ask): Promise<Rewritten> {
  const [letter, second] = expression.variables;
  const polynomial =
    letter === undefined || second !== undefined ? null : await polynomialOf(expression.text, letter, ask);
  if (polynomial !== null) return { text: writePolynomial(polynomial, letter ?? "x"), latex: null };
  return await rewrite("expand", expression.text, ask);
}

/** The factors of a polynomial in one letter whose roots are fractions; what has none stays together. */
export async function factor(expression: Expression, ask: Ask): Promise<Rewritten> {
  const [letter, second] = expression.variables;
  const polynomial =
    letter === undefined || second !== undefined ? null : await polynomialOf(expression.text, letter, ask);
  if (polynomial === null || letter === undefined) {
    throw unanswered("Only polynomials in one letter, up to degree 8, are factored here.");
  }
  return { text: writeFactors(polynomial, letter), latex: null };
}

function writeFactors(polynomial: Polynomial, letter: string): string {
  if (degreeOf(polynomial) < 1) return writePolynomial(polynomial, letter);
  const { factor: content, integers } = primitivePart(polynomial);
  let rest: Polynomial = integers.map((coefficient) => Rational.of(coefficient));
  const factors: string[] = [];
  for (const { rational, multiplicity } of rootsOf(rest)) {
    if (rational === null) continue;
    const linear = [Rational.of(-rational.numerator), Rational.of(rational.denominator)];
    for (let count = 0; count < multiplicity; count++) rest = divide(rest, linear).quotient;
    const written = writePolynomial(linear, letter);
    const base = rational.isZero ? written : `(${written})`;
    factors.push(multiplicity === 1 ? base : `${base}^${multiplicity}`);
  }
  const left = rest.length > 1 ? [`(${writePolynomial(rest, letter)})`] : [];
  const all = [
    ...factors.sort((first, second) => Number(first.startsWith("(")) - Number(second.startsWith("("))),
    ...left,
  ];
  const lead = content.isOne
    ? ""
    : String(content) === "-1"
      ? "-"
      : content.denominator === 1n
        ? String(content)
        : `(${content})`;
  return lead + all.join("");
}

/** `(x^2 - 1)/(x - 1)` is `x + 1`; null when it is no fraction of polynomials. */
async function cancelled(text: string, letter: string, ask: Ask): Promise<string | null> {
  const fraction = await fractionOf(text, letter, ask);
  if (fraction === null) return null;
  const shared = commonFactor(fraction.numerator, fraction.denominator);
  return writeFraction(
    divide(fraction.numerator, shared).quotient,
    divide(fraction.denominator, shared).quotient,
    letter,
  );
}

function writeFraction(top: Polynomial, bottom: Polynomial, letter: string): string {
  if (top.length === 0) return "0";
  const [above, below] = [primitivePart(top), primitivePart(bottom)];
  const ratio = above.factor.over(below.factor);
  const whole = (integers: bigint[], factor: bigint) =>
    writePolynomial(
      scaled(
        integers.map((coefficient) => Rational.of(coefficient)),
        Rational.of(factor),
      ),
      letter,
    );
  const numerator = whole(above.integers, ratio.numerator);
  const denominator = whole(below.integers, ratio.denominator);
  const grouped = (text: string) => (/ |^-/.test(text) ? `(${text})` : text);
  if (denominator === "1") return numerator;
  return `${grouped(numerator)}/${/^[\w^]+$/.test(denominator) && !/\d[a-z]/.test(denominator) ? denominator : `(${denominator})`}`;
}

export async function derivative(expression: Expression, variable: string, ask: Ask): Promise<Rewritten> {
  return rewritten(await ask({ kind: "symbolic", operation: "derivative", expression: expression.text, variable }));
}

async function rewrite(operation: "simplify" | "expand", expression: string, ask: Ask): Promise<Rewritten> {
  return rewritten(await ask({ kind: "symbolic", operation, expression }));
}

function rewritten({ text, latex }: { text: string; latex: string }): Rewritten {
  return { text: readable(text), latex: latex.trim().replace(/\{ /g, "{") };
}

/** `2 * x ^ 2` as `2x^2`. */
function readable(text: string): string {
  return text
    .replace(/ \^ /g, "^")
    .replace(/(\d) \* (?=[a-zA-Z(])/g, "$1")
    .replace(/(?<![a-zA-Z])([a-z](?:\^\d+)?) \* (?=[a-z](?![a-zA-Z(]))/g, "$1")
    .replace(/ \/ /g, "/");
}
