import type { Database, Statement } from "better-sqlite3";

/** `none`: no webhook is set. */
export type WebhookState = "none" | "pending" | "sent" | "failed";

/** Something that the owner was told of, once. Times in ms since the epoch. */
export interface StoredAlert {
  id: number;
  name: string;
  /** What it is about, such as a model's id; null where the name says all. */
  subject: string | null;
  text: string;
  /** The figure that passed `bound`: a share, bytes, or times in an hour. */
  value: number;
  bound: number;
  beganAt: number;
  /** Null while it lasts. */
  endedAt: number | null;
  webhook: WebhookState;
}

type AlertRow = Omit<StoredAlert, "beganAt" | "endedAt"> & { began_at: number; ended_at: number | null };

const MOST_ENDED = 1_000;

/** Alerts in the database: those that last, and the newest of those that are over. */
export class AlertStore {
  readonly #insert: Statement;
  readonly #end: Statement<[number, number]>;
  readonly #tell: Statement<[WebhookState, number]>;
  readonly #open: Statement<[], AlertRow>;
  readonly #recent: Statement<[number], AlertRow>;
  readonly #trim: Statement<[number]>;

  /** @param database with the newest schema; it stays the caller's to close */
  constructor(database: Database) {
    this.#insert = database.prepare(
      `INSERT OR IGNORE INTO alerts (name, subject, text, value, bound, began_at, webhook)
       VALUES (@name, @subject, @text, @value, @bound, @beganAt, @webhook)`,
    );
    this.#end = database.prepare("UPDATE alerts SET ended_at = ? WHERE id = ? AND ended_at IS NULL");
    this.#tell = database.prepare("UPDATE alerts SET webhook = ? WHERE id = ?");
    this.#open = database.prepare("SELECT * FROM alerts WHERE ended_at IS NULL ORDER BY id");
    this.#recent = database.prepare("SELECT * FROM alerts ORDER BY ended_at IS NOT NULL, id DESC LIMIT ?");
    this.#trim = database.prepare(
      `DELETE FROM alerts WHERE ended_at IS NOT NULL AND id IN (
         SELECT id FROM alerts WHERE ended_at IS NOT NULL ORDER BY id DESC LIMIT -1 OFFSET ?)`,
    );
  }

  /** @returns its id; null when another process has told of the same and it is not over */
  begin(alert: Omit<StoredAlert, "id" | "endedAt">): number | null {
    const { changes, lastInsertRowid } = this.#insert.run(alert);
    this.#trim.run(MOST_ENDED);
    return changes === 0 ? null : Number(lastInsertRowid);
  }

  end(id: number, at: number): void {
    this.#end.run(at, id);
  }

  told(id: number, webhook: WebhookState): void {
    this.#tell.run(webhook, id);
  }

  /** Those that last. */
  open(): StoredAlert[] {
    return this.#open.all().map(shown);
  }

  /** Those that last, then those that are over, each the newest first. */
  recent(limit: number): StoredAlert[] {
    return this.#recent.all(limit).map(shown);
  }
}

function shown({ began_at, ended_at, ...alert }: AlertRow): StoredAlert {
  return { ...alert, beganAt: began_at, endedAt: ended_at };
}
