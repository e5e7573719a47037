import type { ChartConfiguration } from "chart.js";

import { formatBytes } from "../../_chat/format";
import { seriesColour, type ChartTheme } from "../answer/chart-colours";
import { fontOf } from "../answer/chart-settings";
import { clip } from "../answer/chart-words";

/** One bar: what revisions use of a repository, and what lies in it besides. In bytes. */
export interface SizeBar {
  name: string;
  used: number;
  loose: number;
}

/** Pixels; below it a name may take less of the width. */
const NARROW = 520;

/** The largest repositories as bars, one below the other. */
export function largestSettings(bars: readonly SizeBar[], theme: ChartTheme): ChartConfiguration<"bar"> {
  const text = { color: theme.ink, font: fontOf(theme) };
  const hasLoose = bars.some(({ loose }) => loose > 0);
  const used = { label: "in revisions", data: bars.map((bar) => bar.used) };
  const loose = { label: "unused or incomplete", data: bars.map((bar) => bar.loose) };
  return {
    type: "bar",
    data: {
      labels: bars.map(({ name }) => name),
      datasets: [
        { ...used, backgroundColor: seriesColour(0, 2, theme.isDark), maxBarThickness: 18 },
        ...(hasLoose ? [{ ...loose, backgroundColor: seriesColour(7, 8, theme.isDark), maxBarThickness: 18 }] : []),
      ],
    },
    options: {
      indexAxis: "y",
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      scales: {
        x: {
          stacked: true,
          beginAtZero: true,
          grid: { color: theme.line },
          border: { color: theme.line },
          ticks: { ...text, maxTicksLimit: 6, maxRotation: 0, callback: (value) => formatBytes(Number(value)) },
        },
        y: {
          stacked: true,
          grid: { display: false },
          border: { color: theme.line },
          ticks: {
            ...text,
            autoSkip: false,
            callback(position) {
              return clip(bars[Number(position)]?.name ?? "", this.chart.width < NARROW ? 15 : 38);
            },
          },
        },
      },
      plugins: {
        tooltip: {
          titleFont: fontOf(theme),
          bodyFont: fontOf(theme),
          callbacks: { label: ({ dataset, raw }) => `${dataset.label}: ${formatBytes(Number(raw))}` },
        },
      },
    },
  };
}
