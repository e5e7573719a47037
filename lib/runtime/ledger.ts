import { messageOf } from "../errors";
import { Ledger, type LatestGpus, type LedgerQuery, type LedgerRecord, type NewLedgerRecord } from "../memory";
import { LedgerStore } from "../store";
import type { RuntimeDatabase } from "./database";

/** The ledger with the database it is written to. */
export class RuntimeLedger {
  readonly ledger: Ledger;
  readonly #database: RuntimeDatabase;
  readonly #warn: (warning: string) => void;
  #store: LedgerStore | null = null;
  #isClosed = false;
  #hasLost = false;

  /**
   * @param parts.warn told once when a record is lost
   * @param parts.logLine one line for each finished step
   * @param parts.gpus shared with whoever else asks
   */
  constructor(parts: {
    database: RuntimeDatabase;
    warn: (warning: string) => void;
    logLine?: ((line: string) => void) | undefined;
    gpus?: LatestGpus | undefined;
  }) {
    this.#database = parts.database;
    this.#warn = parts.warn;
    const { logLine: log, gpus } = parts;
    this.ledger = new Ledger({ write: (record) => this.#append(record), log, gpus });
  }

  /**
   * Records of this and earlier runs, oldest first. None where there is no database yet: reading makes none.
   *
   * @throws MemwellError `engine_closed`; whatever SQLite says when the file cannot be read any more
   */
  read(query: LedgerQuery): LedgerRecord[] {
    return this.#database.exists ? this.#opened().read(query) : [];
  }

  /** After this nothing is recorded any more; the database stays its owner's to close. Safe to call twice. */
  close(): void {
    this.ledger.close();
    this.#isClosed = true;
  }

  #append(record: NewLedgerRecord): void {
    try {
      this.#opened().append(record);
    } catch (thrown) {
      if (!this.#hasLost && !this.#isClosed)
        this.#warn(`A step's memory could not be recorded (${messageOf(thrown)}); more may be lost without a word.`);
      this.#hasLost = true;
      throw thrown;
    }
  }

  #opened(): LedgerStore {
    const database = this.#database.open();
    return (this.#store ??= new LedgerStore(database));
  }
}
