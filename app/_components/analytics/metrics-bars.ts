import type { ChartConfiguration } from "chart.js";

import { keyWords } from "../../_analytics/metrics-words";
import { seriesColour, type ChartTheme } from "../answer/chart-colours";
import { clip } from "../answer/chart-words";
import { drawable, textOf, tooltipOf, valueAxis, type DrawnMetrics } from "./metrics-drawing";

const MOST_NAME_CHARACTERS = 18;

/** A chart of the metrics with bars for each model. */
export function metricsBars(drawn: DrawnMetrics, theme: ChartTheme): ChartConfiguration<"bar"> {
  const { chart, keys, by, isLog, hidden } = drawn;
  const names = keys.map((key) => keyWords(key, by));
  return {
    type: "bar",
    data: {
      labels: names,
      datasets: chart.series.flatMap(({ name, values }, index) => {
        if (hidden.has(name)) return [];
        const backgroundColor = seriesColour(index, chart.series.length, theme.isDark);
        const data = values.map((value) => drawable(value, isLog));
        return [{ label: name, data, backgroundColor, maxBarThickness: 36 }];
      }),
    },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      scales: {
        x: {
          stacked: chart.isStacked && !isLog,
          grid: { display: false },
          border: { color: theme.line },
          ticks: {
            ...textOf(theme),
            maxRotation: 50,
            callback: (position) => clip(names[Number(position)] ?? "", MOST_NAME_CHARACTERS),
          },
        },
        y: valueAxis(drawn, theme),
      },
      plugins: { tooltip: tooltipOf(drawn, theme) },
    },
  };
}
