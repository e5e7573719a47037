import type { MetricsChart } from "../../_analytics/metrics-charts";
import type { MetricsGroup } from "../../_analytics/metrics-view";
import { formatFigure, keyWords } from "../../_analytics/metrics-words";
import { NumberTable } from "../NumberTable";

interface MetricsTableProps {
  chart: MetricsChart;
  keys: readonly string[];
  by: MetricsGroup;
}

/** A chart's numbers as they were measured, to the last digit in `value`. */
export function MetricsTable({ chart: { title, series, unit }, keys, by }: MetricsTableProps) {
  return (
    <NumberTable
      title={title}
      corner={<span className="capitalize">{by}</span>}
      columns={series.map(({ name }) => name)}
      rows={keys.map((key, row) => ({
        label: keyWords(key, by),
        cells: series.map(({ values }) => figure(values[row] ?? null, unit)),
      }))}
      height="max-h-64"
      labels={by === "model" ? "wrap-anywhere" : "whitespace-nowrap"}
    />
  );
}

function figure(value: number | null, unit: MetricsChart["unit"]) {
  return value === null ? "–" : <data value={value}>{formatFigure(value, unit)}</data>;
}
