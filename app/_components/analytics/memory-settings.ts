import type { ChartConfiguration, ChartDataset } from "chart.js";

import type { MemoryEventEntry } from "@/lib/wire";

import { formatBytes } from "../../_chat/format";
import { eventWords, markOf } from "../../_analytics/event-words";
import type { MemoryLine } from "../../_analytics/memory-samples";
import { seriesColour, type ChartTheme } from "../answer/chart-colours";
import { fontOf } from "../answer/chart-settings";

const DASHES = [[], [1, 2], [2, 3], [6, 3], [8, 3, 2, 3]];
const DAY = 86_400_000;

export interface MemoryLines {
  lines: readonly MemoryLine[];
  events: readonly MemoryEventEntry[];
  /** In bytes. */
  budget: number;
  /** The ends of the time axis, in ms since 1970; and how long a point lasts, in ms. */
  from: number;
  to: number;
  step: number;
}

type Point = { x: number; y: number };

/** Far above all lines it would press them flat against the ground: then only the words tell it. Pure. */
export function isBudgetNear(lines: readonly MemoryLine[], budget: number): boolean {
  return lines.some(({ points }) => points.some(({ bytes }) => bytes > budget / 4));
}

/** Memory over time as lines; loads, unloads and crashes as marks at the height of what the model took. */
export function memorySettings(
  { lines, events, budget, from, to, step }: MemoryLines,
  theme: ChartTheme,
): ChartConfiguration<"line"> {
  const text = { color: theme.ink, font: fontOf(theme) };
  const marked = events.filter((event) => markOf(event) !== null && event.time >= from && event.time <= to);
  const drawn: ChartDataset<"line", Point[]>[] = lines.map(({ name, points }, index) => {
    const colour = seriesColour(index, lines.length, theme.isDark);
    return {
      label: name,
      data: points.map(({ time, bytes }) => ({ x: time, y: bytes })),
      // Where nobody looked for longer, no line is drawn: what was between is not known.
      spanGaps: 3 * step,
      borderColor: colour,
      backgroundColor: colour,
      borderWidth: 2,
      borderDash: DASHES[index % DASHES.length] ?? [],
      pointRadius: points.length < 60 ? 2 : 0,
      pointHitRadius: 6,
    };
  });
  const marks: ChartDataset<"line", Point[]> = {
    label: "events",
    data: marked.map(({ time, held_bytes }) => ({ x: time, y: held_bytes ?? 0 })),
    showLine: false,
    pointStyle: marked.map((event) => (markOf(event) === "crash" ? "rectRot" : "triangle")),
    pointRotation: marked.map((event) => (markOf(event) === "unload" ? 180 : 0)),
    pointRadius: 7,
    backgroundColor: theme.ink,
    borderColor: theme.ground,
    // Over the lines.
    order: -1,
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
  const ticks = {
    ...text,
    stepSize: (to - from) / 5,
    maxRotation: 0,
    callback: (value: number | string) => timeOf(Number(value), to - from),
  };
  return {
    type: "line",
    data: {
      datasets: [...drawn, ...(marked.length > 0 ? [marks] : []), ...(isBudgetNear(lines, budget) ? [limit] : [])],
    },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      parsing: false,
      scales: {
        x: { type: "linear", min: from, max: to, grid: { display: false }, border: { color: theme.line }, ticks },
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
              const event = dataset.label === marks.label ? marked[dataIndex] : undefined;
              if (event !== undefined) return `${event.model ?? ""} ${eventWords(event)}`.slice(0, 90);
              return `${dataset.label}: ${formatBytes(parsed.y ?? 0)}`;
            },
          },
        },
      },
    },
  };
}

function timeOf(moment: number, span: number): string {
  if (span > 2 * DAY) return new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" }).format(moment);
  const seconds = span < 600_000 ? ({ second: "2-digit" } as const) : {};
  return new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", ...seconds }).format(moment);
}
