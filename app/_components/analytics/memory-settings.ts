import type { ChartConfiguration, ChartDataset } from "chart.js";

import { formatBytes } from "../../_chat/format";
import type { MemoryEvent, MemorySample } from "../../_analytics/memory-samples";
import { seriesColour, type ChartTheme } from "../answer/chart-colours";
import { fontOf } from "../answer/chart-settings";

/** Where nobody looked for longer, no line is drawn: what was between is not known. In ms. */
const MOST_GAP = 30_000;

export const SERIES = [
  { key: "container", name: "container", dash: [] },
  { key: "machine", name: "machine", dash: [1, 2] },
  { key: "models", name: "models", dash: [6, 3] },
  { key: "server", name: "web server", dash: [2, 3] },
  { key: "gpu", name: "GPU", dash: [8, 3, 2, 3] },
] as const;

export interface MemoryLines {
  samples: readonly MemorySample[];
  events: readonly MemoryEvent[];
  /** In bytes. */
  budget: number;
  /** The ends of the time axis, in ms since 1970. */
  from: number;
  to: number;
}

type Point = { x: number; y: number };

/** Far above all lines it would press them flat against the ground: then only the words tell it. Pure. */
export function isBudgetNear(samples: readonly MemorySample[], budget: number): boolean {
  return samples.some((sample) => SERIES.some(({ key }) => (sample[key] ?? 0) > budget / 4));
}

/** Memory over time as lines, with loads and unloads as marks beside the server's. */
export function memorySettings(
  { samples, events, budget, from, to }: MemoryLines,
  theme: ChartTheme,
): ChartConfiguration<"line"> {
  const text = { color: theme.ink, font: fontOf(theme) };
  const lines: ChartDataset<"line", Point[]>[] = SERIES.map(({ key, name, dash }, index) => {
    const colour = seriesColour(index, SERIES.length, theme.isDark);
    const data = samples.flatMap((sample) => (sample[key] === null ? [] : [{ x: sample.time, y: sample[key] }]));
    const isFew = data.length < 60;
    return {
      label: name,
      data,
      spanGaps: MOST_GAP,
      borderColor: colour,
      backgroundColor: colour,
      borderWidth: 2,
      borderDash: [...dash],
      pointRadius: isFew ? 2 : 0,
      pointHitRadius: 6,
    };
  }).filter(({ data }) => data.length > 0);
  const marks: ChartDataset<"line", Point[]> = {
    label: "load, unload",
    data: events.map(({ time, bytes }) => ({ x: time, y: bytes })),
    showLine: false,
    pointStyle: "triangle",
    pointRotation: events.map(({ kind }) => (kind === "load" ? 0 : 180)),
    pointRadius: 6,
    backgroundColor: theme.ink,
  };
  const limit: ChartDataset<"line", Point[]> = {
    label: "budget",
    data: [
      { x: from, y: budget },
      { x: to, y: budget },
    ],
    borderColor: theme.ink,
    borderWidth: 1,
    pointRadius: 0,
    pointHitRadius: 0,
  };
  return {
    type: "line",
    data: {
      datasets: [
        ...lines,
        ...(events.length > 0 ? [marks] : []),
        ...(isBudgetNear(samples, budget) ? [limit] : []),
      ] as ChartDataset<"line">[],
    },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      parsing: false,
      scales: {
        x: {
          type: "linear",
          min: from,
          max: to,
          grid: { display: false },
          border: { color: theme.line },
          ticks: {
            ...text,
            stepSize: (to - from) / 5,
            maxRotation: 0,
            callback: (value) => timeOf(Number(value), to - from),
          },
        },
        y: {
          beginAtZero: true,
          grid: { color: theme.line },
          border: { color: theme.line },
          ticks: { ...text, maxTicksLimit: 6, callback: (value) => formatBytes(Number(value)) },
        },
      },
      plugins: {
        tooltip: {
          titleFont: fontOf(theme),
          bodyFont: fontOf(theme),
          callbacks: {
            title: ([item]) => (item === undefined ? "" : timeOf(item.parsed.x ?? 0, 0)),
            label: ({ dataset, parsed, dataIndex }) => {
              const event = dataset.label === marks.label ? events[dataIndex] : undefined;
              const name = event === undefined ? dataset.label : `${event.kind} ${event.model}`;
              return `${name}: ${formatBytes(parsed.y ?? 0)}`;
            },
          },
        },
      },
    },
  };
}

function timeOf(moment: number, span: number): string {
  const seconds = span < 600_000 ? ({ second: "2-digit" } as const) : {};
  return new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", ...seconds }).format(moment);
}
