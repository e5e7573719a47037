import type { Database, Statement } from "better-sqlite3";
import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Compilable,
  type CompiledQuery,
} from "kysely";
import { MemwellError } from "../errors";
import type { Tables } from "./kysely-tables";

/** Builds queries of the schema and runs none: `TypedDatabase` does. */
export const queries = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

/** Statements kept ready; those of a long text, many rows at once, are seldom the same twice. */
const MOST_STATEMENTS = 200;
const LONGEST_KEPT = 4_000;

/**
 * Runs typed queries. Kysely's own transactions wait between BEGIN and COMMIT, and what the ledger writes meanwhile, on the
 * same connection, would become part of them and be rolled back with them. So a transaction here is a synchronous function,
 * and only its result is a promise: callers stay as they are when a database follows that has to be waited for.
 */
export class TypedDatabase {
  readonly #statements = new Map<string, Statement>();

  /** @param database with the newest schema; it stays the caller's to close */
  constructor(private readonly database: Database) {}

  /** `work` in one transaction that no other process writes beside; undone as a whole when it throws. */
  write<Result>(work: () => Result): Promise<Result> {
    return this.#settle(() => this.database.transaction(work).immediate());
  }

  /** `work` on one state of the database, whatever others write meanwhile. */
  read<Result>(work: () => Result): Promise<Result> {
    return this.#settle(() => this.database.transaction(work).deferred());
  }

  all<Row>(query: Compilable<Row>): Row[] {
    const { sql, parameters } = query.compile();
    return this.#prepare<Row>(sql).all(...parameters);
  }

  first<Row>(query: Compilable<Row>): Row | undefined {
    const { sql, parameters } = query.compile();
    return this.#prepare<Row>(sql).get(...parameters);
  }

  /** For what gives one row in any case. */
  only<Row>(query: Compilable<Row>): Row {
    const row = this.first(query);
    if (row === undefined) throw new Error("a query that gives one row gave none");
    return row;
  }

  /** Row by row, for results that are large in bytes. Nothing else may be run until it has ended. */
  each<Row>(query: Compilable<Row>): IterableIterator<Row> {
    const { sql, parameters }: CompiledQuery<Row> = query.compile();
    // One of its own: an iterator that is still open locks its statement.
    return this.database.prepare<unknown[], Row>(sql).iterate(...parameters);
  }

  /** @returns how many rows it changed */
  run(query: Compilable): number {
    const { sql, parameters } = query.compile();
    return this.#prepare(sql).run(...parameters).changes;
  }

  #prepare<Row>(sql: string): Statement<unknown[], Row> {
    if (sql.length > LONGEST_KEPT) return this.database.prepare<unknown[], Row>(sql);
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      if (this.#statements.size >= MOST_STATEMENTS) this.#statements.clear();
      statement = this.database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    // The text of a query says which rows it gives, and it is the key.
    return statement as Statement<unknown[], Row>;
  }

  #settle<Result>(work: () => Result): Promise<Result> {
    return new Promise((resolve) => {
      try {
        resolve(work());
      } catch (thrown) {
        throw isFull(thrown) ? diskFull(thrown) : thrown;
      }
    });
  }
}

function isFull(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "SQLITE_FULL";
}

function diskFull(cause: unknown): MemwellError {
  return new MemwellError(
    "disk_full",
    "The disk with Memwell's database is full, and nothing of this was stored. Free some space and try again.",
    {},
    { cause },
  );
}
