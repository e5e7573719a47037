import type { ChartConfiguration } from "chart.js";
// What the brush is told; the library itself is fetched with the first chart that has one.
import type {} from "chartjs-plugin-zoom";

import { stepOf, timeWords } from "../../_analytics/metrics-words";
import { smooth } from "../../_analytics/smooth";
import { seriesColour, type ChartTheme } from "../answer/chart-colours";
import { textOf, tooltipOf, valueAxis, type Axis } from "./metrics-drawing";
import { pointsOf, type DrawnLines, type Line, type Stretch } from "./metrics-points";
import { stackOf } from "./metrics-stack";

const DASHES = [[], [6, 3], [2, 3], [8, 3, 2, 3]];
const MOST_DOTS = 60;
const MOST_TICKS = 6;
/** In pixels, with what keeps it apart from the next one. */
const TICK_WIDTH = 80;
/** Behind a colour as `#rrggbb`: how much of it is seen. */
const FAINT = "66";

/** A chart of the metrics over time: a line for each series, or a column of all of them where they add up to a whole. */
export function metricsLines(drawn: DrawnLines, theme: ChartTheme): ChartConfiguration<"line"> {
  const { chart, by, isLog, hidden } = drawn;
  const tooltip = tooltipOf(drawn, theme);
  return {
    type: "line",
    data: {
      datasets:
        chart.isStacked && !isLog
          ? stackOf(drawn, theme)
          : chart.series.flatMap(({ name, values }, index) =>
              hidden.has(name) ? [] : linesOf(drawn, name, values, index, theme),
            ),
    },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      parsing: false,
      interaction: { mode: "nearest", axis: "x", intersect: false },
      scales: { x: timeAxis(drawn, theme), y: valueAxis(drawn, theme) },
      plugins: {
        tooltip: {
          ...tooltip,
          callbacks: {
            ...tooltip.callbacks,
            title: ([item]) => (item === undefined ? "" : timeWords(item.parsed.x ?? 0, by, 0)),
          },
        },
        zoom: brush(drawn, theme),
      },
    },
  };
}

/** The series as it is drawn; when that is smoothed, faint behind it what was measured. */
function linesOf(
  { chart, keys, by, smoothing, isLog }: DrawnLines,
  name: string,
  values: readonly (number | null)[],
  index: number,
  theme: ChartTheme,
): Line[] {
  const colour = seriesColour(index, chart.series.length, theme.isDark);
  const shared = {
    // Over a missing group no line is drawn: nothing was measured.
    spanGaps: 1.5 * stepOf(by),
    borderDash: DASHES[index % DASHES.length] ?? [],
    pointHitRadius: 8,
    pointRadius: values.length < MOST_DOTS ? 3 : 1,
  };
  const main: Line = {
    ...shared,
    label: name,
    data: pointsOf({ keys, by, isLog }, smooth(values, smoothing)),
    borderColor: colour,
    backgroundColor: colour,
    borderWidth: 2,
  };
  if (smoothing === 0) return [main];
  const faint = `${colour}${FAINT}`;
  const measured: Line = {
    ...shared,
    label: `${name}, as measured`,
    data: pointsOf({ keys, by, isLog }, values),
    borderColor: faint,
    backgroundColor: faint,
    borderWidth: 1,
    order: 1,
  };
  return [main, measured];
}

function timeAxis({ by, whole, zoom }: DrawnLines, theme: ChartTheme): Axis<"line"> {
  const { min, max } = zoom ?? whole;
  return {
    type: "linear",
    min,
    max,
    // Columns would otherwise be given more room at the ends.
    offset: false,
    grid: { display: false },
    border: { color: theme.line },
    // The library's own ticks would begin where the axis does, which is no beginning of a day.
    afterBuildTicks: (axis) => {
      const most = Math.min(MOST_TICKS, Math.max(1, Math.floor(axis.chart.width / TICK_WIDTH)));
      axis.ticks = tickTimes({ min, max }, stepOf(by), most).map((value) => ({ value }));
    },
    ticks: { ...textOf(theme), maxRotation: 0, callback: (value) => timeWords(Number(value), by, max - min) },
  };
}

/** Beginnings of groups, not more than there is room for. */
function tickTimes({ min, max }: Stretch, step: number, most: number): number[] {
  const every = step * Math.max(1, Math.ceil((max - min) / step / most));
  const first = Math.ceil(min / every) * every;
  return Array.from(
    { length: Math.max(0, Math.floor((max - first) / every) + 1) },
    (_, index) => first + index * every,
  );
}

function brush({ by, whole, onZoom }: DrawnLines, theme: ChartTheme) {
  const colour = seriesColour(1, 2, theme.isDark);
  return {
    limits: { x: { ...whole, minRange: 2 * stepOf(by) } },
    zoom: {
      mode: "x" as const,
      drag: { enabled: true, threshold: 8, backgroundColor: `${colour}33`, borderColor: colour, borderWidth: 1 },
      onZoomComplete: ({ chart }: { chart: { scales: Record<string, Stretch> } }) => {
        const { min, max } = chart.scales["x"] ?? whole;
        onZoom({ min, max });
      },
    },
  };
}
