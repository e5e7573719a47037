import type { ChartConfiguration } from "chart.js";

import type { MetricsChart } from "../../_analytics/metrics-charts";
import type { MetricsGroup } from "../../_analytics/metrics-view";
import { formatFigure } from "../../_analytics/metrics-words";
import type { ChartTheme } from "../answer/chart-colours";
import { fontOf } from "../answer/chart-settings";

/** What a chart of the metrics is drawn from, as lines or as bars. */
export interface DrawnMetrics {
  chart: MetricsChart;
  /** What the values of its series are of. */
  keys: readonly string[];
  by: MetricsGroup;
  isLog: boolean;
  /** Names of series that are not drawn. */
  hidden: ReadonlySet<string>;
}

export type Axis<Type extends "line" | "bar"> = NonNullable<
  NonNullable<NonNullable<ChartConfiguration<Type>["options"]>["scales"]>[string]
>;

/** The axis of the figures. Pure. */
export function valueAxis({ chart: { unit, isStacked }, isLog }: DrawnMetrics, theme: ChartTheme) {
  const shared = { grid: { color: theme.line }, border: { color: theme.line } };
  const callback = (value: number | string): string => formatFigure(Number(value), unit);
  const ticks = { ...textOf(theme), maxTicksLimit: 6, callback };
  if (isLog) return { ...shared, type: "logarithmic" as const, ticks };
  const whole = unit === "count" ? { precision: 0 } : {};
  return { ...shared, type: "linear" as const, stacked: isStacked, beginAtZero: true, ticks: { ...ticks, ...whole } };
}

/** Texts on the canvas. */
export function textOf(theme: ChartTheme) {
  return { color: theme.ink, font: fontOf(theme) };
}

/** A figure under the pointer: `turns: 12`. */
export function tooltipOf({ chart: { unit } }: DrawnMetrics, theme: ChartTheme) {
  const label = ({
    dataset,
    parsed,
  }: {
    dataset: { label?: string | undefined };
    parsed: { y: number | null };
  }): string => `${dataset.label ?? ""}: ${formatFigure(parsed.y ?? 0, unit)}`;
  return { titleFont: fontOf(theme), bodyFont: fontOf(theme), callbacks: { label } };
}

/** Null where a figure has no point: it was not measured, or it is a zero, which a logarithmic axis has no place for. */
export function drawable(value: number | null, isLog: boolean): number | null {
  return isLog && value !== null && value <= 0 ? null : value;
}
