import type { Durations } from "./durations";
import { shrunk, type PlanResident } from "./plan";
import { planQueue, type QueueState } from "./plan-queue";

/** A resident, and how long what it does now has gone on: its load, its stop, or each of its leases. In ms. */
export interface TimedResident extends PlanResident {
  elapsedMs: readonly number[];
}

export interface EstimateState extends QueueState {
  residents: readonly TimedResident[];
  durations: Pick<Durations, "expected">;
}

/** What is overdue is taken to need this share of its usual time yet. */
const OVERDUE_SHARE = 0.2;

/**
 * How long until the requests for each of these models are granted, in ms; null when nothing is known to base it on.
 * Pure. It plays the queue forward: `planQueue` says what happens next, and what was seen says how long it takes. So it
 * counts the load under way, the leases to end, the stops, the loads of those before, and the own load.
 *
 * It does not foresee new requests for a ready model, which may go first for up to `maxWaitMs`. A stop that was never
 * seen counts as nothing: beside a load it is short.
 */
export function estimateWaits(state: EstimateState): Map<string, number | null> {
  const future = new Future(state);
  // Everyone ends what it does now; then each model is evicted, loaded, granted and idle again once, or at worst twice.
  for (let steps = 8 * (state.waiting.length + state.residents.length); steps > 0; steps--)
    if (!future.advance()) break;
  return new Map(state.waiting.map(({ key }) => [key, future.granted.get(key) ?? null]));
}

/** Rounded up, and coarser the longer it is, so that a request hears of a change only when it means something. In ms. */
export function roundEstimate(ms: number | null): number | null {
  if (ms === null) return null;
  const step = ms <= 10_000 ? 1_000 : ms <= 60_000 ? 5_000 : 30_000;
  return Math.max(1, Math.ceil(ms / step)) * step;
}

interface FutureResident extends PlanResident {
  /** When what it does now ends, in ms from now: `Infinity` when that is not known, null when it does nothing. */
  until: number | null;
}

class Future {
  readonly granted = new Map<string, number>();
  private now = 0;
  private residents: FutureResident[];
  private waiting: EstimateState["waiting"];

  constructor(private readonly state: EstimateState) {
    this.waiting = state.waiting;
    this.residents = state.residents.map((resident) => ({
      // Giving back a context takes next to no time beside a load.
      ...(resident.shrinking ? { ...shrunk(resident), shrinking: false } : resident),
      until: this.endOf(resident),
    }));
  }

  /** One step; false when nobody waits, or what comes next is not known. */
  advance(): boolean {
    const { first } = planQueue({ ...this.state, residents: this.residents, waiting: this.waiting });
    switch (first?.plan.action) {
      case "load":
        this.load(first.key, first.neededBytes);
        return true;
      case "evict":
        this.stop(first.plan.keys);
        return true;
      case "shrink":
        this.shrink(first.plan.keys);
        return true;
      case undefined:
        return this.leave();
      default:
        return this.passTime();
    }
  }

  /** Whoever is waited for although it is ready drains: it goes first, and is then loaded anew. */
  private leave(): boolean {
    const leaving = this.residents.filter(({ key, state }) => state === "ready" && this.isAwaited(key));
    const idle = leaving.filter(({ leases }) => leases === 0);
    if (idle.length === 0) return leaving.length > 0 && this.passTime();
    this.stop(idle.map(({ key }) => key));
    return true;
  }

  private load(key: string, reservationBytes: number): void {
    const unused = { measuredBytes: null, leases: 0, lastUsedAt: this.time(), pinned: false, draining: false };
    const until = this.now + this.expected("load", key);
    this.residents.push({ key, state: "loading", reservationBytes, ...unused, until });
  }

  private shrink(keys: readonly string[]): void {
    this.residents = this.residents.map((resident) =>
      keys.includes(resident.key) ? { ...resident, ...shrunk(resident) } : resident,
    );
  }

  private stop(keys: readonly string[]): void {
    for (const resident of this.residents) {
      if (!keys.includes(resident.key)) continue;
      resident.state = "stopping";
      resident.until = this.now + this.stopMs(resident.key);
    }
  }

  /** Until the next of them ends what it does; false when that is not known. */
  private passTime(): boolean {
    const next = Math.min(...this.residents.map(({ until }) => until ?? Infinity));
    if (!Number.isFinite(next)) return false;
    this.now = Math.max(this.now, next);
    for (const resident of this.residents) {
      if (resident.until !== null && resident.until <= this.now) this.end(resident);
    }
    return true;
  }

  private end(resident: FutureResident): void {
    const { key, state } = resident;
    resident.until = null;
    resident.lastUsedAt = this.time();
    resident.leases = 0;
    if (state === "stopping") this.residents = this.residents.filter((other) => other !== resident);
    resident.state = "ready";
    if (state !== "loading" || !this.isAwaited(key)) return;
    this.granted.set(key, this.now);
    this.waiting = this.waiting.filter((other) => other.key !== key);
    resident.leases = 1;
    resident.until = this.now + this.expected("lease", key);
  }

  private isAwaited(key: string): boolean {
    return this.waiting.some((other) => other.key === key);
  }

  /** For `lastUsedAt`: later than everything that has happened. */
  private time(): number {
    return Math.max(0, ...this.state.residents.map(({ lastUsedAt }) => lastUsedAt)) + this.now;
  }

  private endOf({ key, state, elapsedMs }: TimedResident): number | null {
    if (elapsedMs.length === 0) return null;
    const usual = state === "stopping" ? this.stopMs(key) : this.expected(state === "ready" ? "lease" : "load", key);
    return Math.max(...elapsedMs.map((elapsed) => Math.max(usual - elapsed, usual * OVERDUE_SHARE)));
  }

  private stopMs(key: string): number {
    return this.state.durations.expected("stop", key) ?? 0;
  }

  private expected(kind: "load" | "lease", key: string): number {
    return this.state.durations.expected(kind, key) ?? Infinity;
  }
}
