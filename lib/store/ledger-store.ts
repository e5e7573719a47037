import type { Database, Statement } from "better-sqlite3";
import type { LedgerQuery, LedgerRecord, NewLedgerRecord } from "../memory";

export const DEFAULT_LEDGER_LIMIT = 1_000;
export const MOST_LEDGER_RECORDS = 10_000;

const DAY_MS = 86_400_000;
const MOST_CHARACTERS = 500;
/** Names in the record, in the order of the columns they are kept in. */
const COLUMNS = {
  time: "time",
  stepId: "step_id",
  step: "step",
  phase: "phase",
  run: "run",
  turn: "turn",
  model: "model",
  pid: "pid",
  forecastBytes: "forecast_bytes",
  processBytes: "process_bytes",
  serverBytes: "server_bytes",
  cgroupBytes: "cgroup_bytes",
  hostBytes: "host_bytes",
  gpuBytes: "gpu_bytes",
  durationMs: "duration_ms",
  tokens: "tokens",
  outcome: "outcome",
} as const satisfies Record<keyof NewLedgerRecord, string>;
const NAMES = Object.keys(COLUMNS) as (keyof NewLedgerRecord)[];

export interface LedgerLimits {
  /** Records kept at most; 100,000 by default (about 26 MB). */
  maxRecords?: number;
  /** In ms; 30 days by default. */
  maxAgeMs?: number;
  /** In ms since the epoch. */
  now?: () => number;
}

/** One statement for each combination of conditions. */
type Reads = Record<"all" | "run" | "model" | "both", Statement>;

/**
 * The ledger's records in the database. Bounded: after every hundredth part of `maxRecords` (at most 1,000 appends) the
 * oldest go, in batches, so that no append waits for more than one of them. A batch of room is left, so that `maxRecords`
 * holds after every append; several processes that write each trim for themselves and may pass it by a batch each.
 */
export class LedgerStore {
  readonly #maxRecords: number;
  readonly #maxAgeMs: number;
  readonly #now: () => number;
  readonly #batch: number;
  readonly #insert: Statement;
  readonly #trimByCount: Statement;
  readonly #trimByAge: Statement;
  readonly #newest: Reads;
  readonly #next: Reads;
  #untilTrim: number;

  /** @param database with the ledger's table; it stays the caller's to close */
  constructor(database: Database, limits: LedgerLimits = {}) {
    this.#maxRecords = Math.max(1, limits.maxRecords ?? 100_000);
    this.#maxAgeMs = limits.maxAgeMs ?? 30 * DAY_MS;
    this.#now = limits.now ?? Date.now;
    this.#batch = Math.min(1_000, Math.max(1, Math.floor(this.#maxRecords / 100)));
    this.#untilTrim = this.#batch;
    const columns = Object.values(COLUMNS).join(", ");
    this.#insert = database.prepare(
      `INSERT INTO ledger (${columns}) VALUES (${NAMES.map((name) => `@${name}`).join(", ")})`,
    );
    // By id, since ids rise by at least 1: whatever lies further back than this many ids is more than this many records.
    this.#trimByCount = database.prepare(
      `DELETE FROM ledger WHERE id IN (
         SELECT id FROM ledger WHERE id <= (SELECT max(id) FROM ledger) - @kept ORDER BY id LIMIT @most)`,
    );
    this.#trimByAge = database.prepare(
      "DELETE FROM ledger WHERE id IN (SELECT id FROM ledger WHERE time < @oldest ORDER BY time LIMIT @most)",
    );
    const read = (condition: string, order: "ASC" | "DESC"): Statement =>
      database.prepare(
        `SELECT id, ${NAMES.map((name) => `${COLUMNS[name]} AS ${name}`).join(", ")} FROM ledger
         WHERE id > @after ${condition} ORDER BY id ${order} LIMIT @limit`,
      );
    const reads = (order: "ASC" | "DESC"): Reads => ({
      all: read("", order),
      run: read("AND run = @run", order),
      model: read("AND model = @model", order),
      both: read("AND run = @run AND model = @model", order),
    });
    this.#newest = reads("DESC");
    this.#next = reads("ASC");
    this.trim();
  }

  /**
   * Written when it returns. Figures that are no numbers become null; texts are cut at 500 characters.
   *
   * @returns the record's id
   * @throws whatever SQLite says: the disk is full, another process writes for more than a second
   */
  append(record: NewLedgerRecord): number {
    const id = Number(this.#insert.run(storable(record)).lastInsertRowid);
    if (--this.#untilTrim <= 0) this.trim();
    return id;
  }

  /**
   * The newest `limit` records that fit (1,000 by default, 10,000 at most), oldest first; with `after` the first ones behind
   * it, so that whoever follows misses none.
   */
  read(query: LedgerQuery = {}): LedgerRecord[] {
    const { run, model } = query;
    const isFollowing = query.after !== undefined;
    const statement = (isFollowing ? this.#next : this.#newest)[
      run === undefined ? (model === undefined ? "all" : "model") : model === undefined ? "run" : "both"
    ];
    const parameters = {
      after: whole(query.after) ?? 0,
      limit: Math.min(MOST_LEDGER_RECORDS, Math.max(0, whole(query.limit) ?? DEFAULT_LEDGER_LIMIT)),
      ...(run !== undefined && { run: run.slice(0, MOST_CHARACTERS) }),
      ...(model !== undefined && { model: model.slice(0, MOST_CHARACTERS) }),
    };
    const records = statement.all(parameters) as LedgerRecord[];
    return isFollowing ? records : records.reverse();
  }

  /** One batch of what is too old, and of what is too many. */
  trim(): void {
    this.#untilTrim = this.#batch;
    // Twice what was added since, so that a backlog (other limits, a long sleep) shrinks too.
    const most = 2 * this.#batch;
    this.#trimByCount.run({ kept: this.#maxRecords - this.#batch + 1, most });
    this.#trimByAge.run({ oldest: this.#now() - this.#maxAgeMs, most });
  }
}

function storable(record: NewLedgerRecord): Record<string, string | number | null> {
  const values: Record<string, string | number | null> = {};
  for (const name of NAMES) {
    const value = record[name];
    if (typeof value === "string") values[name] = value.slice(0, MOST_CHARACTERS);
    else values[name] = name === "durationMs" ? finite(value) : whole(value);
  }
  return values;
}

function finite(value: number | null | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** SQLite's integers are those JS can count to, or reading them back throws. */
function whole(value: number | null | undefined): number | null {
  const rounded = Math.round(finite(value) ?? NaN);
  return Number.isSafeInteger(rounded) ? rounded : null;
}
