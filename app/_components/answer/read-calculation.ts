import { isRecord, isText, readList } from "./fields";

/** What the calculator did. */
export interface Calculation {
  /** As the calculator read it. */
  expression: string;
  /** What to show as the answer: `7/8`, `x = 2`, `1.96850393701 inch`. */
  result: string;
  /** The answer without rounding, null when there is none. */
  exact: string | null;
  /** The answer as a decimal, null when it is no number or an integer. */
  approximate: string | null;
  /** How it was found, a line each; may be empty. */
  steps: string[];
  /** The whole equation in LaTeX, without delimiters; null when it has no simple form. */
  latex: string | null;
}

const MOST = { text: 4_000, steps: 200 };

/** The calculator's display; null when it is none. */
export function readCalculation(display: unknown): Calculation | null {
  if (!isRecord(display) || display.kind !== "calculation") return null;
  const { expression, result, exact, approximate, latex } = display;
  const steps = readList(display.steps, MOST.steps, (step) => (isText(step, MOST.text) ? step : null));
  if (!isText(expression, MOST.text) || !isText(result, MOST.text) || steps === null) return null;
  if (!isOptional(exact) || !isOptional(approximate) || !isOptional(latex)) return null;
  return { expression, result, exact, approximate, steps, latex };
}

function isOptional(value: unknown): value is string | null {
  return value === null || isText(value, MOST.text);
}
