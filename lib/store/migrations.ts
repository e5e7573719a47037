import type { Database } from "better-sqlite3";

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
