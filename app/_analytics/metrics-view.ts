/** What of the metrics is shown, and how; all of it stands in the page's address, so that a link shows the same. */
export interface MetricsView {
  range: MetricsRange;
  by: MetricsGroup;
  /** Weight of the moving average, 0 to 0.9; 0: none. */
  smoothing: number;
  /** Ids of the charts with a logarithmic axis. */
  log: readonly string[];
}

export type MetricsRange = "24h" | "7d" | "30d" | "90d";
export type MetricsGroup = "day" | "hour" | "model";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const RANGES: readonly { id: MetricsRange; name: string; days: number }[] = [
  { id: "24h", name: "24 hours", days: 1 },
  { id: "7d", name: "7 days", days: 7 },
  { id: "30d", name: "30 days", days: 30 },
  { id: "90d", name: "90 days", days: 90 },
];
export const GROUPS: readonly MetricsGroup[] = ["day", "hour", "model"];
export const MOST_SMOOTHING = 0.9;
const USUAL: MetricsView = { range: "7d", by: "day", smoothing: 0, log: [] };
const MOST_LOGS = 20;

/** Whether so long a time can be told hour by hour: the server answers two months at most. */
export function hasHours(range: MetricsRange): boolean {
  return range !== "90d";
}

/** The view of an address, `?range=7d&by=hour&smooth=0.6&log=turns,errors`; what cannot be is as usual. Pure. */
export function readView(search: string): MetricsView {
  const given = new URLSearchParams(search);
  const range = RANGES.find(({ id }) => id === given.get("range"))?.id ?? USUAL.range;
  const by = GROUPS.find((group) => group === given.get("by")) ?? USUAL.by;
  const smoothing = Number(given.get("smooth") ?? USUAL.smoothing);
  const log = (given.get("log") ?? "").split(",").filter((id) => /^[a-z-]{1,30}$/.test(id));
  return {
    range,
    by: by === "hour" && !hasHours(range) ? "day" : by,
    smoothing: smoothing >= 0 && smoothing <= MOST_SMOOTHING ? Math.round(smoothing * 10) / 10 : USUAL.smoothing,
    log: [...new Set(log)].slice(0, MOST_LOGS),
  };
}

/** The address with this view in it; what is as usual, and all else in the address, stays as it is. Pure. */
export function writeView(search: string, view: MetricsView): string {
  const written = new URLSearchParams(search);
  const put = (name: string, value: string, usual: string): void => {
    if (value === usual) written.delete(name);
    else written.set(name, value);
  };
  put("range", view.range, USUAL.range);
  put("by", view.by, USUAL.by);
  put("smooth", String(view.smoothing), String(USUAL.smoothing));
  put("log", view.log.join(","), "");
  // A comma may stand in a query as it is.
  const text = written.toString().replaceAll("%2C", ",");
  return text === "" ? "" : `?${text}`;
}

/** Where a range begins, in ms since 1970: so many whole hours, or days of UTC, with the one that has begun. Pure. */
export function beginOf(range: MetricsRange, now: number): number {
  const days = RANGES.find(({ id }) => id === range)?.days ?? 1;
  if (days === 1) return Math.floor(now / HOUR_MS) * HOUR_MS - 23 * HOUR_MS;
  return Math.floor(now / DAY_MS) * DAY_MS - (days - 1) * DAY_MS;
}
