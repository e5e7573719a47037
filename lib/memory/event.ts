/**
 * What happened to the models in memory, to be marked on the line of the samples:
 *
 * | event            | means                                                                                          |
 * |------------------|------------------------------------------------------------------------------------------------|
 * | `server_started` | a server began; without a `server_stopped` before it, the one before was killed                  |
 * | `server_stopped` | it ended in an orderly way                                                                       |
 * | `loaded`         | a model answers requests; with `replaced`, it took the place of those: a swap                   |
 * | `load_failed`    | a model could not be loaded, see `code` and `message`                                            |
 * | `evicted`        | it began to leave for the model in `for`, which did not fit beside it                           |
 * | `unloaded`       | it began to leave for another `reason`                                                           |
 * | `crashed`        | its process ended by itself                                                                      |
 * | `stood_in`       | it began to answer in place of the model in `for`, which cannot be had, see `code` and `message` |
 */
export const MEMORY_EVENTS = [
  "server_started",
  "server_stopped",
  "loaded",
  "load_failed",
  "evicted",
  "unloaded",
  "crashed",
  "stood_in",
] as const;
export type MemoryEventKind = (typeof MEMORY_EVENTS)[number];

/** Somebody asked for it; nobody used the model for long; nobody waited for its load any more; the server ended. */
export type UnloadReason = "asked" | "idle" | "abandoned" | "closing";

/** Sizes in bytes, times in ms; null is "not known" or "does not apply". */
export interface MemoryEvent {
  /** In the order of writing; rises from event to event. */
  id: number;
  /** In ms since the epoch. */
  time: number;
  event: MemoryEventKind;
  /** The model's id. */
  model: string | null;
  reason: UnloadReason | null;
  /** The model it made room for, and what that one needed; of `stood_in`, the model whose place it took. */
  for: string | null;
  neededBytes: number | null;
  /** Then: what might be held, what was held besides models, and what all models counted as, this one included. */
  budgetBytes: number | null;
  otherBytes: number | null;
  modelsBytes: number | null;
  /** What this model counted as. */
  heldBytes: number | null;
  forecastBytes: number | null;
  /** For how long nobody had used it. */
  idleMs: number | null;
  loadMs: number | null;
  /** The models that were evicted for this one. */
  replaced: string[] | null;
  code: string | null;
  message: string | null;
}

/** What is known of an event; what is left out is null. */
export type NewMemoryEvent = Pick<MemoryEvent, "time" | "event"> & Partial<Omit<MemoryEvent, "id">>;

/** Which events to read, oldest first: the newest `limit` of those that fit, or the first behind `after`. */
export interface MemoryEventQuery {
  /** From this time on and before that; ms since the epoch. */
  from?: number | undefined;
  to?: number | undefined;
  model?: string | undefined;
  /** Only events with a larger `id`. */
  after?: number | undefined;
  limit?: number | undefined;
}
