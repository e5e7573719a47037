import { decimalOf, decimalOfRational, exactText } from "./decimal";
import type { Answers } from "./protocol";
import { Rational } from "./rational";
import type { Expression } from "./read-expression";
import type { Ask, Solution } from "./solve";
import type { Equation } from "./read-request";

/** An answer with the way it is told after its calculation: `= 7/8 = 0.875`. */
export interface Evaluation extends Solution {
  told: string;
  latex: string | null;
}

/** The value of an expression without unknowns. */
export async function evaluate(expression: Expression, ask: Ask): Promise<Evaluation> {
  const { text, hasUnits } = expression;
  return tell(await ask({ kind: "evaluate", expression: text, hasUnits }), expression);
}

function tell(answer: Answers["evaluate"], { hasDecimals, text: read }: Expression): Evaluation {
  if (answer.kind === "text") {
    return { result: answer.text, exact: null, approximate: null, steps: [], told: `= ${answer.text}`, latex: null };
  }
  if (answer.kind === "decimal") return tellDecimal(answer.digits);
  const rational = Rational.of(BigInt(answer.numerator), BigInt(answer.denominator));
  const exact = exactText(rational);
  const { text, isRounded } = decimalOfRational(rational);
  const sign = isRounded ? "≈" : "=";
  if (exact === null)
    return { result: text, exact, approximate: text, steps: [], told: `${sign} ${text}`, latex: text };
  if (exact === text) return { result: exact, exact, approximate: null, steps: [], told: `= ${exact}`, latex: exact };
  const isDecimal = hasDecimals && !isRounded;
  const told = isDecimal || exact === read.replace(/ /g, "") ? `${sign} ${text}` : `= ${exact} ${sign} ${text}`;
  const latex = isDecimal ? text : exact.replace(/^(-?)(\d+)\/(\d+)$/, "$1\\frac{$2}{$3}");
  return { result: isDecimal ? text : exact, exact, approximate: text, steps: [], told, latex };
}

function tellDecimal(digits: string): Evaluation {
  const { text, isRounded } = decimalOf(digits);
  const isWhole = /^-?\d+$/.test(text) && !isRounded;
  return {
    result: text,
    exact: isWhole ? text : null,
    approximate: isWhole ? null : text,
    steps: [],
    told: `${isRounded ? "≈" : "="} ${text}`,
    latex: text,
  };
}

/** An equation without unknowns: `2 + 2 = 5` is false, since the left side is 4. */
export async function compare({ left, right }: Equation, ask: Ask): Promise<Solution> {
  const difference = `(${left.text})-(${right.text})`;
  const hasUnits = left.hasUnits || right.hasUnits;
  const zero = await ask({ kind: "evaluate", expression: difference, hasUnits });
  const isTrue =
    zero.kind === "fraction"
      ? zero.numerator === "0"
      : /^0(?: |$)/.test(zero.kind === "text" ? zero.text : decimalOf(zero.digits).text);
  const sides = [await evaluate(left, ask), await evaluate(right, ask)];
  const steps = [`left side ${sides[0]?.told}`, `right side ${sides[1]?.told}`];
  const result = isTrue ? "true" : "false";
  return { result, exact: result, approximate: null, steps };
}
