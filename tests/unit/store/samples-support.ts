import type { MemorySample, SeriesName } from "../../../lib/memory";
import { SampleStore, seriesKey, type OpenedDatabase, type SampledPoints } from "../../../lib/store";
import { visitBuckets } from "../../../lib/store/samples/buckets";
import { SAMPLE_STEPS } from "../../../lib/store/samples/levels";
import { TypedDatabase } from "../../../lib/store/kysely";

type Database = OpenedDatabase["database"];

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const SERVER: SeriesName = { of: "server", name: null, figure: "resident" };
export const MODEL: SeriesName = { of: "model", name: "demo", figure: "anonymous" };

/** A sample of some series, each with its bytes and, if it is more, the peak since the one before. */
export function sampleAt(time: number, ...figures: [SeriesName, number, number?][]): MemorySample {
  return { time, figures: figures.map(([name, bytes, peak = bytes]) => ({ ...name, bytes, peak })) };
}

/** How many samples of each series each level holds, read row by row. */
export function countsOf(database: Database): Record<number, number>[] {
  return SAMPLE_STEPS.map((step) => {
    const counts: Record<number, number> = {};
    const all = { step, from: 0, to: Number.MAX_SAFE_INTEGER };
    visitBuckets(new TypedDatabase(database), all, (series, { count }) => {
      counts[series] = (counts[series] ?? 0) + count;
    });
    return counts;
  });
}

/** The same as `SampleStore.read` gives, worked out from the samples themselves: for each series and bucket. */
export function plainPoints(samples: readonly MemorySample[], step: number, from: number, to: number) {
  const values = new Map<string, Map<number, { bytes: number[]; peaks: number[] }>>();
  for (const { time, figures } of samples) {
    const begin = Math.floor(time / step) * step;
    if (begin < Math.floor(from / step) * step || begin >= to) continue;
    for (const figure of figures) {
      const buckets = values.get(seriesKey(figure)) ?? new Map<number, { bytes: number[]; peaks: number[] }>();
      const bucket = buckets.get(begin) ?? { bytes: [], peaks: [] };
      bucket.bytes.push(figure.bytes);
      bucket.peaks.push(figure.peak);
      values.set(seriesKey(figure), buckets.set(begin, bucket));
    }
  }
  return Object.fromEntries(
    [...values].map(([key, buckets]) => [
      key,
      Object.fromEntries(
        [...buckets].map(([begin, { bytes, peaks }]) => {
          const sum = bytes.reduce((total, one) => total + one, 0);
          return [begin, [Math.min(...bytes), sum / bytes.length, Math.max(...peaks)]];
        }),
      ),
    ]),
  );
}

/** An answer in the form of `plainPoints`. */
export function readPoints({ times, series }: SampledPoints) {
  return Object.fromEntries(
    series.map((one) => [
      seriesKey(one),
      Object.fromEntries(
        times.flatMap((time, index) =>
          one.mean[index] == null ? [] : [[time, [one.min[index], one.mean[index], one.max[index]]]],
        ),
      ),
    ]),
  );
}

export { SampleStore };
