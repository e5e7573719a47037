import { existsSync } from "node:fs";
import { join } from "node:path";
import { MemwellError } from "../errors";
import { messageOf } from "../errors";
import { Ledger, type LedgerQuery, type LedgerRecord, type NewLedgerRecord } from "../memory";
import { DATABASE_FILE, LedgerStore, openDatabase, type OpenedDatabase } from "../store";

/** A database that could not be opened is not tried again at every record. */
type Opening = { opened: OpenedDatabase; store: LedgerStore } | { failed: Error };

/** The ledger with the database it is written to. The database is opened when it is first needed, not before. */
export class RuntimeLedger {
  readonly ledger: Ledger;
  readonly #folder: string;
  readonly #warn: (warning: string) => void;
  #opened: Opening | null = null;
  #isClosed = false;
  #hasLost = false;

  /**
   * @param parts.folder where `memwell.db` lies
   * @param parts.warn told once of what keeps the ledger from being written to disk
   * @param parts.logLine one line for each finished step
   */
  constructor(parts: {
    folder: string;
    warn: (warning: string) => void;
    logLine?: ((line: string) => void) | undefined;
  }) {
    this.#folder = parts.folder;
    this.#warn = parts.warn;
    this.ledger = new Ledger({ write: (record) => this.#append(record), log: parts.logLine });
  }

  /**
   * Records of this and earlier runs, oldest first. None where there is no database yet: reading makes none.
   *
   * @throws MemwellError `engine_closed`; whatever SQLite says when the file cannot be read any more
   */
  read(query: LedgerQuery): LedgerRecord[] {
    if (!this.#isClosed && this.#opened === null && !existsSync(join(this.#folder, DATABASE_FILE))) return [];
    return this.#store().read(query);
  }

  /** After this nothing is recorded or read any more. Safe to call twice. */
  close(): void {
    this.ledger.close();
    this.#isClosed = true;
    if (this.#opened !== null && "store" in this.#opened) this.#opened.opened.database.close();
    this.#opened = null;
  }

  #append(record: NewLedgerRecord): void {
    try {
      this.#store().append(record);
    } catch (thrown) {
      if (!this.#hasLost && !this.#isClosed)
        this.#warn(`A step's memory could not be recorded (${messageOf(thrown)}); more may be lost without a word.`);
      this.#hasLost = true;
      throw thrown;
    }
  }

  #store(): LedgerStore {
    if (this.#isClosed)
      throw new MemwellError("engine_closed", "Memwell is shutting down. Ask again once it has started anew.");
    this.#opened ??= this.#open();
    if ("failed" in this.#opened) throw this.#opened.failed;
    return this.#opened.store;
  }

  #open(): Opening {
    try {
      const opened = openDatabase(this.#folder);
      for (const warning of opened.warnings) this.#warn(warning);
      return { opened, store: new LedgerStore(opened.database) };
    } catch (thrown) {
      const failed = thrown instanceof Error ? thrown : new Error(String(thrown));
      this.#warn(`No database can be opened (${failed.message}): the memory of past steps is not kept.`);
      return { failed };
    }
  }
}
