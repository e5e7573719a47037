"use client";

import { useCallback, useId, useMemo, useState } from "react";

import type { MemoryEventEntry } from "@/lib/wire";

import { formatBytes, formatDuration } from "../../_chat/format";
import { linesOf, sampleRows, type MemoryLine } from "../../_analytics/memory-samples";
import { useMemoryHistory } from "../../_analytics/use-memory-history";
import { seriesColour, type ChartTheme } from "../answer/chart-colours";
import { FigureDownloads } from "./FigureDownloads";
import { isBudgetNear, memorySettings } from "./memory-settings";
import { useFigure } from "./use-figure";

const SPANS = [
  { name: "5 minutes", ms: 300_000 },
  { name: "1 hour", ms: 3_600_000 },
  { name: "12 hours", ms: 43_200_000 },
  { name: "7 days", ms: 604_800_000 },
] as const;

interface MemoryChartProps {
  events: readonly MemoryEventEntry[];
  /** In bytes. */
  budget: number;
}

/** Memory over time, as the server has kept it. */
export function MemoryChart({ events, budget }: MemoryChartProps) {
  const id = useId();
  const [span, setSpan] = useState<number>(SPANS[0].ms);
  return (
    <figure aria-labelledby={id} className="rounded-box border border-line bg-surface p-3" data-testid="memory-chart">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 id={id} className="font-semibold">
          Memory over time
        </h2>
        <label className="flex items-center gap-1.5 text-sm text-quiet">
          Show
          <select
            aria-label="Show"
            className="h-8 rounded-control border border-field-line bg-surface px-1 text-ink"
            value={span}
            onChange={(event) => setSpan(Number(event.target.value))}
          >
            {SPANS.map(({ name, ms }) => (
              <option key={ms} value={ms}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </figcaption>
      <Lines key={span} titleId={id} span={span} events={events} budget={budget} />
    </figure>
  );
}

function Lines({ titleId, span, events, budget }: MemoryChartProps & { titleId: string; span: number }) {
  const { history, problem } = useMemoryHistory(span);
  const lines = useMemo(() => (history === null ? [] : linesOf(history)), [history]);
  const settings = useCallback(
    (theme: ChartTheme) => {
      const { to, step } = history ?? { to: 0, step: 1 };
      return memorySettings({ lines, events, budget, from: to - span, to, step }, theme);
    },
    [history, lines, events, budget, span],
  );
  const figure = useFigure(settings);
  const { frame, canvas, hasFailed } = figure;
  return (
    <>
      <div ref={frame} className="relative mt-2 h-64 min-w-0 border-line bg-surface text-quiet">
        <canvas ref={canvas} role="img" aria-labelledby={titleId} aria-describedby={`${titleId}-words`} />
      </div>
      <ul aria-label="Legend" className="mt-2 flex flex-wrap gap-x-4 text-sm text-quiet">
        {lines.map(({ key, name }, index) => (
          <li key={key} className="flex items-center gap-1.5">
            <span
              aria-hidden="true"
              className="size-2.5 rounded-full"
              style={{
                background: `light-dark(${seriesColour(index, lines.length, false)}, ${seriesColour(index, lines.length, true)})`,
              }}
            />
            {name}
          </li>
        ))}
        <li>▲ load, ▼ unload, ◆ crash</li>
        <li>{isBudgetNear(lines, budget) ? "thin line: the budget" : "the budget is far above"}</li>
      </ul>
      <p className="mt-1 text-xs text-quiet">
        {history !== null && lines.length === 0
          ? "Nothing is kept of this time. The server keeps samples while it runs, unless MEMWELL_SAMPLES_KEEP is off."
          : `Each point is the most that was held in ${history === null ? "its time" : formatDuration(history.step)}. Where the server did not run there is no line.`}
      </p>
      {problem !== null && <p className="text-sm wrap-anywhere text-bad">{problem.message}</p>}
      {hasFailed && <p className="text-sm text-bad">The drawing could not be loaded; the tables have the figures.</p>}
      <p id={`${titleId}-words`} className="sr-only">
        {describeLines(lines, budget)}
      </p>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <FigureDownloads
          figure={figure}
          title="Memory over time"
          legend="bottom"
          numbers={() => ({ head: ["time", ...lines.map(({ name }) => `${name} (bytes)`)], rows: sampleRows(lines) })}
        />
      </div>
    </>
  );
}

/** The chart in words: for each line its last, its smallest and its largest figure. */
export function describeLines(lines: readonly MemoryLine[], budget: number): string {
  const said = lines.map(({ name, points }) => {
    const values = points.map(({ bytes }) => bytes);
    const [last = 0] = values.slice(-1);
    const [least, most] = values.reduce(
      ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
      [last, last],
    );
    return `${name} ${formatBytes(last)} last, from ${formatBytes(least)} to ${formatBytes(most)}`;
  });
  return `A line chart over time. ${said.join("; ")}. The budget is ${formatBytes(budget)}.`;
}
