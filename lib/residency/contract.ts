import type { LoadProgress } from "../engine";
import type { ErrorRecord } from "../errors";
import type { ResidencyChange } from "./changes";
import type { WayOut } from "./ways-out";

/**
 * Who is resident. A model is `absent` (not in memory, the state of all others), or in one of four states:
 *
 * | what happens        | absent            | loading               | ready                   | draining            | stopping         |
 * |---------------------|-------------------|-----------------------|-------------------------|---------------------|------------------|
 * | `acquire()`         | queues            | joins the load        | granted at once         | queues              | queues           |
 * | `load()`            | an `acquire()` whose lease is released at once                                                          |
 * | last lease released | cannot happen     | cannot happen         | idle; may be evicted    | -> stopping         | cannot happen    |
 * | all waiters leave   | nothing           | see "abandoned"       | nothing                 | nothing             | nothing          |
 * | `unload()`          | nothing to do     | after its waiters had their leases | -> draining | joins               | joins            |
 * | evicted for another | cannot happen     | never                 | only idle and unpinned  | when its leases end | already leaving  |
 * | idle time over      | cannot happen     | cannot happen         | -> stopping             | cannot happen       | nothing          |
 * | its process dies    | cannot happen     | the load fails        | -> absent, leases lost  | -> absent           | the stop is done |
 * | its load fails      | cannot happen     | waiters get the error, -> stopping, -> absent | cannot happen | cannot happen | nothing   |
 * | `close()`           | nothing           | -> stopping           | -> stopping             | -> stopping         | waits for it     |
 *
 * The rules:
 *
 * - **The budget.** What is held besides the models, plus every resident, plus what a load needs, stays within
 *   `budgetBytes`. A loading model counts as the larger of its reservation and its measure, a ready one as its measure, a
 *   stopping one as what it held when the stop began, until its process is gone.
 * - **One load at a time.** Several requests for one model join one load.
 * - **Order.** A request for a ready model is granted at once, past those who wait for a swap. The others are served in
 *   order of arrival: the next load is for the oldest waiting request (and everyone who waits for the same model).
 *   A model that is being unloaded, or whose footprint is still being read, lets the next one go first.
 * - **No starvation.** Once the first in line has waited `maxWaitMs`, the models that must leave for it get no new lease
 *   and drain. From then on it waits for the leases held at that moment, the load under way, the stops, and its own load.
 *   Of K models, with leases, loads and stops that take L, T and S at most, nobody waits longer than
 *   `maxWaitMs + K * (L + 2T + 2S)`.
 * - **Contexts.** A ready model may grow by one more where `hasRoomFor` says so, which is never while somebody waits for
 *   memory. What it holds beyond one context it gives back when that makes room for somebody who waits, and before
 *   anybody is evicted for it.
 * - **Refused at once**: `memory_exceeded` for what does not fit even alone beside the pinned models and the rest of the
 *   container, `queue_full` when `maxWaiting` requests wait already.
 * - **An abandoned load** (nobody waits for it any more) goes on while nobody waits for another model: its memory and
 *   most of its time are spent, and a reloaded page asks again within seconds. It is stopped as soon as somebody does.
 * - **`unload()` drains**: it fails nobody. Leases held run to their end; requests that come later wait and load anew.
 * - **Pins** belong to the name: they outlive the process, keep a model from eviction and from idle unload, and do not
 *   keep it from `unload()`.
 *
 * A caller that holds a lease must release it before it waits for a lease of another model: two models that do not fit
 * together would otherwise wait for each other.
 */
export type ResidentState = "loading" | "ready" | "draining" | "stopping";

/** What the policy asks of the world; the runtime implements it. Keys are what models are told apart by. */
export interface ResidentEffects {
  /** Bytes to reserve for loading it: its peak, not its size at rest. Rejects with what is wrong with its file. */
  footprint(key: string): Promise<number>;
  /**
   * Resolves when the model answers requests. Called for one model at a time. Aborting `signal` is a hint to be quick:
   * whether it resolves or rejects, `stop` follows before the memory counts as free.
   */
  start(key: string, options: { signal: AbortSignal; onProgress: (progress: LoadProgress) => void }): Promise<void>;
  /**
   * Resolves when the process is gone, also when there is none. A rejection counts as gone: what a process that cannot be
   * ended still holds must then show up in `otherBytes`.
   */
  stop(key: string): Promise<void>;
  /**
   * Bytes its process holds now; better, the most it held since it was ready, so that memory which it takes back later is
   * not given away meanwhile. Null when unknown. Called at every decision; must not throw.
   */
  measured(key: string): number | null;
  /** What the contexts of a ready model hold beyond one. Called at every decision; must not throw. Nothing when absent. */
  contexts?(key: string): ContextUse;
  /**
   * Gives back the contexts that nobody uses. Resolves when their memory is free; a rejection means that it is not, and
   * that `contexts` no longer counts them as spare.
   */
  shrink?(key: string): Promise<void>;
  /**
   * Tells of a ready model whose process is gone without a `stop`, and how it ended if that is known. Returns the function
   * that ends the subscription. The dying of a loading model rejects its `start` instead.
   */
  onUnexpectedExit(listener: (key: string, error?: ErrorRecord) => void): () => void;
}

/** In bytes. */
export interface ContextUse {
  /** What all contexts but one hold: the model could go on without them. */
  extraBytes: number;
  /** Of that, what is in contexts that nobody uses now. */
  spareBytes: number;
}

/** All in bytes. */
export interface MemoryBudget {
  /** The smallest of the machine's limits. */
  limitBytes: number;
  /** What may be used of it: threshold times `limitBytes`. */
  budgetBytes: number;
  /**
   * What is held besides the models' processes: the server, the spare child, the rest of the container. A model whose
   * `stop` has resolved must not be in it any more. Called at every decision; must not throw.
   */
  otherBytes(): number;
}

export interface ResidencyOptions {
  effects: ResidentEffects;
  budget: MemoryBudget;
  /** Requests that may wait at the same time. Default 64. */
  maxWaiting?: number;
  /** How long the first in line waits before the models in its way get no new lease. In ms, default 15,000. */
  maxWaitMs?: number;
  /** Without a lease for this long, a model is stopped. In ms; `Infinity`, the default, is never. */
  idleUnloadMs?: number;
  clock?: Clock;
  /** Whether this way out is open here: a setting may be as small as it can be already. All are when absent. */
  isOpen?: (wayOut: WayOut) => boolean;
  /** What people know a model by, for messages; its key when absent. */
  nameOf?: (key: string) => string;
  /** Told what becomes of each model, as it happens. What it throws is lost. */
  onChange?: ((change: ResidencyChange) => void) | undefined;
}

export interface Clock {
  /** In ms since the epoch; it never goes back. */
  now(): number;
  /** Calls `run` in about `ms`, unless the returned function is called before. */
  after(ms: number, run: () => void): () => void;
}

/** A ready model that is neither evicted nor idle-unloaded until the lease is released. */
export interface Lease extends Disposable {
  readonly key: string;
  /** True once the model is gone in spite of the lease: its process died, or everything was closed. */
  readonly lost: boolean;
  /** A second call does nothing. */
  release(): void;
}

/**
 * What keeps a request waiting, and which models it concerns.
 *
 * | reason      | until                                                   |
 * |-------------|---------------------------------------------------------|
 * | `footprint` | the model's size is known                               |
 * | `load`      | another model, of an earlier request, is loaded         |
 * | `stop`      | these models' processes are gone                        |
 * | `busy`      | these models' leases end                                |
 * | `turn`      | earlier requests, for these models, have had their turn |
 */
export interface WaitingFor {
  reason: "footprint" | "load" | "stop" | "busy" | "turn";
  models: string[];
}

/**
 * What a request hears while it waits, each only when it changed: any number of `queued`, then of `loading`; `queued`
 * again if its model must be loaded anew.
 */
export type ResidencyEvent =
  /**
   * `position` counts from 1, over everyone who waits. `estimateMs`: in about how many ms it is granted, going by how long
   * loads, leases and stops took so far; rounded up, and null while nothing is known.
   */
  | { type: "queued"; position: number; waitingFor: WaitingFor; estimateMs: number | null }
  | { type: "loading"; progress: LoadProgress };

export interface AcquireOptions {
  signal?: AbortSignal | undefined;
  onEvent?: ((event: ResidencyEvent) => void) | undefined;
}

/** Sizes in bytes, times in ms since the epoch. */
export interface ResidentSnapshot {
  key: string;
  state: ResidentState;
  /** What it counts as in the budget. */
  bytes: number;
  measuredBytes: number | null;
  reservationBytes: number;
  leases: number;
  lastUsedAt: number;
  pinned: boolean;
}

export interface ResidencySnapshot {
  limitBytes: number;
  budgetBytes: number;
  otherBytes: number;
  /** `otherBytes` and all models. */
  usedBytes: number;
  models: ResidentSnapshot[];
  /** All pinned names, resident or not. */
  pinned: string[];
  queue: { length: number; limit: number; waiting: { key: string; waitedMs: number }[] };
}
