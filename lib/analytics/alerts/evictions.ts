const HOUR_MS = 3_600_000;
/** Of one model in an hour: more are not told apart. */
const MOST = 10_000;

/** Counts how often each model had to leave memory for another one. */
export class EvictionCounts {
  readonly #times = new Map<string, number[]>();
  readonly #totals = new Map<string, number>();

  /** @param now a clock in ms that never goes back */
  constructor(private readonly now: () => number = () => performance.now()) {}

  see(model: string): void {
    const times = this.#times.get(model) ?? [];
    times.push(this.now());
    if (times.length > MOST) times.shift();
    this.#times.set(model, times);
    this.#totals.set(model, (this.#totals.get(model) ?? 0) + 1);
  }

  /** In the last hour; a model that did not is left out. */
  ofLastHour(): Map<string, number> {
    const since = this.now() - HOUR_MS;
    for (const [model, times] of this.#times) {
      const kept = times.filter((time) => time > since);
      if (kept.length === 0) this.#times.delete(model);
      else this.#times.set(model, kept);
    }
    return new Map([...this.#times].map(([model, times]) => [model, times.length]));
  }

  /** Since the process began. */
  totals(): ReadonlyMap<string, number> {
    return this.#totals;
  }
}
