/** From `start` up to, and without, `end`. */
export type Interval = readonly [start: number, end: number];

/** Which bytes of a file are there: in order, apart from each other. */
export class Intervals {
  #list: Interval[] = [];

  constructor(list: readonly Interval[] = []) {
    for (const [start, end] of list) this.add(start, end);
  }

  add(start: number, end: number): void {
    if (end <= start) return;
    const apart = this.#list.filter((other) => other[1] < start || other[0] > end);
    const joined = this.#list.filter((other) => other[1] >= start && other[0] <= end);
    const first = Math.min(start, ...joined.map((other) => other[0]));
    const last = Math.max(end, ...joined.map((other) => other[1]));
    this.#list = [...apart, [first, last] as const].sort((left, right) => left[0] - right[0]);
  }

  get list(): readonly Interval[] {
    return this.#list;
  }

  /** How many bytes are there. */
  get total(): number {
    return this.#list.reduce((sum, [start, end]) => sum + end - start, 0);
  }

  /** Every byte before this one is there. */
  get frontier(): number {
    const first = this.#list[0];
    return first?.[0] === 0 ? first[1] : 0;
  }

  /** What is missing of a file of `size` bytes. */
  gaps(size: number): Interval[] {
    const starts = [0, ...this.#list.map((interval) => interval[1])];
    const ends = [...this.#list.map((interval) => interval[0]), size];
    return starts.map((start, index) => [start, ends[index] ?? size] as const).filter(([start, end]) => start < end);
  }

  /** The place from which on so many bytes are there; 0 when there are fewer in all. */
  endWithout(bytes: number): number {
    let left = bytes;
    for (const [start, end] of [...this.#list].reverse()) {
      if (end - start >= left) return end - left;
      left -= end - start;
    }
    return 0;
  }

  /** Forgets what lies at `end` and after it. */
  clip(end: number): void {
    this.#list = this.#list
      .filter(([start]) => start < end)
      .map(([start, last]) => [start, Math.min(last, end)] as const);
  }
}
