import type { CountedRating, RunFigures } from "../store";
import { DayCache, Groups } from "./day-cache";
import type { Summary } from "./summary";
import { SummaryBuilder } from "./summary-builder";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A longer range is read in one piece beyond them. */
const MOST_DAYS = 400;

/** What runs are put together by; a day and an hour are those of UTC. */
export const SUMMARY_GROUPS = ["day", "hour", "model"] as const;
export type SummaryGroup = (typeof SUMMARY_GROUPS)[number];

export interface SummaryQuery {
  /** In ms since the epoch; the end is not included. */
  from: number;
  to: number;
  by: SummaryGroup;
}

/** The body of `GET /api/metrics`. */
export interface MetricsSummary extends SummaryQuery {
  total: Summary;
  /**
   * In order of their keys: a day as `2026-07-31`, an hour as `2026-07-31T14`, a model's id for the turns it answered, and
   * an empty text for those that no model answered. A day without a turn is left out.
   */
  groups: ({ key: string } & Summary)[];
}

/** What figures are read from; `FigureStore` is one. */
export interface FigureReader {
  pages(from: number, to: number): Iterable<RunFigures[]>;
  ratings(from: number, to: number): CountedRating[];
  /** Changes whenever what is there of that time does. */
  stamp(from: number, to: number): string;
}

/**
 * Adds up the runs that began in a range of time. Whole days are taken from `days` where they are the same as the last time,
 * so that whoever looks again and again costs only what is new.
 *
 * @param breathe awaited between two pages of runs, so that whoever streams is not held up
 */
export async function summarize(
  reader: FigureReader,
  query: SummaryQuery,
  breathe: () => Promise<unknown>,
  days: DayCache = new DayCache(),
): Promise<MetricsSummary> {
  const { from, to, by } = query;
  const total = new SummaryBuilder();
  const groups = new Groups();
  for (const part of daysIn(from, to)) {
    const read = (): Promise<Groups> => addUp(reader, part, by, breathe);
    const isWhole = part.to - part.from === DAY_MS;
    const found = isWhole ? await days.of(`${by} ${part.from}`, reader.stamp(part.from, part.to), read) : await read();
    for (const [key, group] of found) {
      total.absorb(group);
      groups.of(key).absorb(group);
    }
  }
  for (const rating of reader.ratings(from, to)) {
    total.rate(rating);
    groups.of(keyOf(rating.updatedAt, rating.model, by)).rate(rating);
  }
  const built = [...groups].sort(([one], [other]) => (one < other ? -1 : 1));
  return { from, to, by, total: total.build(), groups: built.map(([key, group]) => ({ key, ...group.build() })) };
}

async function addUp(
  reader: FigureReader,
  { from, to }: { from: number; to: number },
  by: SummaryGroup,
  breathe: () => Promise<unknown>,
): Promise<Groups> {
  const groups = new Groups();
  for (const page of reader.pages(from, to)) {
    for (const figures of page) groups.of(keyOf(figures.beganAt, figures.model, by)).add(figures);
    await breathe();
  }
  return groups;
}

function keyOf(time: number, model: string | null, by: SummaryGroup): string {
  if (by === "model") return model ?? "";
  return keyOfHour(Math.floor(time / HOUR_MS)).slice(0, by === "day" ? 10 : 13);
}

/** Runs come in the order in which they began. */
let lastHour = { hour: NaN, key: "" };

function keyOfHour(hour: number): string {
  if (hour !== lastHour.hour) lastHour = { hour, key: new Date(hour * HOUR_MS).toISOString() };
  return lastHour.key;
}

/** A range of time, cut at the days of UTC; what lies before the first day there could be anything of is one part. */
function* daysIn(from: number, to: number): Generator<{ from: number; to: number }, void, void> {
  const first = Math.max(from, to - MOST_DAYS * DAY_MS);
  if (from < first) yield { from, to: first };
  for (let start = first; start < to;) {
    const end = Math.min(to, (Math.floor(start / DAY_MS) + 1) * DAY_MS);
    yield { from: start, to: end };
    start = end;
  }
}
