import { seriesColour } from "./chart-colours";
import { legendEntries } from "./chart-words";
import type { Chart } from "./read-chart";

const MOST_UNSCROLLED = 8;

/** Which colour is what; a pie's slices with their shares. Nothing where there is one series. */
export function ChartLegend({ chart }: { chart: Chart }) {
  const entries = legendEntries(chart);
  if (entries.length === 0) return null;
  return (
    <ul
      aria-label="Legend"
      // A long one scrolls, by keyboard too.
      tabIndex={entries.length > MOST_UNSCROLLED ? 0 : undefined}
      className={`mt-2 flex flex-wrap gap-x-4 gap-y-1 text-sm text-quiet ${entries.length > MOST_UNSCROLLED ? "max-h-40 overflow-y-auto" : ""}`}
    >
      {entries.map((entry, index) => (
        <li key={index} className="flex min-w-0 items-baseline gap-1.5">
          <Swatch index={index} count={entries.length} />
          <span className="min-w-0 wrap-anywhere tabular-nums">{entry}</span>
        </li>
      ))}
    </ul>
  );
}

/** `light-dark()` follows the page's theme without a drawing. */
function Swatch({ index, count }: { index: number; count: number }) {
  const background = `light-dark(${seriesColour(index, count, false)}, ${seriesColour(index, count, true)})`;
  return <span aria-hidden="true" className="size-2.5 shrink-0 rounded-full" style={{ background }} />;
}
