import { formatDuration } from "../_chat/format";
import type { FigureUnit, MetricsChart } from "./metrics-charts";
import type { MetricsGroup } from "./metrics-view";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const three = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 3 });
const short = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 4 });

/** A figure with its unit: `1,234`, `0.8 s`, `120 ms`, `14.2 /s`, `66.67 %`. */
export function formatFigure(value: number, unit: FigureUnit): string {
  switch (unit) {
    case "count":
      return short.format(value);
    case "ms":
      return value < 1000 ? `${three.format(value)} ms` : formatDuration(value);
    case "rate":
      return `${short.format(value)} /s`;
    case "percent":
      return `${short.format(value)} %`;
  }
}

/** The unit as it stands in the head of a column: ` (ms)`. */
export function unitWords(unit: FigureUnit): string {
  return { count: "", ms: " (ms)", rate: " (tokens/s)", percent: " (%)" }[unit];
}

/** When a group begins, in ms since 1970; NaN for a model. A day and an hour are those of UTC. */
export function timeOfKey(key: string, by: MetricsGroup): number {
  if (by === "model") return NaN;
  return Date.parse(by === "day" ? `${key}T00:00:00Z` : `${key}:00:00Z`);
}

/** How long a group of time lasts, in ms. */
export function stepOf(by: "day" | "hour"): number {
  return by === "hour" ? HOUR_MS : DAY_MS;
}

/** A moment of UTC, as the groups are. @param span of the axis it stands at, in ms; 0: the whole of the moment */
export function timeWords(moment: number, by: "day" | "hour", span: number): string {
  const day = { day: "numeric", month: "short" } as const;
  const time = { hour: "2-digit", minute: "2-digit" } as const;
  const shown = by === "day" || span > 3 * DAY_MS ? day : span === 0 ? { ...day, ...time } : time;
  return new Intl.DateTimeFormat(undefined, { ...shown, timeZone: "UTC" }).format(moment);
}

/** A group's key as it stands in a table: `2026-07-31`, `2026-07-31T14:00Z`, a model's id. */
export function keyWords(key: string, by: MetricsGroup): string {
  if (by === "hour") return `${key}:00Z`;
  return key === "" ? "no model answered" : key;
}

/** A chart in words: of each series its last, its smallest and its largest figure; by model all of them. Pure. */
export function describeChart({ series, unit }: MetricsChart, keys: readonly string[], by: MetricsGroup): string {
  const said = series.map(({ name, values }) => {
    const known = values.flatMap((value, index) => (value === null ? [] : [{ value, key: keys[index] ?? "" }]));
    if (by === "model")
      return `${name}: ${known.map(({ key, value }) => `${keyWords(key, by)} ${formatFigure(value, unit)}`).join(", ")}`;
    const figures = known.map(({ value }) => value);
    const [last = 0] = figures.slice(-1);
    const [least, most] = figures.reduce(
      ([low, high], each) => [Math.min(low, each), Math.max(high, each)],
      [last, last],
    );
    return `${name}: ${formatFigure(last, unit)} last, from ${formatFigure(least, unit)} to ${formatFigure(most, unit)}`;
  });
  return `${by === "model" ? "Bars" : "Lines"} by ${by}. ${said.join("; ")}.`;
}
