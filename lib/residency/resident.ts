import type { LoadProgress } from "../engine";
import type { ContextUse, Lease, ResidentSnapshot, ResidentState } from "./contract";
import { bytesOf, type PlanResident } from "./plan";

/** One model from the start of its load until its process is gone. A model that is loaded anew is a new resident. */
export class Resident {
  current: "loading" | "ready" | "stopping" | "gone" = "loading";
  /** When what it does now began: its load, its stop. */
  since: number;
  /** When each lease that is held now began. */
  private readonly leasedSince = new Map<Lease, number>();
  measuredBytes: number | null = null;
  contexts: ContextUse = { extraBytes: 0, spareBytes: 0 };
  /** It gives back the contexts that nobody uses. */
  shrinking = false;
  /** It was told to leave: no new lease, and a stop after the last one. */
  unloading = false;
  progress: LoadProgress = { stage: "process", fraction: 0 };
  /** The models that were evicted for it. */
  replaced: string[] = [];
  /** Settles when its `start` has: true if its process came up after it was told to stop. Never rejects. */
  started: Promise<boolean> = Promise.resolve(false);
  readonly abort = new AbortController();
  readonly gone: Promise<void>;
  private markGone!: () => void;
  private cancelIdleTimer = (): void => {};

  constructor(
    readonly key: string,
    public reservationBytes: number,
    public lastUsedAt: number,
  ) {
    this.since = lastUsedAt;
    this.gone = new Promise((resolve) => (this.markGone = resolve));
  }

  get leases(): number {
    return this.leasedSince.size;
  }

  /** What it counts as in the budget. */
  get bytes(): number {
    return bytesOf(this.toPlan(false, false));
  }

  get idle(): boolean {
    return this.current === "ready" && this.leases === 0;
  }

  /** @param onRelease called after the release, with how long the lease was held in ms. */
  lease(now: () => number, onRelease: (heldMs: number) => void): Lease {
    this.lastUsedAt = now();
    this.clearIdleTimer();
    const release = (): void => {
      const since = this.leasedSince.get(lease);
      if (since === undefined) return;
      this.leasedSince.delete(lease);
      this.lastUsedAt = now();
      onRelease(this.lastUsedAt - since);
    };
    const isLost = (): boolean => this.current !== "ready";
    const lease: Lease = {
      key: this.key,
      get lost() {
        return isLost();
      },
      release,
      [Symbol.dispose]: release,
    };
    this.leasedSince.set(lease, this.lastUsedAt);
    return lease;
  }

  becomeStopping(now: number): void {
    // Frozen here: a process that ends is soon not measured any more, long before its memory is free.
    this.reservationBytes = this.bytes;
    this.current = "stopping";
    this.since = now;
    this.clearIdleTimer();
    this.abort.abort();
  }

  becomeGone(): void {
    this.current = "gone";
    this.clearIdleTimer();
    this.markGone();
  }

  setIdleTimer(cancel: () => void): void {
    this.clearIdleTimer();
    this.cancelIdleTimer = cancel;
  }

  clearIdleTimer(): void {
    this.cancelIdleTimer();
    this.cancelIdleTimer = () => {};
  }

  toPlan(pinned: boolean, draining: boolean): PlanResident {
    const { key, reservationBytes, measuredBytes, leases, lastUsedAt, shrinking } = this;
    const state = this.current === "gone" ? "stopping" : this.current;
    const sizes = { reservationBytes, measuredBytes, ...this.contexts };
    return { key, state, ...sizes, leases, lastUsedAt, pinned, draining, shrinking };
  }

  /** How long what it does now has gone on: its load, its stop, or each of its leases. In ms. */
  elapsed(now: number): number[] {
    const starts = this.current === "ready" ? [...this.leasedSince.values()] : [this.since];
    return starts.map((start) => now - start);
  }

  toSnapshot(pinned: boolean, draining: boolean): ResidentSnapshot {
    const plan = this.toPlan(pinned, draining);
    const { key, reservationBytes, measuredBytes, leases, lastUsedAt } = this;
    const leaving = plan.state === "ready" && (draining || this.unloading);
    const state: ResidentState = leaving ? "draining" : plan.state;
    return { key, state, bytes: bytesOf(plan), measuredBytes, reservationBytes, leases, lastUsedAt, pinned };
  }
}
