import type { Database } from "better-sqlite3";
import type { MemoryEvent, MemoryEventKind, MemoryEventQuery, NewMemoryEvent } from "../memory";
import { queries, TypedDatabase } from "./kysely";

export const MOST_EVENTS_READ = 1_000;
const DAY_MS = 86_400_000;
const MOST_CHARACTERS = 500;
const TRIM_EVERY = 100;

/** All that an event may have; those that have it not get null. */
const UNKNOWN = {
  model: null,
  reason: null,
  for: null,
  neededBytes: null,
  budgetBytes: null,
  otherBytes: null,
  modelsBytes: null,
  heldBytes: null,
  forecastBytes: null,
  idleMs: null,
  loadMs: null,
  replaced: null,
  code: null,
  message: null,
} satisfies Omit<MemoryEvent, "id" | "time" | "event">;

export interface MemoryEventLimits {
  /** Events kept at most; 10,000 by default. */
  maxEvents?: number;
  /** In ms; 7 days by default. */
  maxAgeMs?: number;
  /** In ms since the epoch. */
  now?: () => number;
}

/** What happened to the models in memory, kept as long as the samples it is marked on. */
export class MemoryEventStore {
  readonly #database: TypedDatabase;
  readonly #maxEvents: number;
  readonly #maxAgeMs: number;
  readonly #now: () => number;
  #untilTrim = TRIM_EVERY;

  /** @param database with the newest schema; it stays the caller's to close */
  constructor(
    database: Database,
    { maxEvents = 10_000, maxAgeMs = 7 * DAY_MS, now = Date.now }: MemoryEventLimits = {},
  ) {
    this.#database = new TypedDatabase(database);
    this.#maxEvents = maxEvents;
    this.#maxAgeMs = maxAgeMs;
    this.#now = now;
    this.trim();
  }

  /**
   * Written when it returns; texts are cut at 500 characters, and times and sizes are rounded.
   *
   * @throws whatever SQLite says
   */
  append({ time, event, model, ...detail }: NewMemoryEvent): void {
    const values = {
      time: Math.round(time),
      event,
      model: model?.slice(0, MOST_CHARACTERS) ?? null,
      detail: JSON.stringify(detail, (_, value: unknown) => storable(value)),
    };
    this.#database.run(queries.insertInto("memory_events").values(values));
    if (--this.#untilTrim <= 0) this.trim();
  }

  /** The newest `limit` events that fit (1,000 at most), oldest first; with `after` the first ones behind it. */
  read({ from, to, model, after, limit = MOST_EVENTS_READ }: MemoryEventQuery = {}): MemoryEvent[] {
    let query = queries.selectFrom("memory_events").selectAll().limit(Math.min(limit, MOST_EVENTS_READ));
    if (from !== undefined) query = query.where("time", ">=", from);
    if (to !== undefined) query = query.where("time", "<", to);
    if (model !== undefined) query = query.where("model", "=", model);
    if (after !== undefined) query = query.where("id", ">", after);
    const rows = this.#database.all(query.orderBy("id", after === undefined ? "desc" : "asc"));
    if (after === undefined) rows.reverse();
    return rows.map(({ id, time, event, model, detail }) => ({
      ...UNKNOWN,
      ...(JSON.parse(detail) as Partial<MemoryEvent>),
      id,
      time,
      event: event as MemoryEventKind,
      model,
    }));
  }

  trim(): void {
    this.#untilTrim = TRIM_EVERY;
    const newest = queries.selectFrom("memory_events").select((row) => row.fn.max<number | null>("id").as("id"));
    const { id } = this.#database.only(newest);
    this.#database.run(
      queries
        .deleteFrom("memory_events")
        .where((row) =>
          row.or([row("id", "<=", (id ?? 0) - this.#maxEvents), row("time", "<", this.#now() - this.#maxAgeMs)]),
        ),
    );
  }
}

function storable(value: unknown): unknown {
  if (typeof value === "string") return value.slice(0, MOST_CHARACTERS);
  if (typeof value !== "number") return value;
  return Number.isFinite(value) ? Math.round(value) : null;
}
