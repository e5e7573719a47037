import { NumberTable } from "../NumberTable";
import { formatValue } from "./chart-words";
import type { Chart } from "./read-chart";

/** The numbers of a chart in an answer, a row for each label. */
export function ChartTable({ chart: { title, x_label, y_label, labels, series } }: { chart: Chart }) {
  return (
    <NumberTable
      title={title}
      corner={x_label || "Label"}
      columns={series.map(({ name }) => name || y_label || "Value")}
      rows={labels.map((label, row) => ({
        label,
        cells: series.map(({ values }) => formatValue(values[row] ?? 0)),
      }))}
      height="max-h-80"
      labels="min-w-24 wrap-anywhere"
    />
  );
}
