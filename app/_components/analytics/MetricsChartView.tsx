"use client";

import { useId, useState, type ReactNode } from "react";

import type { MetricsChart } from "../../_analytics/metrics-charts";
import type { MetricsGroup } from "../../_analytics/metrics-view";
import { describeChart, keyWords, unitWords } from "../../_analytics/metrics-words";
import { FigureDownloads, type FigureNumbers } from "./FigureDownloads";
import { MetricsBars } from "./MetricsBars";
import type { Stretch } from "./metrics-points";
import { hasLegend, MetricsLegend } from "./MetricsLegend";
import { MetricsLines } from "./MetricsLines";
import { MetricsTable } from "./MetricsTable";
import type { UsedFigure } from "./use-figure";

export interface MetricsChartProps {
  chart: MetricsChart;
  /** What the values of its series are of. */
  keys: readonly string[];
  by: MetricsGroup;
  /** The whole time axis. */
  whole: Stretch;
  smoothing: number;
  isLog: boolean;
  onLog: (isLog: boolean) => void;
}

/** One chart of the metrics: drawn or as a table, and to take along. */
export function MetricsChartView(props: MetricsChartProps) {
  const { chart, keys, by, isLog, onLog } = props;
  const id = useId();
  const [wantsTable, setWantsTable] = useState(false);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const toggle = (name: string) => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    setHidden(next);
  };
  const canvas = (figure: UsedFigure, more?: ReactNode) => (
    <>
      <div hidden={wantsTable}>
        <div ref={figure.frame} className="relative mt-2 h-56 min-w-0 border-line bg-surface text-quiet">
          <canvas
            ref={figure.canvas}
            role="img"
            aria-labelledby={id}
            aria-describedby={`${id}-words`}
            className={by === "model" ? "" : "cursor-crosshair"}
          />
        </div>
        {figure.hasFailed && (
          <p className="text-sm text-bad">The drawing could not be loaded; the table has all figures.</p>
        )}
        <MetricsLegend chart={chart} hidden={hidden} onToggle={toggle} />
      </div>
      {wantsTable && <MetricsTable chart={chart} keys={keys} by={by} />}
      <div className="mt-auto flex flex-wrap items-center gap-2 pt-2">
        <Toggle name="Log axis" of={chart.title} isOn={isLog} onToggle={() => onLog(!isLog)} />
        <Toggle name="Table" of={chart.title} isOn={wantsTable} onToggle={() => setWantsTable(!wantsTable)} />
        <FigureDownloads
          figure={figure}
          title={chart.title}
          legend={hasLegend(chart) && "bottom"}
          numbers={() => numbersOf(chart, keys, by)}
        />
        {more}
      </div>
    </>
  );
  return (
    <figure
      aria-labelledby={id}
      data-testid="metrics-chart"
      data-chart={chart.id}
      className="flex min-w-0 flex-col rounded-box border border-line bg-surface p-3"
    >
      <figcaption>
        <h2 id={id} className="font-semibold">
          {chart.title}
        </h2>
        {chart.note !== undefined && <p className="text-xs text-quiet">{chart.note}</p>}
      </figcaption>
      {chart.series.length === 0 ? (
        <p className="mt-2 text-sm text-quiet">None in this time.</p>
      ) : by === "model" ? (
        <MetricsBars {...props} by={by} hidden={hidden} show={canvas} />
      ) : (
        <MetricsLines {...props} by={by} hidden={hidden} show={canvas} />
      )}
      <p id={`${id}-words`} className="sr-only">
        {describeChart(chart, keys, by)}
      </p>
    </figure>
  );
}

interface ToggleProps {
  name: string;
  of: string;
  isOn: boolean;
  onToggle: () => void;
}

function Toggle({ name, of, isOn, onToggle }: ToggleProps) {
  return (
    <button
      type="button"
      className="button-quiet aria-pressed:border-accent aria-pressed:text-accent"
      aria-pressed={isOn}
      onClick={onToggle}
    >
      {name}
      <span className="sr-only"> of {of}</span>
    </button>
  );
}

/** What a spreadsheet is given: the figures as they were measured, whatever is drawn of them. Pure. */
export function numbersOf({ series, unit }: MetricsChart, keys: readonly string[], by: MetricsGroup): FigureNumbers {
  return {
    head: [by, ...series.map(({ name }) => `${name}${unitWords(unit)}`)],
    rows: keys.map((key, row) => [keyWords(key, by), ...series.map(({ values }) => values[row] ?? null)]),
  };
}
