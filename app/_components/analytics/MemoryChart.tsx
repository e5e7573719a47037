"use client";

import { useCallback, useId, useState } from "react";

import type { MemoryLogEntry } from "@/lib/wire";

import { formatBytes } from "../../_chat/format";
import { eventsOf, sampleOfRecord, samplesSince, type MemorySample } from "../../_analytics/memory-samples";
import { counted } from "../../_analytics/words";
import { seriesColour, type ChartTheme } from "../answer/chart-colours";
import { isBudgetNear, memorySettings, SERIES } from "./memory-settings";
import { useFigure } from "./use-figure";

const SPANS = [
  { name: "5 minutes", ms: 300_000 },
  { name: "1 hour", ms: 3_600_000 },
  { name: "1 day", ms: 86_400_000 },
] as const;

interface MemoryChartProps {
  /** Since the page was opened. */
  heard: readonly MemorySample[];
  records: readonly MemoryLogEntry[];
  /** In bytes. */
  budget: number;
}

/** Memory over time: what this page has heard, and what the ledger read during steps before. */
export function MemoryChart({ heard, records, budget }: MemoryChartProps) {
  const id = useId();
  const [span, setSpan] = useState<number>(SPANS[0].ms);
  const to = heard.at(-1)?.time ?? 0;
  const settings = useCallback(
    (theme: ChartTheme) => {
      const from = to - span;
      const samples = samplesSince([...records.map(sampleOfRecord), ...heard], from);
      const events = eventsOf(records).filter(({ time }) => time >= from);
      return memorySettings({ samples, events, budget, from, to }, theme);
    },
    [heard, records, budget, span, to],
  );
  const { frame, canvas, hasFailed } = useFigure(settings);
  const shown = samplesSince([...records.map(sampleOfRecord), ...heard], to - span);
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
      <div ref={frame} className="relative mt-2 h-64 min-w-0 border-line bg-surface text-quiet">
        <canvas ref={canvas} role="img" aria-labelledby={id} aria-describedby={`${id}-words`} />
      </div>
      <ul aria-label="Legend" className="mt-2 flex flex-wrap gap-x-4 text-sm text-quiet">
        {SERIES.map(({ key, name }, index) =>
          shown.some((sample) => sample[key] !== null) ? (
            <li key={key} className="flex items-center gap-1.5">
              <span
                aria-hidden="true"
                className="size-2.5 rounded-full"
                style={{
                  background: `light-dark(${seriesColour(index, SERIES.length, false)}, ${seriesColour(index, SERIES.length, true)})`,
                }}
              />
              {name}
            </li>
          ) : null,
        )}
        <li>▲ load, ▼ unload</li>
        <li>{isBudgetNear(shown, budget) ? "thin line: the budget" : "the budget is far above"}</li>
      </ul>
      <p className="mt-1 text-xs text-quiet">
        Read every three seconds since this page was opened; before that only during steps, from the newest{" "}
        {counted(records.length, "record")} of the ledger. Where nobody looked there is no line.
      </p>
      {hasFailed && <p className="text-sm text-bad">The drawing could not be loaded; the tables have the figures.</p>}
      <p id={`${id}-words`} className="sr-only">
        {describeSamples(shown, budget)}
      </p>
    </figure>
  );
}

/** The chart in words: for each line its last, its smallest and its largest figure. */
export function describeSamples(samples: readonly MemorySample[], budget: number): string {
  const said = SERIES.flatMap(({ key, name }) => {
    const values = samples.flatMap((sample) => sample[key] ?? []);
    const last = values.at(-1);
    if (last === undefined) return [];
    const [least, most] = values.reduce(
      ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
      [last, last],
    );
    return [`${name} ${formatBytes(last)} now, from ${formatBytes(least)} to ${formatBytes(most)}`];
  });
  return `A line chart over time. ${said.join("; ")}. The budget is ${formatBytes(budget)}.`;
}
