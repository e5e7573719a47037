import { formatNumber } from "./format-number";

/** How a line goes from its first point to its last, in words without a full stop. `values` has two or more, not all equal. */
export function describeTrend(labels: string[], values: number[]): string {
  const first = values[0] ?? 0;
  const last = values.at(-1) ?? 0;
  const path = `from ${formatNumber(first)} (${labels[0]}) to ${formatNumber(last)} (${labels.at(-1)})`;
  const steps = values.slice(1).map((value, index) => value - (values[index] ?? 0));
  if (steps.every((step) => step > 0)) return `rises at every step, ${path}`;
  if (steps.every((step) => step < 0)) return `falls at every step, ${path}`;
  if (steps.every((step) => step >= 0)) return `never falls, ${path}`;
  if (steps.every((step) => step <= 0)) return `never rises, ${path}`;
  if (first === last) return `up and down, ending where it began, at ${formatNumber(last)}`;
  return `${last > first ? "rises" : "falls"} overall with ups and downs, ${path}`;
}
