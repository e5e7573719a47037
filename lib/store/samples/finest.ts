import type { SeriesName } from "../../memory";
import { queries, type TypedDatabase } from "../kysely";
import { visitBuckets } from "./buckets";
import { SAMPLE_STEPS } from "./levels";
import type { SeriesIds } from "./series";

/** What one bucket kept: the most of each series that was seen in it, in bytes. */
export interface KeptMoment {
  /** When the bucket begins, in ms since the epoch. */
  time: number;
  figures: (SeriesName & { bytes: number })[];
}

/** Buckets read in one go. */
const BUCKETS_AT_ONCE = 400;

/**
 * A stretch of the past, oldest first, each part of it as finely as it is still kept: from where a finer level begins, the
 * coarser one is left. No peak is missing: the coarse bucket in which a finer level begins is told where it holds more.
 *
 * @param from in ms since the epoch
 * @param to not included
 */
export function* readFinest(
  database: TypedDatabase,
  ids: SeriesIds,
  { from, to }: { from: number; to: number },
): Generator<KeptMoment, void, void> {
  const names = ids.names();
  const coarsestFirst = [...SAMPLE_STEPS].reverse();
  for (const [index, step] of coarsestFirst.entries()) {
    const finer = coarsestFirst[index + 1];
    const end = Math.min(to, finer === undefined ? to : endOf(database, step, finer, from));
    for (let begin = firstOf(database, step, from); begin !== null && begin < end;) {
      const last = Math.min(end, begin + BUCKETS_AT_ONCE * step) - 1;
      yield* momentsOf(database, names, { step, from: begin, to: last });
      begin = firstOf(database, step, last + 1);
    }
  }
}

/** Up to where a level is told, because the finer one says the rest; Infinity where there is nothing finer. */
function endOf(database: TypedDatabase, step: number, finer: number, from: number): number {
  const change = firstOf(database, finer, from);
  if (change === null) return Infinity;
  const begin = Math.floor(change / step) * step;
  const held = samplesIn(database, { step, from: begin, to: begin });
  return held > samplesIn(database, { step: finer, from: begin, to: begin + step - 1 }) ? change : begin;
}

/** Of all series together. */
function samplesIn(database: TypedDatabase, stretch: { step: number; from: number; to: number }): number {
  let sum = 0;
  visitBuckets(database, stretch, (_, { count }) => (sum += count));
  return sum;
}

/** When the first bucket of a level begins from `from` on; null: there is none. */
function firstOf(database: TypedDatabase, step: number, from: number): number | null {
  const [row] = database.all(
    queries
      .selectFrom("memory_samples")
      .select("time")
      .where("step", "=", step)
      .where("time", ">=", from)
      .orderBy("time")
      .limit(1),
  );
  return row?.time ?? null;
}

function momentsOf(
  database: TypedDatabase,
  names: ReadonlyMap<number, SeriesName>,
  stretch: { step: number; from: number; to: number },
): KeptMoment[] {
  const moments = new Map<number, KeptMoment>();
  visitBuckets(database, stretch, (series, { max }, time) => {
    const name = names.get(series);
    if (name === undefined) return;
    const moment = moments.get(time) ?? { time, figures: [] };
    moment.figures.push({ ...name, bytes: max });
    moments.set(time, moment);
  });
  return [...moments.values()].sort((left, right) => left.time - right.time);
}
