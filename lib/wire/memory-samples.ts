import type { SeriesName } from "../memory";
import { queryNumber } from "./query-fields";
import { valueRefusal } from "./refusals";

/** A chart is hardly wider, and whoever asks for more holds up the others. */
export const MOST_POINTS = 1_000;
/** Ten minutes in steps of two seconds. */
const DEFAULT_POINTS = 301;
const DEFAULT_SPAN_MS = 10 * 60_000;
const LATEST_TIME = 8.64e15;

/** Which stretch is asked for; the runtime's `SampleRange` is this. Times in ms since 1970. */
export interface SampleQuery {
  from: number;
  to: number;
  points: number;
  step: number | undefined;
  after: number | undefined;
}

/** What the encoder needs; the runtime's `MemorySamples` fits. Bytes; null where a series was not seen. */
export interface SampleFigures {
  from: number;
  to: number;
  step: number;
  next: number;
  times: number[];
  series: (SeriesName & { min: (number | null)[]; mean: (number | null)[]; max: (number | null)[] })[];
}

/**
 * The body of `GET /api/memory/samples`. Times in ms since 1970, sizes in bytes.
 *
 * Samples are put together in buckets of `step` ms that begin at multiples of it. `times` says when each begins that has
 * anything in it, and each list of a series has an entry for each of those: the least, the mean and the most that was seen,
 * null where the series was not. Of a process's `resident` the most is what the kernel saw, between two samples too.
 *
 * To follow, ask again with `after` = `next` and the same `step`: what comes are the buckets that are new or have changed,
 * and each takes the place of the one with its time.
 */
export interface MemorySamplesBody {
  from: number;
  to: number;
  step: number;
  next: number;
  times: number[];
  series: (SeriesName & { min: (number | null)[]; mean: (number | null)[]; max: (number | null)[] })[];
}

export function encodeMemorySamples({ from, to, step, next, times, series }: SampleFigures): MemorySamplesBody {
  const whole = (bytes: number | null): number | null => (bytes === null ? null : Math.round(bytes));
  return {
    from,
    to,
    step,
    next,
    times,
    series: series.map(({ of, name, figure, min, mean, max }) => ({
      of,
      name,
      figure,
      min,
      mean: mean.map(whole),
      max,
    })),
  };
}

/**
 * Reads `?from=&to=&points=&step=&after=`; an empty one counts as not given. Without `to` it is now, without `from` ten
 * minutes before; no more than `points` buckets come, 301 unless told otherwise.
 *
 * @param now in ms since 1970
 * @throws MemwellError `invalid_request` naming the parameter, what was given and what is allowed
 */
export function parseSampleQuery(parameters: URLSearchParams, now: number): SampleQuery {
  const to = queryNumber(parameters, "to", 0, LATEST_TIME) ?? now;
  const from = queryNumber(parameters, "from", 0, LATEST_TIME) ?? Math.max(0, to - DEFAULT_SPAN_MS);
  if (from > to) throw valueRefusal(["from"], from, `a time up to the end of the stretch, which is ${to}`);
  return {
    from,
    to,
    points: queryNumber(parameters, "points", 2, MOST_POINTS) ?? DEFAULT_POINTS,
    step: queryNumber(parameters, "step", 1, LATEST_TIME),
    after: queryNumber(parameters, "after", 0, LATEST_TIME),
  };
}
