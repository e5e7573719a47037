import type { Database } from "better-sqlite3";
import { FIGURES_AND_ALERTS } from "./migrations-figures";

/**
 * The schema, one step a version: migration 1 makes an empty file version 1, and so on. A migration that was ever
 * released is never edited again, since databases out there have run it: append a new one.
 */
export interface Migration {
  /** What it is for, as it stands in an error. */
  name: string;
  sql: string;
}

export const MIGRATIONS: readonly Migration[] = [
  {
    name: "ledger",
    // AUTOINCREMENT: an id is never given twice, not even after every record was trimmed, so `after` stays true.
    // The index by run and the one by model end in the id without naming it, as every index of SQLite does.
    sql: `
      CREATE TABLE ledger (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        time INTEGER NOT NULL,
        step_id TEXT NOT NULL,
        step TEXT NOT NULL,
        phase TEXT NOT NULL,
        run TEXT,
        turn INTEGER,
        model TEXT,
        pid INTEGER,
        forecast_bytes INTEGER,
        process_bytes INTEGER,
        server_bytes INTEGER,
        cgroup_bytes INTEGER,
        host_bytes INTEGER,
        gpu_bytes INTEGER,
        duration_ms REAL,
        tokens INTEGER,
        outcome TEXT
      ) STRICT;
      CREATE INDEX ledger_by_run ON ledger (run) WHERE run IS NOT NULL;
      CREATE INDEX ledger_by_model ON ledger (model);
      CREATE INDEX ledger_by_time ON ledger (time);`,
  },
  {
    name: "uses of repositories",
    sql: "CREATE TABLE repo_uses (repo TEXT PRIMARY KEY, used_at REAL NOT NULL) STRICT, WITHOUT ROWID;",
  },
  {
    name: "conversations, runs and feedback",
    // A run is looked up by its key, a small number, since each of its events carries it; what others call it is its id.
    sql: `
      CREATE TABLE conversations (
        id TEXT PRIMARY KEY,
        session_id TEXT NOT NULL,
        title TEXT NOT NULL,
        title_folded TEXT,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        deleted_at INTEGER,
        message_count INTEGER NOT NULL DEFAULT 0,
        active_root_id TEXT
      ) STRICT;
      CREATE INDEX conversations_by_session ON conversations (session_id, updated_at, id) WHERE deleted_at IS NULL;
      CREATE INDEX conversations_deleted ON conversations (deleted_at) WHERE deleted_at IS NOT NULL;

      CREATE TABLE messages (
        conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        id TEXT NOT NULL,
        ordinal INTEGER NOT NULL,
        parent_id TEXT,
        active_child_id TEXT,
        role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
        text TEXT NOT NULL,
        text_folded TEXT,
        extra TEXT,
        created_at INTEGER NOT NULL,
        PRIMARY KEY (conversation_id, id),
        UNIQUE (conversation_id, ordinal)
      ) STRICT;

      CREATE TABLE feedback (
        conversation_id TEXT NOT NULL,
        message_id TEXT NOT NULL,
        session_id TEXT NOT NULL,
        rating TEXT NOT NULL CHECK (rating IN ('like', 'dislike')),
        comment TEXT NOT NULL,
        updated_at INTEGER NOT NULL,
        PRIMARY KEY (conversation_id, message_id, session_id),
        FOREIGN KEY (conversation_id, message_id) REFERENCES messages (conversation_id, id) ON DELETE CASCADE
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE runs (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        user_message_id TEXT NOT NULL,
        assistant_message_id TEXT NOT NULL,
        server_id TEXT NOT NULL,
        process_id TEXT NOT NULL,
        began_at INTEGER NOT NULL,
        finished_at INTEGER,
        outcome TEXT CHECK (outcome IN ('done', 'stopped', 'failed', 'interrupted')),
        error TEXT,
        last_sequence INTEGER NOT NULL DEFAULT 0,
        event_bytes INTEGER NOT NULL DEFAULT 0,
        trimmed_at INTEGER,
        CHECK ((outcome IS NULL) = (finished_at IS NULL))
      ) STRICT;
      CREATE INDEX runs_by_conversation ON runs (conversation_id);
      CREATE UNIQUE INDEX runs_open ON runs (conversation_id, assistant_message_id) WHERE outcome IS NULL;
      CREATE INDEX runs_with_events ON runs (finished_at) WHERE outcome IS NOT NULL AND trimmed_at IS NULL;

      CREATE TABLE run_events (
        run_key INTEGER NOT NULL REFERENCES runs (key) ON DELETE CASCADE,
        sequence INTEGER NOT NULL,
        event TEXT NOT NULL,
        PRIMARY KEY (run_key, sequence)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE run_servers (
        server_id TEXT NOT NULL,
        process_id TEXT NOT NULL,
        beat_at INTEGER NOT NULL,
        PRIMARY KEY (server_id, process_id)
      ) STRICT, WITHOUT ROWID;`,
  },
  FIGURES_AND_ALERTS,
  {
    name: "memory over time",
    sql: `
      CREATE TABLE memory_series (
        id INTEGER PRIMARY KEY,
        owner TEXT NOT NULL,
        name TEXT NOT NULL,
        figure TEXT NOT NULL,
        UNIQUE (owner, name, figure)
      ) STRICT;

      CREATE TABLE memory_samples (
        step INTEGER NOT NULL,
        time INTEGER NOT NULL,
        figures BLOB NOT NULL,
        PRIMARY KEY (step, time)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE memory_events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        time INTEGER NOT NULL,
        event TEXT NOT NULL,
        model TEXT,
        detail TEXT NOT NULL
      ) STRICT;
      CREATE INDEX memory_events_by_time ON memory_events (time);`,
  },
];

/** The file was written by a newer Memwell, whose schema this one does not know. */
export class NewerDatabaseError extends Error {
  override readonly name = "NewerDatabaseError";

  constructor(
    readonly found: number,
    readonly known: number,
  ) {
    super(`it was written by a newer Memwell (schema ${found}; this one knows up to ${known})`);
  }
}

/**
 * Brings the schema up to date, each migration in a transaction of its own with the version it leads to
 * (`PRAGMA user_version`): a crash in between leaves a whole older version, from where the next start goes on.
 *
 * @throws NewerDatabaseError; whatever SQLite says of a migration that fails
 */
export function migrate(database: Database, migrations: readonly Migration[] = MIGRATIONS): void {
  const version = (): number => database.pragma("user_version", { simple: true }) as number;
  if (version() > migrations.length) throw new NewerDatabaseError(version(), migrations.length);
  for (const [index, { sql }] of migrations.entries()) {
    const apply = database.transaction(() => {
      // Asked again inside the lock: two processes that start at once would both run it otherwise.
      if (version() > index) return;
      database.exec(sql);
      database.pragma(`user_version = ${index + 1}`);
    });
    if (version() <= index) apply.immediate();
  }
}
