/** What takes time: loading a model, holding a lease of it, and stopping it. */
export type DurationKind = "load" | "lease" | "stop";

/** Share of the newest in the average: the last few count, and one that was odd is soon forgotten. */
const NEWEST_SHARE = 0.3;
/** One measure moves the average as if it had been at most so many times longer or shorter. */
const MOST_UNLIKE = 4;
/** A shorter lease did no work: a model that was only loaded ahead, or a request that was refused at once. In ms. */
const SHORTEST_LEASE_MS = 50;

/** How long things took so far, for each model: a moving average that one odd measure does not spoil. In ms. */
export class Durations {
  private readonly averages = new Map<string, number>();

  add(kind: DurationKind, key: string, ms: number): void {
    if (!Number.isFinite(ms) || ms < 0 || (kind === "lease" && ms < SHORTEST_LEASE_MS)) return;
    for (const name of [kind, nameOf(kind, key)]) {
      const known = this.averages.get(name) ?? ms;
      const trimmed = Math.min(Math.max(ms, known / MOST_UNLIKE), known * MOST_UNLIKE);
      this.averages.set(name, known + NEWEST_SHARE * (trimmed - known));
    }
  }

  /** How long it will take for this model; as long as for the others when it was never seen; null when nothing was. */
  expected(kind: DurationKind, key: string): number | null {
    return this.averages.get(nameOf(kind, key)) ?? this.averages.get(kind) ?? null;
  }
}

function nameOf(kind: DurationKind, key: string): string {
  return `${kind} ${key}`;
}
