import type { ChartDisplay, ChartSeries, ChartType } from "@/lib/wire";

import { isRecord, isText, readList } from "./fields";

/** A chart as the tool `create_graph` describes it: a row of a table for each label, a column for each series. */
export type Chart = Omit<ChartDisplay, "kind">;

const TYPES: readonly ChartType[] = ["bar", "line", "pie"];
/** The tool makes smaller ones; beyond these a drawing would hold up the page. */
const MOST = { points: 500, series: 12, text: 1_000, description: 20_000 };
/** Beyond it neighbouring numbers look the same, and the axis runs out of digits. */
const LARGEST = 1e15;

/** A tool's display as a chart; null when it is none, or one that cannot be drawn without guessing. */
export function readChart(display: unknown): Chart | null {
  if (!isRecord(display) || display.kind !== "chart") return null;
  const { title, x_label, y_label, context, description } = display;
  const type = TYPES.find((name) => name === display.type);
  const labels = readList(display.labels, MOST.points, (label) => (isText(label, MOST.text) ? label : null));
  const series = readList(display.series, MOST.series, (given) => readSeries(given, labels?.length ?? 0));
  if (type === undefined || labels === null || series === null) return null;
  if (labels.length === 0 || series.length === 0 || !isText(description, MOST.description)) return null;
  if (!isText(title, MOST.text) || !isText(context, MOST.text)) return null;
  if (!isText(x_label, MOST.text) || !isText(y_label, MOST.text)) return null;
  return { type, title, x_label, y_label, context, labels, series, description };
}

/** Why a chart can be shown as a table only; null when it can be drawn. */
export function drawingProblem({ type, series }: Chart): string | null {
  if (type !== "pie") return null;
  if (series.length > 1) return "A pie has one series, and this one has more: its numbers are in the table.";
  const values = series[0]?.values ?? [];
  if (values.some((value) => value < 0)) return "A slice of a pie cannot be negative: the numbers are in the table.";
  return values.some((value) => value > 0) ? null : "All slices of this pie are 0: there is nothing to draw.";
}

function readSeries(given: unknown, points: number): ChartSeries | null {
  if (!isRecord(given) || !isText(given.name, MOST.text)) return null;
  const values = readList(given.values, MOST.points, (value) => (isNumber(value) ? value : null));
  return values === null || values.length !== points ? null : { name: given.name, values };
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Math.abs(value) <= LARGEST;
}
