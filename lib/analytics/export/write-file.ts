import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import BetterSqlite3, { type Database } from "better-sqlite3";
import { MemwellError } from "../../errors";
import { EXPORT_KEY } from "./trackio-schema";

/** Makes a file beside the one it is to be, and puts it in its place when it is whole. */
function place(path: string, make: (temporary: string) => void): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  try {
    make(temporary);
    const file = openSync(temporary, "r+");
    fsyncSync(file);
    closeSync(file);
    renameSync(temporary, path);
  } finally {
    for (const ending of ["", "-journal", "-wal", "-shm"]) rmSync(`${temporary}${ending}`, { force: true });
  }
}

/** Writes texts to a file that is there as a whole, or as it was before. @throws what the file system says */
export function writeText(path: string, pieces: Iterable<string>): void {
  place(path, (temporary) => {
    const file = openSync(temporary, "wx", 0o600);
    try {
      for (const piece of pieces) writeSync(file, piece);
    } finally {
      closeSync(file);
    }
  });
}

/**
 * Writes a database in the same way. Only an earlier export is replaced, and not while somebody has it open.
 *
 * @throws MemwellError `conflict`; what the file system or SQLite says
 */
export function writeDatabase(path: string, fill: (database: Database) => void): void {
  checkReplaceable(path);
  place(path, (temporary) => {
    closeSync(openSync(temporary, "wx", 0o600));
    const database = new BetterSqlite3(temporary);
    try {
      // One file without companions, whoever opens it next.
      database.pragma("journal_mode = DELETE");
      fill(database);
    } finally {
      database.close();
    }
  });
}

function checkReplaceable(path: string): void {
  if (!existsSync(path)) return;
  if (existsSync(`${path}-wal`) || existsSync(`${path}-journal`))
    throw new MemwellError(
      "conflict",
      `${path} is open in another program. Close it, or name another file with --out.`,
      { path },
    );
  if (isExport(path)) return;
  throw new MemwellError("conflict", `${path} is there, and no earlier export. Name another file with --out.`, {
    path,
  });
}

function isExport(path: string): boolean {
  try {
    const database = new BetterSqlite3(path, { readonly: true });
    try {
      return database.prepare("SELECT 1 FROM project_metadata WHERE key = ?").get(EXPORT_KEY) !== undefined;
    } finally {
      database.close();
    }
  } catch {
    return false;
  }
}
