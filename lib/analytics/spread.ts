/** How figures of one kind lie: their number, mean, median, 95th percentile and largest; null when there are none. */
export interface Spread {
  count: number;
  mean: number;
  p50: number;
  p95: number;
  max: number;
}

/**
 * Percentiles by the nearest rank: the smallest figure that so many percent of all are not above, which is one that was
 * really measured.
 */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  // Sorted as numbers without a function that compares them.
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
  const sum = values.reduce((total, value) => total + value, 0);
  return { count: values.length, mean: sum / values.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}
