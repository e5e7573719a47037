import type { MetricsChart } from "../../_analytics/metrics-charts";
import { seriesColour } from "../answer/chart-colours";

interface MetricsLegendProps {
  chart: MetricsChart;
  hidden: ReadonlySet<string>;
  onToggle: (name: string) => void;
}

/** Which colour is what; a click takes a series out of the drawing, or back in. Nothing where the title says it. */
export function MetricsLegend({ chart, hidden, onToggle }: MetricsLegendProps) {
  const { series } = chart;
  if (!hasLegend(chart)) return null;
  return (
    <ul aria-label="Legend" className="mt-2 flex flex-wrap gap-x-3 text-sm text-quiet">
      {series.map(({ name }, index) => (
        <li key={name} className="min-w-0">
          <button
            type="button"
            aria-pressed={!hidden.has(name)}
            className="flex min-h-6 items-center gap-1.5 text-left wrap-anywhere hover:text-ink aria-[pressed=false]:line-through"
            onClick={() => onToggle(name)}
          >
            <span
              aria-hidden="true"
              className="size-2.5 shrink-0 rounded-full"
              style={{ background: colourOf(index, series.length) }}
            />
            {name}
          </button>
        </li>
      ))}
    </ul>
  );
}

function colourOf(index: number, count: number): string {
  return `light-dark(${seriesColour(index, count, false)}, ${seriesColour(index, count, true)})`;
}

/** Whether the names of the series say more than the title. Pure. */
export function hasLegend({ title, series }: MetricsChart): boolean {
  return series.length > 1 || series.some(({ name }) => name !== title.toLowerCase());
}
