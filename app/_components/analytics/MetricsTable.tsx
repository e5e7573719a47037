import type { MetricsChart } from "../../_analytics/metrics-charts";
import type { MetricsGroup } from "../../_analytics/metrics-view";
import { formatFigure, keyWords } from "../../_analytics/metrics-words";

interface MetricsTableProps {
  chart: MetricsChart;
  keys: readonly string[];
  by: MetricsGroup;
}

/** A chart's numbers as they were measured, to the last digit in `value`. A long table scrolls by itself, by keyboard too. */
export function MetricsTable({ chart: { title, series, unit }, keys, by }: MetricsTableProps) {
  const head = "sticky top-0 bg-raised px-2 py-1 font-semibold";
  return (
    <div
      role="region"
      aria-label={`Table: ${title}`}
      tabIndex={0}
      className="mt-2 max-h-64 overflow-auto rounded-control border border-line"
    >
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">{title}</caption>
        <thead>
          <tr>
            <th scope="col" className={`${head} text-left capitalize`}>
              {by}
            </th>
            {series.map(({ name }) => (
              <th key={name} scope="col" className={`${head} text-right`}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {keys.map((key, row) => (
            <tr key={key} className="border-t border-line">
              <th
                scope="row"
                className={`px-2 py-1 text-left font-normal ${by === "model" ? "wrap-anywhere" : "whitespace-nowrap"}`}
              >
                {keyWords(key, by)}
              </th>
              {series.map(({ name, values }) => (
                <Figure key={name} value={values[row] ?? null} unit={unit} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Figure({ value, unit }: { value: number | null; unit: MetricsChart["unit"] }) {
  return (
    <td className="px-2 py-1 text-right whitespace-nowrap tabular-nums">
      {value === null ? "–" : <data value={value}>{formatFigure(value, unit)}</data>}
    </td>
  );
}
