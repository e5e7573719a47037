import type { Proportion } from "../../lib/wire";

/** Of the normal distribution: 95 % lie between this many standard deviations below and above the mean. */
const Z = 1.959964;

/**
 * Wilson's score interval, which holds also for few cases and for shares near 0 and 1
 * (Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953). All zero for `n` of 0.
 */
export function wilson(passed: number, n: number): Proportion {
  if (n === 0) return { passed: 0, n: 0, low: 0, high: 0 };
  const share = passed / n;
  const square = (Z * Z) / n;
  const middle = share + square / 2;
  const spread = Z * Math.sqrt((share * (1 - share)) / n + square / (4 * n));
  const within = (value: number): number => Math.min(1, Math.max(0, value / (1 + square)));
  return { passed, n, low: within(middle - spread), high: within(middle + spread) };
}

/** Of those that were looked at: `null` was not. */
export function proportionOf(outcomes: readonly (boolean | null | undefined)[]): Proportion {
  const seen = outcomes.filter((outcome) => outcome === true || outcome === false);
  return wilson(seen.filter(Boolean).length, seen.length);
}
