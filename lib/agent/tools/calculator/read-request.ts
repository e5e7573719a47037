import { cleanLine } from "../text";
import { plainNotation, readExpression, type Expression } from "./read-expression";
import { unreadable } from "./refuse";

export interface Equation {
  left: Expression;
  right: Expression;
}

/** What is to be done. `shown` is the calculation as it was written, without its verb. */
export type CalculationRequest = { shown: string } &
  /** `asLetters`: the same with its one-letter units as variables, for when they do not fit as units: `2m + 3`. */
  (
    | { kind: "evaluate"; expression: Expression; asLetters: Expression | null }
    | { kind: "simplify" | "expand" | "factor"; expression: Expression }
    | { kind: "derivative"; expression: Expression; variable: string }
    /** An equation without unknowns: is it true? */
    | { kind: "compare"; equation: Equation }
    | { kind: "solve"; equations: Equation[]; unknowns: string[] }
  );

export const MAX_LENGTH = 400;
const MAX_EQUATIONS = 3;

const POLITE =
  /^(?:please|can you|could you|what is|what's|whats|calculate|compute|evaluate|find|work out|how much is)\b[ :]*/i;
const VERBS: readonly (readonly [RegExp, "simplify" | "expand" | "factor" | "derivative" | "solve"])[] = [
  [/^simplify\b[ :]*/i, "simplify"],
  [/^(?:expand|multiply out)\b[ :]*/i, "expand"],
  [/^(?:factori[sz]e|factor)\b[ :]*/i, "factor"],
  [/^(?:the )?(?:first )?derivative of\b[ :]*|^differentiate\b[ :]*/i, "derivative"],
  [/^solve(?: the)?(?: system| equations?)?(?: for ([a-z]))?\b[ :,]*(?:of\b)?/i, "solve"],
];
const LEIBNIZ = /^\(*d\)*\s*\/\s*\(*d\s*([a-z])\)*\s*(?=[^a-z]|[a-z])/;
const FOR_UNKNOWN = /[\s,]+(?:for|with respect to|wrt) ([a-zA-Z])$/;

/**
 * Reads a calculation, an equation, a system of up to three, or one of the verbs simplify, expand, factor, derivative of
 * and solve with its expression. Equations are parted by `;`, a comma, a line or `and`. Throws `tool_arguments_invalid`.
 */
export function readRequest(written: string): CalculationRequest {
  if (written.length > MAX_LENGTH)
    throw unreadable(`it has ${written.length} characters`, `text of 1 to ${MAX_LENGTH} characters`);
  let text = plainNotation(written.replace(/\r?\n/g, ";"));
  text = cleanLine(text);
  while (POLITE.test(text)) text = text.replace(POLITE, "");
  const { verb, rest, unknown } = takeVerb(text);
  const body = takeEnding(rest);
  const named = FOR_UNKNOWN.exec(body)?.[1] ?? unknown;
  const calculation = readableRoots(body.replace(FOR_UNKNOWN, ""));
  if (calculation === "") throw unreadable("it is empty");
  if (/[<>≤≥≠]/.test(calculation)) throw unreadable("it is an inequality, which is not solved here");
  const shown = show(calculation);
  if (calculation.includes("=")) return { shown, ...readEquations(calculation, named) };
  return { shown, ...readOperation(calculation, verb, named) };
}

/** The plain notation with the signs put back that a student knows. */
function show(calculation: string): string {
  return calculation
    .replace(/\(\((\d+)\)\/\((\d+)\)\)/g, "($1/$2)")
    .replace(/\^\((-?\w+)\)/g, "^$1")
    .replace(/ ?\bdeg\b(?: (?=[)\s]))?/g, "°")
    .replace(/ ?\bdeg([CF])\b/g, " °$1")
    .replace(/\bsqrt\b ?/g, "√")
    .replace(/\bcbrt\b ?/g, "∛")
    .replace(/ {2,}/g, " ")
    .trim();
}

function takeVerb(text: string) {
  for (const [pattern, verb] of VERBS) {
    const found = pattern.exec(text);
    if (found !== null) return { verb, rest: text.slice(found[0].length).trim(), unknown: found[1] };
  }
  const leibniz = LEIBNIZ.exec(text);
  if (leibniz !== null)
    return { verb: "derivative" as const, rest: text.slice(leibniz[0].length), unknown: leibniz[1] };
  return { verb: "evaluate" as const, rest: text, unknown: undefined };
}

/** Without what ends a sentence; the `!` of a factorial stays. */
function takeEnding(text: string): string {
  let body = text.trim();
  for (;;) {
    const shorter = body.replace(/[\s?.,;]+$|\s*=\s*$/, "");
    if (shorter === body) return body;
    body = shorter;
  }
}

/** Words for what has a sign, and `3 x 4` for a product. */
function readableRoots(text: string): string {
  const plain = text
    .replace(/\b(?:the )?square root of\b/gi, "sqrt")
    .replace(/\b(?:the )?cube root of\b/gi, "cbrt")
    .replace(/\bdivided by\b/gi, "/")
    .replace(/\bmultiplied by\b/gi, "*")
    .replace(/\bto the power of\b/gi, "^")
    .replace(/\bhalf of\b/gi, "1/2 *");
  return plain.includes("=") ? plain : plain.replace(/(\d)\s*[xX]\s*(?=\d)/g, "$1 * ");
}

type Operation = Exclude<CalculationRequest["kind"], "compare">;

function readOperation(text: string, verb: Operation, named: string | undefined) {
  const isAlgebra = verb !== "evaluate";
  const expression = readExpression(text, { units: !isAlgebra });
  if (verb === "solve") throw unreadable("there is no = in it", "an equation");
  if (verb === "derivative") return { kind: verb, expression, variable: variableOf(expression, named) };
  if (verb !== "evaluate") return { kind: verb, expression };
  const letters = expression.hasUnits || expression.variables.length > 0 ? tryLetters(text) : null;
  if (expression.variables.length === 0) return { kind: "evaluate" as const, expression, asLetters: letters };
  // A letter that is no unit makes algebra of it: then m is a letter too.
  return { kind: "simplify" as const, expression: letters ?? expression };
}

/** Null where a word is no letter, as in `5 km`. */
function tryLetters(text: string): Expression | null {
  try {
    const expression = readExpression(text, { units: false });
    return /\b[a-z]{2,}\b/.test(text.replace(/\bto\b/g, "")) || expression.hasUnits ? null : expression;
  } catch {
    return null;
  }
}

function variableOf({ variables }: Expression, named: string | undefined): string {
  if (named !== undefined) return named;
  const [first = "x", second] = variables;
  if (second === undefined) return first;
  if (variables.includes("x")) return "x";
  throw unreadable(`it has several letters (${variables.join(", ")})`, "an expression followed by: with respect to x");
}

function readEquations(text: string, named: string | undefined) {
  const written = splitEquations(text);
  if (written.length > MAX_EQUATIONS)
    throw unreadable(`it has ${written.length} equations`, "a system of up to 3 equations");
  const equations = written.map(readEquation);
  const letters = new Set(equations.flatMap(({ left, right }) => [...left.variables, ...right.variables]));
  const [only] = equations;
  if (letters.size === 0 && only !== undefined && equations.length === 1)
    return { kind: "compare" as const, equation: only };
  const unknowns = named === undefined ? [...letters].sort() : [named];
  if (letters.size > MAX_EQUATIONS) throw unreadable(`it has ${letters.size} unknowns`, "a system of up to 3 unknowns");
  if (letters.size === 0) throw unreadable("it has no unknown");
  return {
    kind: "solve" as const,
    equations,
    unknowns: unknowns.length === letters.size ? unknowns : [...letters].sort(),
  };
}

function splitEquations(text: string): string[] {
  const parts = text.split(/\s*(?:;|\band\b)\s*/i).filter((part) => part !== "");
  // A comma parts equations only where both sides of it are some.
  return parts.flatMap((part) => {
    const pieces = part.split(/\s*,\s*/);
    return pieces.length > 1 && pieces.every((piece) => piece.includes("=")) ? pieces : [part];
  });
}

function readEquation(text: string): Equation {
  const sides = text.split(/={1,2}/);
  const [left, right] = sides;
  if (left === undefined || right === undefined || sides.length !== 2) throw unreadable("an equation has one =");
  const hasLetters = (side: string) => readExpression(side, { units: false }).variables.length > 0;
  const units = !hasLetters(left) && !hasLetters(right);
  return { left: readExpression(left, { units }), right: readExpression(right, { units }) };
}
