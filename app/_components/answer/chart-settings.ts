import type { ChartConfiguration, ChartDataset } from "chart.js";

import type { ChartType } from "@/lib/wire";

import { seriesColour, type ChartTheme } from "./chart-colours";
import { clip, formatTick, formatValue, wrap } from "./chart-words";
import type { Chart } from "./read-chart";

export type ChartSettings = ChartConfiguration<ChartType, number[], string>;

/** Characters of a label beside an axis: the whole of it is in the tooltip and in the table. */
const MOST_TICK_CHARACTERS = 18;
/** With more points than these a line is one without dots. */
const MOST_DOTS = 60;
/** Series of a line chart differ in more than colour. */
const DASHES = [[], [6, 3], [2, 3], [8, 3, 2, 3]];

/** A chart as Chart.js takes it: no animation, the theme's colours, its size given by the element around it. */
export function chartSettings(chart: Chart, theme: ChartTheme): ChartSettings {
  return {
    type: chart.type,
    data: { labels: chart.labels, datasets: chart.series.map((_, index) => dataset(chart, index, theme)) },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      color: theme.ink,
      borderColor: theme.line,
      scales: chart.type === "pie" ? {} : { x: categoryAxis(chart, theme), y: valueAxis(chart, theme) },
      plugins: {
        legend: { display: false },
        title: { display: false },
        tooltip: {
          titleFont: fontOf(theme),
          bodyFont: fontOf(theme),
          callbacks: { label: ({ dataset, dataIndex }) => tooltip(dataset, dataIndex) },
        },
      },
    },
  };
}

function dataset(chart: Chart, index: number, theme: ChartTheme): ChartDataset<ChartType, number[]> {
  const { name, values } = chart.series[index] as Chart["series"][number];
  const colour = seriesColour(index, chart.series.length, theme.isDark);
  const shared = { label: name, data: values };
  switch (chart.type) {
    case "bar":
      return { ...shared, backgroundColor: colour };
    case "line": {
      const isDotted = values.length <= MOST_DOTS;
      const line = {
        borderColor: colour,
        backgroundColor: colour,
        borderWidth: 2,
        borderDash: DASHES[index % 4] ?? [],
      };
      return { ...shared, ...line, pointRadius: isDotted ? 3 : 0, pointHitRadius: 8 };
    }
    case "pie": {
      const slices = values.map((_, slice) => seriesColour(slice, values.length, theme.isDark));
      return { ...shared, backgroundColor: slices, borderColor: theme.ground, borderWidth: 2 };
    }
  }
}

type Scales = NonNullable<NonNullable<ChartConfiguration<"bar">["options"]>["scales"]>;
type Axis = NonNullable<Scales[string]>;

function categoryAxis({ labels, x_label }: Chart, theme: ChartTheme): Axis {
  return {
    ...axis(x_label, theme),
    grid: { display: false },
    ticks: {
      color: theme.ink,
      font: fontOf(theme),
      maxRotation: 50,
      callback: (position: unknown) => clip(labels[Number(position)] ?? "", MOST_TICK_CHARACTERS),
    },
  };
}

function valueAxis({ type, y_label }: Chart, theme: ChartTheme): Axis {
  return {
    ...axis(y_label, theme),
    // The length of a bar means something from zero on only.
    beginAtZero: type === "bar",
    ticks: { color: theme.ink, font: fontOf(theme), callback: (value: unknown) => formatTick(Number(value)) },
  };
}

/** Texts on a canvas do not take the font of the page around it. Size in pixels. */
export function fontOf({ fontFamily }: ChartTheme, size = 13): { family: string; size: number } {
  return { family: fontFamily, size };
}

function axis(label: string, theme: ChartTheme): Axis {
  return {
    title: { display: label !== "", text: wrap(label, 36), color: theme.ink, font: fontOf(theme) },
    grid: { color: theme.line },
    border: { color: theme.line },
  };
}

function tooltip({ label = "", data }: { label?: string | undefined; data: unknown[] }, index: number): string {
  return `${label === "" ? "" : `${clip(label, 40)}: `}${formatValue(Number(data[index]))}`;
}
