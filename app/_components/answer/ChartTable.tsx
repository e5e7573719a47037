import { formatValue } from "./chart-words";
import type { Chart } from "./read-chart";

/** A chart's numbers, a row for each label. A long table scrolls by itself, by keyboard too. */
export function ChartTable({ chart }: { chart: Chart }) {
  const { title, x_label, y_label, labels, series } = chart;
  const head = "sticky top-0 bg-raised px-2 py-1 font-semibold";
  return (
    <div
      role="region"
      aria-label={`Table: ${title}`}
      tabIndex={0}
      className="mt-2 max-h-80 overflow-auto rounded-control border border-line"
    >
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{title}</caption>
        <thead>
          <tr>
            <th scope="col" className={`${head} text-left`}>
              {x_label || "Label"}
            </th>
            {series.map(({ name }, index) => (
              <th key={index} scope="col" className={`${head} text-right`}>
                {name || y_label || "Value"}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((label, row) => (
            <tr key={row} className="border-t border-line">
              <th scope="row" className="min-w-24 px-2 py-1 text-left font-normal wrap-anywhere">
                {label}
              </th>
              {series.map(({ values }, index) => (
                <td key={index} className="px-2 py-1 text-right tabular-nums">
                  {formatValue(values[row] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
