import type { MemorySample, SeriesName } from "../../memory";
import type { Figures } from "./bucket";
import type { ReadPlan } from "./levels";
import { keyOf } from "./series";

/** One series at the times of the answer: bytes, null where it was not seen. */
export interface SeriesPoints extends SeriesName {
  min: (number | null)[];
  mean: (number | null)[];
  max: (number | null)[];
}

/** Samples put together in buckets. */
export interface SampledPoints {
  /** The width of a bucket, in ms. */
  step: number;
  /** When each bucket begins that has anything in it, in ms since the epoch. */
  times: number[];
  series: SeriesPoints[];
}

/** Adds up, bucket by bucket, what is read; columns of plain numbers, since there are tens of thousands of figures. */
export class SampleGrid {
  readonly #columns = new Map<string, Columns>();

  constructor(private readonly plan: ReadPlan) {}

  /** Columns to add to; whoever adds often asks once. */
  of(name: SeriesName): Columns {
    const key = keyOf(name);
    let columns = this.#columns.get(key);
    if (columns === undefined) this.#columns.set(key, (columns = new Columns(name, this.plan.length)));
    return columns;
  }

  /** The bucket that a moment falls into; -1 outside. */
  indexOf(time: number): number {
    const index = Math.floor((time - this.plan.from) / this.plan.stepMs);
    return index < this.plan.length ? Math.max(-1, index) : -1;
  }

  /** What is not in the database yet. */
  addSample({ time, figures }: MemorySample): void {
    const index = this.indexOf(time);
    if (index < 0) return;
    for (const figure of figures)
      this.of(figure).add(index, { count: 1, sum: figure.bytes, min: figure.bytes, max: figure.peak, maxAt: time });
  }

  points(): SampledPoints {
    const all = [...this.#columns.values()];
    const filled: number[] = [];
    for (let index = 0; index < this.plan.length; index++)
      if (all.some(({ count }) => (count[index] ?? 0) > 0)) filled.push(index);
    return {
      step: this.plan.stepMs,
      times: filled.map((index) => this.plan.from + index * this.plan.stepMs),
      series: all.map((columns) => columns.at(filled)),
    };
  }
}

/** One series, bucket by bucket. */
class Columns {
  readonly count: Float64Array;
  readonly #sum: Float64Array;
  readonly #min: Float64Array;
  readonly #max: Float64Array;

  constructor(
    private readonly name: SeriesName,
    length: number,
  ) {
    this.count = new Float64Array(length);
    this.#sum = new Float64Array(length);
    this.#min = new Float64Array(length).fill(Infinity);
    this.#max = new Float64Array(length).fill(-Infinity);
  }

  add(index: number, { count, sum, min, max }: Figures): void {
    this.count[index]! += count;
    this.#sum[index]! += sum;
    if (min < this.#min[index]!) this.#min[index] = min;
    if (max > this.#max[index]!) this.#max[index] = max;
  }

  at(indices: readonly number[]): SeriesPoints {
    const pick = (valueAt: (index: number) => number): (number | null)[] =>
      indices.map((index) => (this.count[index]! > 0 ? valueAt(index) : null));
    const { of, name, figure } = this.name;
    return {
      of,
      name,
      figure,
      min: pick((index) => this.#min[index]!),
      mean: pick((index) => this.#sum[index]! / this.count[index]!),
      max: pick((index) => this.#max[index]!),
    };
  }
}
