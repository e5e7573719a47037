import type { ChartDisplay, ChartSeries, ChartType } from "../contract";
import { isObject, refusedArgument } from "../refusal";
import { cleanLine } from "../text";
import { CHART_LIMITS as LIMITS } from "./limits";
import { readNumber } from "./read-number";

export const CHART_TOOL = "create_graph";
export const CHART_TYPES: readonly ChartType[] = ["bar", "line", "pie"];

/** What a model writes of a chart; its description is made from that. */
export type ChartArguments = Omit<ChartDisplay, "kind" | "description">;

/**
 * A chart out of whatever a model wrote.
 *
 * - Texts: HTML and templates stay text; control characters become a space; too long or not text is refused.
 * - Labels: numbers become text; a label that is there twice becomes `A (2)`; an empty one is refused.
 * - Values: finite numbers up to 10^15, also as text (`"12.5"`); NaN, Infinity, null and the rest are refused.
 * - Every series has as many values as there are labels; a line has two points or more.
 * - A pie has one series, nothing negative, and something to share. It has 24 slices at most, the others 200 points.
 * - Properties that are not known are ignored.
 *
 * Throws `tool_arguments_invalid`, its field named as in `series[1].values[3]`.
 */
export function parseChart(written: unknown): ChartArguments {
  if (!isObject(written)) throw refuse("arguments", "a JSON object with type, title, labels and series");
  const type = chartType(written["type"]);
  const chart: ChartArguments = {
    type,
    title: text(written["title"], "title", LIMITS.title, "required"),
    x_label: text(written["x_label"], "x_label", LIMITS.axisLabel),
    y_label: text(written["y_label"], "y_label", LIMITS.axisLabel),
    context: text(written["context"], "context", LIMITS.context),
    labels: distinct(labels(written["labels"], type === "pie" ? LIMITS.slices : LIMITS.points)),
    series: [],
  };
  chart.series = seriesList(written["series"], chart.labels.length);
  checkType(chart);
  return chart;
}

function refuse(field: string, allowed: string, why?: string) {
  return refusedArgument(CHART_TOOL, field, allowed, why);
}

function chartType(written: unknown): ChartType {
  const type = CHART_TYPES.find((known) => known === written);
  if (type === undefined) throw refuse("type", "bar, line or pie");
  return type;
}

function text(written: unknown, field: string, limit: number, need: "required" | "optional" = "optional"): string {
  const least = need === "required" ? 1 : 0;
  const allowed = `text of ${least} to ${limit} characters`;
  if (written === undefined && need === "optional") return "";
  // Before cleaning, since that costs time: a megabyte is refused unread.
  if (typeof written !== "string" || written.length > limit) throw refuse(field, allowed);
  const cleaned = cleanLine(written);
  if (cleaned.length < least) throw refuse(field, allowed, "it has nothing to read");
  return cleaned;
}

function labels(written: unknown, limit: number): string[] {
  return list(written, "labels", limit).map((label, index) =>
    text(typeof label === "number" ? String(label) : label, `labels[${index}]`, LIMITS.label, "required"),
  );
}

function list(written: unknown, field: string, limit: number): unknown[] {
  if (Array.isArray(written) && written.length >= 1 && written.length <= limit) return Array.from(written);
  const why = Array.isArray(written) ? `it has ${written.length}` : undefined;
  throw refuse(field, `a list of 1 to ${limit} entries`, why);
}

/** A drawing library merges what has one label, so the second `A` becomes `A (2)`. */
function distinct(names: string[]): string[] {
  const taken = new Set(names);
  const seen = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let count = 2; seen.has(unique) || (unique !== name && taken.has(unique)); count++)
      unique = `${name} (${count})`;
    seen.add(unique);
    return unique;
  });
}

function seriesList(written: unknown, points: number): ChartSeries[] {
  const read = list(written, "series", LIMITS.series).map((series, index) => {
    const field = `series[${index}]`;
    if (!isObject(series)) throw refuse(field, "an object with name and values");
    const name = text(series["name"], `${field}.name`, LIMITS.label);
    return { name, values: values(series["values"], `${field}.values`, points) };
  });
  if (read.length === 1) return read;
  const names = distinct(read.map(({ name }, index) => (name === "" ? `Series ${index + 1}` : name)));
  return read.map(({ values }, index) => ({ name: names[index] ?? "", values }));
}

function values(written: unknown, field: string, points: number): number[] {
  const many = points === 1 ? "1 number" : `${points} numbers`;
  if (!Array.isArray(written)) throw refuse(field, `a list of ${many}, one for each label`);
  if (written.length !== points) {
    throw refuse(field, `a list of ${many}, one for each label`, `it has ${written.length}`);
  }
  return Array.from(written, (value: unknown, index) => {
    const number = readNumber(value);
    if (number === null || Math.abs(number) > LIMITS.magnitude) {
      throw refuse(`${field}[${index}]`, "a finite number between -10^15 and 10^15");
    }
    return number;
  });
}

function checkType({ type, labels, series }: ChartArguments): void {
  if (type === "line" && labels.length < 2) throw refuse("labels", "a list of 2 or more for a line", "it has 1");
  if (type !== "pie") return;
  if (series.length !== 1) throw refuse("series", "one series for a pie", `there are ${series.length}`);
  const slices = series[0]?.values ?? [];
  const negative = slices.findIndex((value) => value < 0);
  if (negative !== -1) throw refuse(`series[0].values[${negative}]`, "0 or more, since a slice cannot be negative");
  if (slices.every((value) => value === 0)) throw refuse("series[0].values", "a list with a number above 0 for a pie");
}
