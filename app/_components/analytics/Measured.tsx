import { formatFigure } from "../../_analytics/metrics-words";

/** What was measured, to the last digit in `value`. */
export function Measured({ value, unit }: { value: number | null; unit: "ms" | "rate" | "count" }) {
  return value === null ? "–" : <data value={value}>{formatFigure(value, unit)}</data>;
}
