import type { ChartSeries } from "../contract";
import { formatNumber, formatShare } from "./format-number";
import type { ChartArguments } from "./parse-chart";
import { describeTrend } from "./trend";

/** As many values as are listed one by one; above it only the highest, the lowest and the trend are told. */
const LISTED_VALUES = 24;
const NAMED_LABELS = 3;

/**
 * The chart in words, for a model that cannot see it and for a screen reader: its type and title, the axes, then of each
 * series the range, the highest and lowest, a line's trend or a pie's shares, and every value when there are few.
 */
export function describeChart(chart: ChartArguments): string {
  const isListed = chart.labels.length * chart.series.length <= LISTED_VALUES;
  const sentences = [
    heading(chart),
    ...chart.series.map((series) =>
      chart.type === "pie" ? describeSlices(chart.labels, series, isListed) : describeSeries(chart, series, isListed),
    ),
    chart.context === "" ? "" : `Context: ${sentence(chart.context)}`,
  ];
  return sentences.filter((part) => part !== "").join(" ");
}

function heading({ type, title, x_label, y_label, series }: ChartArguments): string {
  const kind = { bar: "Bar chart", line: "Line chart", pie: "Pie chart" }[type];
  const axes = [x_label === "" ? "" : `x axis: ${x_label}`, y_label === "" ? "" : `y axis: ${y_label}`];
  const named = axes.filter((axis) => axis !== "").join("; ");
  const many = series.length === 1 ? "" : ` ${series.length} series.`;
  return `${kind}: "${title}"${named === "" ? "" : ` (${named})`}.${many}`;
}

function describeSeries(chart: ChartArguments, { name, values }: ChartSeries, isListed: boolean): string {
  const lead = name === "" ? "" : `${name}: `;
  const lowest = Math.min(...values);
  const highest = Math.max(...values);
  if (values.length === 1) return `${lead}1 value: ${pairs(chart.labels, values)}.`;
  if (lowest === highest) return `${lead}${values.length} values, all ${formatNumber(lowest)}.`;
  const parts = [
    `${lead}${values.length} values from ${formatNumber(lowest)} to ${formatNumber(highest)}.`,
    `Highest: ${holders(chart.labels, values, highest)}.`,
    `Lowest: ${holders(chart.labels, values, lowest)}.`,
    chart.type === "line" ? `Trend: ${describeTrend(chart.labels, values)}.` : "",
    isListed ? `Values: ${pairs(chart.labels, values)}.` : "",
  ];
  return parts.filter((part) => part !== "").join(" ");
}

function describeSlices(labels: string[], { name, values }: ChartSeries, isListed: boolean): string {
  const lead = name === "" ? "" : `${name}: `;
  const total = values.reduce((sum, value) => sum + value, 0);
  if (values.length === 1) return `${lead}1 slice: ${pairs(labels, values)} (100%).`;
  const withShare = (label: string, value: number) => `${label} ${formatNumber(value)} (${formatShare(value / total)})`;
  const shares = labels.map((label, index) => withShare(label, values[index] ?? 0)).join(", ");
  const parts = [
    `${lead}${values.length} slices, ${formatNumber(total)} in all.`,
    `Largest: ${holders(labels, values, Math.max(...values))}.`,
    `Smallest: ${holders(labels, values, Math.min(...values))}.`,
    isListed ? `Shares: ${shares}.` : "",
  ];
  return parts.filter((part) => part !== "").join(" ");
}

function pairs(labels: string[], values: number[]): string {
  return labels.map((label, index) => `${label} ${formatNumber(values[index] ?? 0)}`).join(", ");
}

/** Who has `value`: `apples (10)`, `apples and pears (10 each)`, `5 labels (10 each)`. */
function holders(labels: string[], values: number[], value: number): string {
  const named = labels.filter((_, index) => values[index] === value);
  if (named.length === 1) return `${named[0]} (${formatNumber(value)})`;
  const who = named.length > NAMED_LABELS ? `${named.length} labels` : listOf(named);
  return `${who} (${formatNumber(value)} each)`;
}

function listOf(words: string[]): string {
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
