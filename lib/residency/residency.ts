import { MemwellError } from "../errors";
import { systemClock } from "./clock";
import type {
  AcquireOptions,
  Clock,
  Lease,
  MemoryBudget,
  ResidencyOptions,
  ResidencySnapshot,
  WaitingFor,
} from "./contract";
import { Demands } from "./demands";
import { estimateWaits, roundEstimate, type TimedResident } from "./estimate";
import { planQueue, type QueuePlan, type QueueState } from "./plan-queue";
import { WaitQueue } from "./queue";
import { bytesOf } from "./plan";
import type { Resident } from "./resident";
import { Residents } from "./residents";
import { memoryExceeded } from "./ways-out";

/**
 * Keeps the models within the memory budget and hands out leases. See `contract.ts` for the states and the rules.
 *
 * Everything that happens (a request, a cancel, a release, a load or stop that ended, a death, the one timer of the queue)
 * changes the state and then calls `pump`, which is synchronous: between two events nothing is half decided, and nobody
 * polls.
 */
export class Residency {
  private readonly residents: Residents;
  private readonly demands: Demands;
  private readonly queue: WaitQueue;
  /** The first in line has waited too long: these models get no new lease until it loads. */
  private drain: { head: string; keys: Set<string> } | null = null;
  private waits = new Map<string, WaitingFor>();
  /** Bytes held besides the models, when the queue was last looked at. */
  private otherBytes = 0;
  private cancelOverdueTimer = (): void => {};
  private pumping = false;
  private pumpAgain = false;
  private isClosed = false;
  private closing: Promise<void> | null = null;
  private readonly budget: MemoryBudget;
  private readonly clock: Clock;
  private readonly maxWaitMs: number;

  constructor(private readonly options: ResidencyOptions) {
    this.budget = options.budget;
    this.clock = options.clock ?? systemClock;
    this.maxWaitMs = options.maxWaitMs ?? 15_000;
    this.queue = new WaitQueue(options.maxWaiting ?? 64, () => this.pump());
    this.demands = new Demands(
      (key) => options.effects.footprint(key),
      (key, error) => {
        if (error !== null) this.queue.rejectAll(error, key);
        this.pump();
      },
    );
    this.residents = new Residents(options.effects, this.clock, options.idleUnloadMs ?? Infinity, {
      progressed: ({ key, progress }) => {
        for (const waiter of this.queue.of(key)) waiter.tell({ type: "loading", progress });
      },
      loaded: (resident) => {
        // Everyone who joined the load has a lease of it, even if somebody else is overdue by now.
        this.grantAll(resident);
        this.pump();
      },
      failed: ({ key }, error) => {
        this.queue.rejectAll(error, key);
        this.pump();
      },
      changed: () => this.pump(),
      noted: (change) => {
        try {
          options.onChange?.(change);
        } catch {
          // A record that cannot be kept must not stop the queue.
        }
      },
    });
  }

  /**
   * A lease of the model, as soon as it is ready and it is this request's turn.
   *
   * @throws MemwellError `aborted`, `queue_full`, `memory_exceeded` (with `Refusal` as fields), `engine_closed`, or what
   *   `footprint` or `start` failed with.
   */
  async acquire(key: string, options: AcquireOptions = {}): Promise<Lease> {
    if (options.signal?.aborted) throw new MemwellError("aborted", "The caller ended this request.");
    if (this.isClosed) throw closedError();
    const resident = this.residents.get(key);
    if (resident !== undefined && this.grantable(resident)) return this.residents.lease(resident);
    const waiter = this.queue.add(key, this.clock.now(), options);
    this.demands.ask(key);
    this.pump();
    return waiter.promise;
  }

  /** Resolves when the model is resident; nothing keeps it so. Throws as `acquire` does. */
  async load(key: string, options: AcquireOptions = {}): Promise<void> {
    (await this.acquire(key, options)).release();
  }

  /**
   * Whether so many bytes more fit beside everybody, and nobody waits. Whoever takes them lets `measured` show them before
   * anything else can happen.
   */
  hasRoomFor(bytes: number): boolean {
    if (this.isClosed || this.queue.length > 0) return false;
    this.residents.measure();
    const held = this.residents.all().map((resident) => bytesOf(resident.toPlan(false, false)));
    return held.reduce((sum, one) => sum + one, this.budget.otherBytes() + bytes) <= this.budget.budgetBytes;
  }

  /** What `measured` or `contexts` say has changed, and nothing else that is seen here: somebody may be served now. */
  reconsider(): void {
    this.pump();
  }

  /** Resolves when the model's process is gone. Leases held now run to their end first, and so may this wait. */
  unload(key: string): Promise<void> {
    const resident = this.residents.get(key);
    if (resident === undefined) return Promise.resolve();
    resident.unloading = true;
    this.pump();
    return resident.gone;
  }

  /** Keeps the model resident once it is loaded; it does not load it. */
  pin(key: string): void {
    this.residents.pin(key);
    this.drain?.keys.delete(key);
    this.pump();
  }

  unpin(key: string): void {
    this.residents.unpin(key);
    this.pump();
  }

  isPinned(key: string): boolean {
    return this.residents.pins.has(key);
  }

  /** Who waits, in order of arrival. */
  waiting(): ResidencySnapshot["queue"] {
    const now = this.clock.now();
    const waiting = this.queue.all().map(({ key, arrivedAt }) => ({ key, waitedMs: now - arrivedAt }));
    return { length: waiting.length, limit: this.queue.limit, waiting };
  }

  snapshot(): ResidencySnapshot {
    this.residents.measure();
    const { limitBytes, budgetBytes } = this.budget;
    const otherBytes = this.budget.otherBytes();
    const models = this.residents
      .all()
      .map((resident) => resident.toSnapshot(this.residents.pins.has(resident.key), this.drains(resident.key)));
    const usedBytes = models.reduce((sum, { bytes }) => sum + bytes, otherBytes);
    const pinned = [...this.residents.pins];
    return { limitBytes, budgetBytes, otherBytes, usedBytes, models, pinned, queue: this.waiting() };
  }

  /** Rejects everyone who waits, and stops every model, busy ones included. Resolves when all processes are gone. */
  close(): Promise<void> {
    this.isClosed = true;
    this.cancelOverdueTimer();
    this.queue.rejectAll(closedError());
    this.closing ??= this.residents.close();
    return this.closing;
  }

  private pump(): void {
    this.pumpAgain = true;
    // A listener or an effect that calls back while this runs has its turn in the next round.
    if (this.pumping) return;
    this.pumping = true;
    try {
      while (this.pumpAgain && !this.isClosed) {
        this.pumpAgain = false;
        this.step();
      }
    } finally {
      this.pumping = false;
    }
  }

  private step(): void {
    for (const key of this.queue.keys()) {
      const resident = this.residents.get(key);
      if (resident !== undefined && this.grantable(resident)) this.grantAll(resident);
    }
    this.demands.forgetAllBut((key) => this.queue.has(key));
    for (const resident of this.residents.all())
      if (this.unwanted(resident))
        void this.residents.stop(resident, { reason: resident.unloading ? "asked" : "abandoned" });
    this.cancelOverdueTimer();
    this.serveFirst();
    this.announce();
  }

  /** Refuses whoever can never be served, and takes the next step for the first of the others. */
  private serveFirst(): void {
    const { first, refused, waits } = this.planQueue();
    this.waits = waits;
    for (const { key, refusal } of refused) this.queue.rejectAll(memoryExceeded(key, refusal, this.options), key);
    if (this.drain !== null && this.drain.head !== first?.key) this.endDrain();
    if (first === null) return;
    const { key, plan } = first;
    if (plan.action === "load") {
      this.endDrain();
      this.residents.begin(key, first.neededBytes);
    } else if (plan.action === "shrink") {
      for (const resident of this.residents.all())
        if (plan.keys.includes(resident.key)) this.residents.shrink(resident);
    } else if (plan.action === "evict") {
      const residents = this.residents.all();
      const modelsBytes = residents.reduce((sum, { bytes }) => sum + bytes, 0);
      const { budgetBytes } = this.budget;
      const figures = { neededBytes: first.neededBytes, budgetBytes, otherBytes: this.otherBytes, modelsBytes };
      for (const resident of residents) {
        if (plan.keys.includes(resident.key))
          void this.residents.stop(resident, { reason: "evicted", for: key, ...figures });
      }
    } else if (plan.action === "wait" && plan.reason === "busy") {
      this.drainWhenOverdue(key, plan.keys);
    }
  }

  private planQueue(): QueuePlan {
    // Measuring reads a file for each process, and most requests find nobody waiting.
    if (this.queue.length === 0) return { first: null, refused: [], waits: new Map() };
    this.residents.measure();
    this.otherBytes = this.budget.otherBytes();
    return planQueue(this.queueState());
  }

  /** As last measured. */
  private queueState(): QueueState & { residents: TimedResident[] } {
    const { otherBytes } = this;
    const { limitBytes, budgetBytes } = this.budget;
    const now = this.clock.now();
    const residents = this.residents.all().map((resident) => {
      // What is told to leave leaves, pinned or not.
      const pinned = this.residents.pins.has(resident.key) && !resident.unloading;
      const draining = resident.unloading || this.drains(resident.key);
      return { ...resident.toPlan(pinned, draining), elapsedMs: resident.elapsed(now) };
    });
    const waiting = this.queue.keys().map((key) => ({ key, neededBytes: this.demands.bytesOf(key) }));
    return { waiting, limitBytes, budgetBytes, otherBytes, residents };
  }

  private drainWhenOverdue(head: string, keys: string[]): void {
    const remaining = (this.queue.arrivalOf(head) ?? 0) + this.maxWaitMs - this.clock.now();
    if (remaining <= 0) this.drain = { head, keys: new Set([...(this.drain?.keys ?? []), ...keys]) };
    else if (Number.isFinite(remaining)) this.cancelOverdueTimer = this.clock.after(remaining, () => this.pump());
  }

  private endDrain(): void {
    if (this.drain !== null) this.pumpAgain = true;
    this.drain = null;
  }

  private announce(): void {
    if (this.queue.length === 0) return;
    const estimates = estimateWaits({ ...this.queueState(), durations: this.residents.durations });
    for (const [index, waiter] of this.queue.all().entries()) {
      const resident = this.residents.get(waiter.key);
      if (resident?.current === "loading") {
        waiter.tell({ type: "loading", progress: resident.progress });
      } else {
        const waitingFor = this.waits.get(waiter.key) ?? { reason: "footprint", models: [waiter.key] };
        const estimateMs = roundEstimate(estimates.get(waiter.key) ?? null);
        waiter.tell({ type: "queued", position: index + 1, waitingFor, estimateMs });
      }
    }
  }

  private grantAll(resident: Resident): void {
    for (const waiter of this.queue.of(resident.key)) waiter.grant(this.residents.lease(resident));
  }

  private grantable(resident: Resident): boolean {
    return resident.current === "ready" && !resident.unloading && !this.drains(resident.key);
  }

  private drains(key: string): boolean {
    return this.drain?.keys.has(key) ?? false;
  }

  /** It was told to leave and nobody holds it, or it is a load that nobody waits for and that stands in somebody's way. */
  private unwanted(resident: Resident): boolean {
    if (resident.current === "loading")
      return !this.queue.has(resident.key) && (resident.unloading || this.queue.length > 0);
    return resident.unloading && resident.idle;
  }
}

function closedError(): MemwellError {
  return new MemwellError("engine_closed", "Memwell is shutting down. Ask again once it has started anew.");
}
