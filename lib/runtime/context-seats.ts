import type { ContextSettings, LoadProgress } from "../engine";
import { MemwellError, toMemwellError } from "../errors";
import { planSeat } from "./plan-seat";

/** What is done to the contexts of one process; one at a time. */
export interface ContextEffects {
  open(context: ContextSettings, onProgress: (progress: LoadProgress) => void): Promise<void>;
  /** Gives back what it holds, once it has kept what it knows. */
  close(name: string): Promise<void>;
  /** Whether there is memory for one more. If so it is claimed. */
  reserve(): boolean;
  /**
   * Until `settle`, what the process holds now and so many contexts more count as its own: what is given back in between
   * will soon be needed again.
   */
  claim(more: 0 | 1): void;
  /** A change has ended, and can be measured; `use` says what there is to spare now. */
  settle(): void;
}

export interface SeatOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: LoadProgress) => void) | undefined;
  /** Called once if it has to wait for others, with its place from 1. */
  onWait?: ((position: number) => void) | undefined;
}

/** A context that stays open until `release`, which may be called twice. */
export interface Seat {
  /** The context that was closed to make room for this one. */
  replaced: string | null;
  release(): void;
}

/** Each is a request that is kept open. */
const MOST_WAITING = 256;

interface Waiter extends SeatOptions {
  context: ContextSettings;
  grant: (seat: Seat) => void;
  reject: (error: MemwellError) => void;
}

/**
 * Who uses which context of one process. A context is opened when it is first asked for, and stays; where memory has no room
 * for one more, it takes the place of another that nobody uses: see `planSeat`. Requests are served in order of arrival.
 */
export class ContextSeats {
  readonly #open: Map<string, { users: number; lastUsed: number }>;
  readonly #waiting: Waiter[] = [];
  #isChanging = false;
  /** How many contexts are still to be given back. */
  #closing = 0;
  #cannotClose = false;
  #ended: MemwellError | null = null;
  #clock = 0;

  constructor(
    open: Iterable<string>,
    private readonly effects: ContextEffects,
  ) {
    this.#open = new Map([...open].map((name) => [name, { users: 0, lastUsed: 0 }]));
  }

  /** How many contexts beyond one could go some time, and how many of these could go now. */
  get use(): { extra: number; spare: number } {
    // Whoever waited for what never comes would wait for ever.
    if (this.#cannotClose) return { extra: 0, spare: 0 };
    const extra = Math.max(0, this.#open.size - 1);
    if (this.#closing > 0) return { extra, spare: this.#closing };
    return { extra, spare: this.#isChanging ? 0 : Math.min(this.#idle().length, extra) };
  }

  /** @throws MemwellError `aborted`, `queue_full`, what `open` or `close` failed with, or what the process ended with. */
  take(context: ContextSettings, options: SeatOptions = {}): Promise<Seat> {
    const { signal } = options;
    return new Promise<Seat>((resolve, reject) => {
      if (this.#ended !== null) return reject(this.#ended);
      if (signal?.aborted) return reject(aborted());
      if (this.#waiting.length >= MOST_WAITING) return reject(queueFull());
      const waiter: Waiter = { ...options, context, grant: resolve, reject };
      const leave = (): void => {
        const index = this.#waiting.indexOf(waiter);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(aborted());
        this.#pump();
      };
      signal?.addEventListener("abort", leave, { once: true });
      waiter.grant = (seat) => {
        signal?.removeEventListener("abort", leave);
        resolve(seat);
      };
      this.#waiting.push(waiter);
      this.#pump();
      const index = this.#waiting.indexOf(waiter);
      // The first one's own context may be on its way.
      if (index > 0 || (index === 0 && !this.#isChanging)) options.onWait?.(index + 1);
    });
  }

  /** Gives back the contexts that nobody uses; one stays. Rejects when one could not be closed. */
  async shrink(): Promise<void> {
    const { spare } = this.use;
    if (spare === 0 || this.#isChanging) return;
    const names = this.#idle().slice(0, spare);
    this.#isChanging = true;
    this.#closing = names.length;
    try {
      for (const name of names) {
        await this.effects.close(name).finally(() => this.#open.delete(name));
        this.#closing -= 1;
      }
    } catch (thrown) {
      this.#cannotClose = true;
      throw thrown;
    } finally {
      this.#closing = 0;
      this.#isChanging = false;
      this.#pump();
    }
  }

  /** The process is gone, and its contexts with it. */
  end(error: MemwellError): void {
    this.#ended ??= error;
    for (const waiter of this.#waiting.splice(0)) waiter.reject(this.#ended);
  }

  #pump(): void {
    while (!this.#isChanging && this.#ended === null) {
      const [first] = this.#waiting;
      if (first === undefined) return;
      const open = [...this.#open].map(([name, use]) => ({ name, ...use }));
      const plan = planSeat(first.context.name, open, () => this.effects.reserve());
      if (plan.action === "wait") return;
      if (plan.action === "use") this.#grant(first, null);
      else void this.#change(first, plan.action === "replace" ? plan.name : null);
    }
  }

  async #change(first: Waiter, replaced: string | null): Promise<void> {
    const { name } = first.context;
    this.#isChanging = true;
    try {
      if (replaced !== null) {
        this.effects.claim(0);
        this.#open.delete(replaced);
        await this.effects.close(replaced);
      } else if (this.#open.size === 0) this.effects.claim(1);
      await this.effects.open(first.context, (progress) => first.onProgress?.(progress));
      this.#open.set(name, { users: 0, lastUsed: ++this.#clock });
      // Whoever asked may have left meanwhile; the next one finds it open.
      if (this.#waiting[0] === first) this.#grant(first, replaced);
    } catch (thrown) {
      if (this.#waiting[0] === first) this.#waiting.shift();
      first.reject(toMemwellError(thrown));
    } finally {
      this.#isChanging = false;
      this.effects.settle();
      this.#pump();
    }
  }

  #grant(first: Waiter, replaced: string | null): void {
    this.#waiting.shift();
    const seat = this.#open.get(first.context.name);
    if (seat === undefined)
      return first.reject(new MemwellError("internal", "A context was granted that is not open."));
    seat.users += 1;
    let isHeld = true;
    const release = (): void => {
      if (!isHeld) return;
      isHeld = false;
      seat.users -= 1;
      seat.lastUsed = ++this.#clock;
      this.#pump();
    };
    first.grant({ replaced, release });
  }

  /** The one unused for longest first. */
  #idle(): string[] {
    return [...this.#open]
      .filter(([, { users }]) => users === 0)
      .sort(([, one], [, other]) => one.lastUsed - other.lastUsed)
      .map(([name]) => name);
  }
}

function aborted(): MemwellError {
  return new MemwellError("aborted", "The caller ended this request.");
}

function queueFull(): MemwellError {
  return new MemwellError(
    "queue_full",
    `${MOST_WAITING} requests wait for a context of this model already, which is as many as may. Ask again in a while.`,
    { limit: MOST_WAITING },
  );
}
