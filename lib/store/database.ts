import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import BetterSqlite3, { type Database } from "better-sqlite3";
import { messageOf } from "../errors";
import { migrate, MIGRATIONS, NewerDatabaseError, type Migration } from "./migrations";

export const DATABASE_FILE = "memwell.db";

/** How long a call waits for another process that writes. Calls are synchronous: nothing else runs meanwhile. */
/** Of 4 KiB: no visitor fills a Space's disk, nor its memory. What comes then is refused as with a full disk. */
const MOST_PAGES_ON_DISK = 1_000_000;
const MOST_PAGES_IN_MEMORY = 64_000;
const BUSY_MS = 1_000;
/** What the write-ahead log may keep on disk after a checkpoint. */
const JOURNAL_BYTES = 4 * 2 ** 20;
/** Up to here the whole file is checked when it is opened (about 60 ms); a larger one would hold up the start. */
const CHECKED_BYTES = 64 * 2 ** 20;
/** As SQLite names what it finds in a damaged file (https://sqlite.org/rescode.html). */
const DAMAGE = /^SQLITE_(NOTADB|CORRUPT)/;

/** An open database and what went otherwise than asked. */
export interface OpenedDatabase {
  database: Database;
  /** The file; null when the data are kept in memory only, until the process ends. */
  path: string | null;
  /** What the operator should know, a whole sentence each. */
  warnings: string[];
}

/**
 * Opens `memwell.db` in a folder, which is made if need be, with the newest schema.
 *
 * | what is there                        | what happens                                                             |
 * |--------------------------------------|--------------------------------------------------------------------------|
 * | nothing, or an empty file            | a new database                                                           |
 * | an older schema                      | migrated                                                                 |
 * | a newer schema                       | left alone; a database in memory, with a warning                         |
 * | a damaged file, or another format    | set aside as `memwell.db.bad` (one is kept); a new one, with a warning   |
 * | a folder or file nobody may write to | a database in memory, with a warning                                     |
 *
 * Several processes may have it open at once: WAL lets them read while one writes.
 *
 * @throws only what SQLite itself says when not even a database in memory can be had: its native part is missing
 */
export function openDatabase(folder: string, options: { migrations?: readonly Migration[] } = {}): OpenedDatabase {
  const migrations = options.migrations ?? MIGRATIONS;
  const path = join(folder, DATABASE_FILE);
  const warnings: string[] = [];
  try {
    mkdirSync(folder, { recursive: true });
    makePrivate(path);
    try {
      return { database: openFile(path, migrations), path, warnings };
    } catch (thrown) {
      if (!isDamage(thrown)) throw thrown;
      setAside(path);
      warnings.push(
        `The database ${path} was damaged (${reasonOf(thrown)}). It is kept as ${path}.bad; a new one begins.`,
      );
      return { database: openFile(path, migrations), path, warnings };
    }
  } catch (thrown) {
    warnings.push(`The database ${path} cannot be used: ${reasonOf(thrown)}. ${adviceFor(thrown)}`);
    return { database: openInMemory(migrations), path: null, warnings };
  }
}

function openFile(path: string, migrations: readonly Migration[]): Database {
  const database = new BetterSqlite3(path, { timeout: BUSY_MS });
  try {
    useWriteAheadLog(database);
    // With WAL this loses at most the last moments after a power cut, and never the file.
    database.pragma("synchronous = NORMAL");
    database.pragma(`journal_size_limit = ${JOURNAL_BYTES}`);
    database.pragma("foreign_keys = ON");
    database.pragma(`max_page_count = ${MOST_PAGES_ON_DISK}`);
    checkFile(database, path);
    migrate(database, migrations);
    // A file may be readable and not writable, and SQLite says so only when something is written.
    database.exec("BEGIN IMMEDIATE; ROLLBACK");
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

function openInMemory(migrations: readonly Migration[]): Database {
  const database = new BetterSqlite3(":memory:");
  database.pragma(`max_page_count = ${MOST_PAGES_IN_MEMORY}`);
  migrate(database, migrations);
  return database;
}

function useWriteAheadLog(database: Database): void {
  if (database.pragma("journal_mode", { simple: true }) === "wal") return;
  try {
    database.pragma("journal_mode = WAL");
  } catch (thrown) {
    if (isDamage(thrown)) throw thrown;
    // Another process is switching it over right now, or the disk cannot map shared memory: it works without, slower.
  }
}

function checkFile(database: Database, path: string): void {
  if (statSync(path).size > CHECKED_BYTES) return;
  const found = database.pragma("quick_check(1)", { simple: true });
  if (found !== "ok") throw new DamagedDatabaseError(String(found));
}

/** `quick_check` tells of damage in words, where reading a bad page throws. */
class DamagedDatabaseError extends Error {
  readonly code = "SQLITE_CORRUPT";
}

/** The log goes with its database: SQLite looks for it under this name, should anybody try to rescue something. */
function setAside(path: string): void {
  for (const ending of ["-wal", "-shm"]) rmSync(`${path}.bad${ending}`, { force: true });
  renameSync(path, `${path}.bad`);
  rmSync(`${path}-shm`, { force: true });
  try {
    renameSync(`${path}-wal`, `${path}.bad-wal`);
  } catch {
    rmSync(`${path}-wal`, { force: true });
  }
}

function isDamage(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && DAMAGE.test(String(thrown.code));
}

function adviceFor(thrown: unknown): string {
  const kept = "What happens is kept in memory only, until Memwell ends.";
  return thrown instanceof NewerDatabaseError
    ? `${kept} Start the newer Memwell, or name another folder with MEMWELL_DATA_DIR.`
    : `${kept} Name a folder that can be written with MEMWELL_DATA_DIR.`;
}

/** On one line: `quick_check` answers in several. */
function reasonOf(thrown: unknown): string {
  return messageOf(thrown).replace(/\s+/g, " ").replace("*** in database main *** ", "");
}

/** Made before SQLite does, which gives its other files the same mode: who asked what and when is nobody else's business. */
function makePrivate(path: string): void {
  closeSync(openSync(path, "a", 0o600));
}
