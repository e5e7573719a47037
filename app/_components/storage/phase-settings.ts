import type { ChartConfiguration } from "chart.js";

import type { StoragePlan } from "../../_storage/contract";
import { formatSize, PHASE_TITLES } from "../../_storage/words";
import { seriesColour, type ChartTheme } from "../answer/chart-colours";
import { fontOf } from "../answer/chart-settings";

/** A bar of the chart: how large the folder is then. Bytes. */
export interface PhaseBar {
  name: string;
  size: number;
}

/** The size now, and after each phase. Pure. */
export function phaseBars(plan: StoragePlan): PhaseBar[] {
  const after = plan.phases.map(({ phase, apparent_size_after: size }) => ({ name: PHASE_TITLES[phase], size }));
  return [{ name: "Now", size: plan.apparent_size }, ...after];
}

/** A bar for each phase, from left to right. */
export function phaseSettings(bars: readonly PhaseBar[], theme: ChartTheme): ChartConfiguration<"bar"> {
  const text = { color: theme.ink, font: fontOf(theme) };
  return {
    type: "bar",
    data: {
      labels: bars.map(({ name }) => name.split(" ")),
      datasets: [
        {
          label: "size",
          data: bars.map(({ size }) => size),
          backgroundColor: bars.map((_, index) => seriesColour(index === 0 ? 7 : 1, 8, theme.isDark)),
          maxBarThickness: 44,
        },
      ],
    },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      scales: {
        x: {
          grid: { display: false },
          border: { color: theme.line },
          ticks: { ...text, autoSkip: false, maxRotation: 0 },
        },
        y: {
          beginAtZero: true,
          grid: { color: theme.line },
          border: { color: theme.line },
          ticks: { ...text, maxTicksLimit: 5, callback: (value) => formatSize(Number(value)) },
        },
      },
      plugins: {
        tooltip: {
          titleFont: fontOf(theme),
          bodyFont: fontOf(theme),
          callbacks: {
            title: ([item]) => bars[item?.dataIndex ?? 0]?.name ?? "",
            label: ({ raw }) => formatSize(Number(raw)),
          },
        },
      },
    },
  };
}
