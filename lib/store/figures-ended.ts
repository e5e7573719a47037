import type { Database, Statement } from "better-sqlite3";
import type { ErrorCode } from "../errors";
import type { EndedRun } from "./figures-contract";
import type { RunOutcome } from "./runs-contract";

interface EndedRow {
  key: number;
  id: string;
  session_id: string;
  conversation_id: string;
  assistant_message_id: string;
  began_at: number;
  finished_at: number;
  outcome: RunOutcome;
  error_code: ErrorCode | null;
  extra: string | null;
}

/** Chat runs that have ended and stand among no figures yet; the index over them is as long as they are many. */
export class EndedRuns {
  readonly #pending: Statement<[number], EndedRow>;
  readonly #events: Statement<[number], { event: string }>;
  readonly #mark: Statement<[number]>;
  readonly #load: Statement<[string], { records: number; ms: number | null }>;

  constructor(database: Database) {
    this.#pending = database.prepare(
      `SELECT runs.key, runs.id, session_id, runs.conversation_id, assistant_message_id, began_at, finished_at, outcome,
         error ->> 'code' AS error_code, messages.extra
       FROM runs JOIN conversations ON conversations.id = runs.conversation_id
       LEFT JOIN messages ON messages.conversation_id = runs.conversation_id AND messages.id = assistant_message_id
       WHERE outcome IS NOT NULL AND has_figures = 0 ORDER BY runs.key LIMIT ?`,
    );
    // Text and thoughts are most of a long answer's events and say nothing that is counted; they begin with their type.
    this.#events = database.prepare(
      `SELECT event FROM run_events WHERE run_key = ? AND event NOT LIKE '{"type":"text"%'
         AND event NOT LIKE '{"type":"thought"%' AND event NOT LIKE '{"type":"prefill"%' ORDER BY sequence`,
    );
    this.#mark = database.prepare("UPDATE runs SET has_figures = 1 WHERE key = ?");
    this.#load = database.prepare(
      `SELECT count(*) AS records,
         sum(duration_ms) FILTER (WHERE phase = 'end' AND step IN ('start', 'load', 'context')) AS ms
       FROM ledger WHERE run = ?`,
    );
  }

  /** The earliest ones. `read` gets one at a time, and must have read its events when it returns. */
  each(most: number, read: (run: EndedRun) => void): number {
    const rows = this.#pending.all(most);
    for (const row of rows) {
      const { id, outcome } = row;
      read({
        id,
        session: row.session_id,
        conversation: row.conversation_id,
        message: row.assistant_message_id,
        beganAt: row.began_at,
        finishedAt: row.finished_at,
        outcome,
        errorCode: row.error_code,
        events: parsed(this.#events.all(row.key)),
        extra: parsedOrNull(row.extra),
        loadMs: this.loadMs(id),
      });
      this.#mark.run(row.key);
    }
    return rows.length;
  }

  /** What the ledger says a run's loads took, in ms; null when it has nothing of that run. */
  loadMs(run: string): number | null {
    const found = this.#load.get(run);
    return found === undefined || found.records === 0 ? null : (found.ms ?? 0);
  }
}

/** Parsed as they are read, so that one that is damaged is the reader's to get over. */
function* parsed(rows: readonly { event: string }[]): Generator<unknown, void, void> {
  for (const { event } of rows) yield JSON.parse(event);
}

function parsedOrNull(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
