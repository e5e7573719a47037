import { MemwellError } from "../errors";
import type { AcquireOptions, Lease, ResidencyEvent } from "./contract";

/** One request that waits. It ends exactly once: granted, rejected, or left by its caller. */
export class Waiter {
  readonly promise: Promise<Lease>;
  private settle!: { resolve: (lease: Lease) => void; reject: (error: MemwellError) => void };
  private lastEvent = "";
  private ended = false;

  constructor(
    readonly key: string,
    readonly arrivedAt: number,
    private readonly onEvent: ((event: ResidencyEvent) => void) | undefined,
    private readonly forget: () => void,
  ) {
    this.promise = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
  }

  grant(lease: Lease): void {
    this.end();
    this.settle.resolve(lease);
  }

  reject(error: MemwellError): void {
    this.end();
    this.settle.reject(error);
  }

  /** Tells the caller, unless it was the last thing it was told, or the wait is over. */
  tell(event: ResidencyEvent): void {
    if (this.onEvent === undefined || this.ended) return;
    const text = JSON.stringify(event);
    if (text === this.lastEvent) return;
    this.lastEvent = text;
    try {
      this.onEvent(event);
    } catch {
      // A listener that fails must not stop the queue for everybody.
    }
  }

  private end(): void {
    this.ended = true;
    this.forget();
  }
}

/** Who waits, in order of arrival. Bounded; a caller who leaves is taken out. */
export class WaitQueue {
  private waiting: Waiter[] = [];

  /** @param onLeave called after a caller's signal took it out of the queue. */
  constructor(
    readonly limit: number,
    private readonly onLeave: () => void,
  ) {}

  get length(): number {
    return this.waiting.length;
  }

  /** @throws MemwellError `queue_full`. */
  add(key: string, arrivedAt: number, { signal, onEvent }: AcquireOptions): Waiter {
    if (this.waiting.length >= this.limit) throw queueFull(this.limit);
    const leave = (): void => {
      waiter.reject(new MemwellError("aborted", "The caller ended this request."));
      this.onLeave();
    };
    const waiter = new Waiter(key, arrivedAt, onEvent, () => {
      signal?.removeEventListener("abort", leave);
      this.waiting = this.waiting.filter((other) => other !== waiter);
    });
    signal?.addEventListener("abort", leave, { once: true });
    this.waiting.push(waiter);
    return waiter;
  }

  /** A copy, in order of arrival: granting and rejecting change the queue. */
  all(): Waiter[] {
    return [...this.waiting];
  }

  of(key: string): Waiter[] {
    return this.waiting.filter((waiter) => waiter.key === key);
  }

  has(key: string): boolean {
    return this.waiting.some((waiter) => waiter.key === key);
  }

  /** The models waited for, that of the oldest request first. */
  keys(): string[] {
    return [...new Set(this.waiting.map((waiter) => waiter.key))];
  }

  /** When the oldest request for this model came; null when nobody waits for it. */
  arrivalOf(key: string): number | null {
    return this.waiting.find((waiter) => waiter.key === key)?.arrivedAt ?? null;
  }

  rejectAll(error: MemwellError, key?: string): void {
    for (const waiter of key === undefined ? this.all() : this.of(key)) waiter.reject(error);
  }
}

function queueFull(limit: number): MemwellError {
  return new MemwellError(
    "queue_full",
    `${limit} requests wait for a model already, which is as many as may. Ask again in a while.`,
    { limit },
  );
}
