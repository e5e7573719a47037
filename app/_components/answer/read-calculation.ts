import type { CalculationDisplay } from "@/lib/wire";

import { isRecord, isText, readList } from "./fields";

/** What the calculator did. */
export type Calculation = Omit<CalculationDisplay, "kind">;

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
