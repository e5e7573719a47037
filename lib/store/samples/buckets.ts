import type { MemorySample } from "../../memory";
import { queries, type TypedDatabase } from "../kysely";
import { encodeBucket, mergeInto, visitBucket, type Bucket, type Figures } from "./bucket";
import type { SampleGrid } from "./grid";
import type { SeriesIds } from "./series";

/** Calls `visit` for each series of each bucket of a level that begins from `from` to `to`. Times in ms since the epoch. */
export function visitBuckets(
  database: TypedDatabase,
  { step, from, to }: { step: number; from: number; to: number },
  visit: (series: number, figures: Figures, begin: number) => void,
): void {
  const buckets = queries
    .selectFrom("memory_samples")
    .select(["time", "figures"])
    .where("step", "=", step)
    .where("time", ">=", from)
    .where("time", "<=", to);
  for (const { time, figures } of database.all(buckets))
    visitBucket(figures, time, (series, read) => visit(series, read, time));
}

/** Adds samples to the buckets of one level, those in the database included. Inside of a transaction. */
export function addToBuckets(
  database: TypedDatabase,
  ids: SeriesIds,
  step: number,
  samples: readonly MemorySample[],
): void {
  const buckets = new Map<number, Bucket>();
  for (const { time, figures } of samples) {
    const begin = Math.floor(time / step) * step;
    const bucket: Bucket = buckets.get(begin) ?? new Map();
    buckets.set(begin, bucket);
    for (const figure of figures) {
      const { bytes, peak } = figure;
      mergeInto(bucket, ids.idOf(figure), { count: 1, sum: bytes, min: bytes, max: peak, maxAt: time });
    }
  }
  const begins = [...buckets.keys()];
  const held = { step, from: Math.min(...begins), to: Math.max(...begins) };
  visitBuckets(database, held, (series, figures, begin) => {
    const bucket = buckets.get(begin);
    if (bucket !== undefined) mergeInto(bucket, series, figures);
  });
  for (const [time, bucket] of buckets) {
    const figures = encodeBucket(bucket, time);
    database.run(
      queries
        .insertInto("memory_samples")
        .values({ step, time, figures })
        .onConflict((conflict) => conflict.columns(["step", "time"]).doUpdateSet({ figures })),
    );
  }
}

/** Adds the buckets of a level that begin from `from` to `to` to what is to be shown. */
export function addToGrid(
  database: TypedDatabase,
  ids: SeriesIds,
  grid: SampleGrid,
  stretch: { step: number; from: number; to: number },
): void {
  const names = ids.names();
  const columns = new Map<number, ReturnType<SampleGrid["of"]>>();
  visitBuckets(database, stretch, (series, figures, begin) => {
    const name = names.get(series);
    if (name === undefined) return;
    const column = columns.get(series) ?? grid.of(name);
    columns.set(series, column);
    column.add(grid.indexOf(begin), figures);
  });
}
