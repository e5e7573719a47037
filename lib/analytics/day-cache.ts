import { SummaryBuilder } from "./summary-builder";

/** Sums by what they are put together by. */
export class Groups {
  readonly #groups = new Map<string, SummaryBuilder>();

  /** An empty one when there is none of this key yet. */
  of(key: string): SummaryBuilder {
    let group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, (group = new SummaryBuilder()));
    return group;
  }

  [Symbol.iterator](): MapIterator<[string, SummaryBuilder]> {
    return this.#groups.entries();
  }
}

/** A quarter of a year, put together in one way, or a week in all three and some more. Each takes about 150 bytes a run. */
const MOST_DAYS = 100;

/** Sums of past days, as long as nothing of those days has changed. Whoever is given one must not add to it. */
export class DayCache {
  readonly #days = new Map<string, { stamp: string; groups: Groups }>();

  /** @param read makes it where it is not there, or was made of something else */
  async of(key: string, stamp: string, read: () => Promise<Groups>): Promise<Groups> {
    const known = this.#days.get(key);
    this.#days.delete(key);
    const groups = known?.stamp === stamp ? known.groups : await read();
    this.#days.set(key, { stamp, groups });
    for (const oldest of this.#days.keys()) {
      if (this.#days.size <= MOST_DAYS) break;
      this.#days.delete(oldest);
    }
    return groups;
  }
}
