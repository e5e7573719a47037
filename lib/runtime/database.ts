import { existsSync } from "node:fs";
import { join } from "node:path";
import { MemwellError } from "../errors";
import { DATABASE_FILE, openDatabase, type OpenedDatabase } from "../store";

type Database = OpenedDatabase["database"];

/** A database that could not be opened is not tried again at every record. */
type Opening = { database: Database } | { failed: Error };

/** The database of one data folder, opened when it is first needed and not before. */
export class RuntimeDatabase {
  #opening: Opening | null = null;
  #isClosed = false;

  /**
   * @param folder where `memwell.db` lies
   * @param warn told once of what keeps it from being written to disk
   */
  constructor(
    private readonly folder: string,
    private readonly warn: (warning: string) => void,
  ) {}

  /** Whether there is something to read: reading alone makes no database. */
  get exists(): boolean {
    return this.#isClosed || this.#opening !== null || existsSync(join(this.folder, DATABASE_FILE));
  }

  /** @throws MemwellError `engine_closed`; whatever SQLite says when not even one in memory can be had */
  open(): Database {
    if (this.#isClosed)
      throw new MemwellError("engine_closed", "Memwell is shutting down. Ask again once it has started anew.");
    this.#opening ??= this.#open();
    if ("failed" in this.#opening) throw this.#opening.failed;
    return this.#opening.database;
  }

  /** Safe to call twice. */
  close(): void {
    this.#isClosed = true;
    if (this.#opening !== null && "database" in this.#opening) this.#opening.database.close();
    this.#opening = null;
  }

  #open(): Opening {
    try {
      const { database, warnings } = openDatabase(this.folder);
      for (const warning of warnings) this.warn(warning);
      return { database };
    } catch (thrown) {
      const failed = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.warn(`No database can be opened (${failed.message}): the memory of past steps is not kept.`);
      return { failed };
    }
  }
}

/** The database of a data folder for as long as `use` runs; what is wrong with it goes to standard error. */
export async function withDatabase<Result>(
  { dataDir }: { dataDir: string },
  use: (database: RuntimeDatabase) => Promise<Result>,
): Promise<Result> {
  const database = new RuntimeDatabase(dataDir, (warning) => void process.stderr.write(`memwell: ${warning}\n`));
  try {
    return await use(database);
  } finally {
    database.close();
  }
}
