import type { ChartDataset } from "chart.js";

import { stepOf } from "../../_analytics/metrics-words";
import { smooth } from "../../_analytics/smooth";
import { seriesColour, type ChartTheme } from "../answer/chart-colours";
import { pointsOf, type DrawnLines, type Line } from "./metrics-points";

/** A column for each group, of all series; when they are smoothed, with a thin line at what was measured of all of them. */
export function stackOf(drawn: DrawnLines, theme: ChartTheme): Line[] {
  const { chart, keys, by, hidden, smoothing } = drawn;
  const columns = chart.series.flatMap(({ name, values }, index): ChartDataset<"bar", Line["data"]>[] => {
    if (hidden.has(name)) return [];
    const backgroundColor = seriesColour(index, chart.series.length, theme.isDark);
    const data = pointsOf(drawn, smooth(values, smoothing));
    return [{ type: "bar", label: name, data, backgroundColor, stack: "drawn", maxBarThickness: 36 }];
  });
  // The library draws both in one figure; its types know datasets of one kind.
  const stack = columns as unknown as Line[];
  if (smoothing === 0) return stack;
  const shown = chart.series.filter(({ name }) => !hidden.has(name));
  const measured: Line = {
    type: "line",
    label: "all of it, as measured",
    data: pointsOf(
      drawn,
      keys.map((_, at) => sumOf(shown.map(({ values }) => values[at] ?? null))),
    ),
    spanGaps: 1.5 * stepOf(by),
    borderColor: theme.ink,
    backgroundColor: theme.ink,
    borderWidth: 1,
    pointRadius: 1,
    stack: "measured",
    order: -1,
  };
  return [...stack, measured];
}

function sumOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
}
