import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import BetterSqlite3, { type Database } from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { DATABASE_FILE, LedgerStore, MIGRATIONS, openDatabase, type Migration } from "../../../lib/store";
import { record, testFolder } from "./folder";

const FIRST: Migration = { name: "first", sql: "CREATE TABLE one (id INTEGER PRIMARY KEY, text TEXT) STRICT" };
const SECOND: Migration = { name: "second", sql: "ALTER TABLE one ADD COLUMN count INTEGER NOT NULL DEFAULT 7" };
/** Fails on some data and not on others. */
const BROKEN: Migration = {
  name: "broken",
  sql: "CREATE TABLE two (id INTEGER CHECK (id < 3)); INSERT INTO two SELECT length(text) FROM one",
};

function open(folder: string, migrations?: readonly Migration[]) {
  const opened = openDatabase(folder, migrations === undefined ? {} : { migrations });
  onTestFinished(() => void opened.database.close());
  return opened;
}

const versionOf = (database: Database) => database.pragma("user_version", { simple: true });

describe("a database file", () => {
  it("is made in a folder that is not there yet, with WAL and the newest schema", () => {
    const folder = join(testFolder(), "deep", "data");
    const { database, path, warnings } = open(folder);
    expect(warnings).toEqual([]);
    expect(path).toBe(join(folder, DATABASE_FILE));
    expect(versionOf(database)).toBe(MIGRATIONS.length);
    expect(database.pragma("journal_mode", { simple: true })).toBe("wal");
    expect(database.pragma("synchronous", { simple: true })).toBe(1);
  });

  it("keeps what was written when it is opened again", () => {
    const folder = testFolder();
    const first = openDatabase(folder);
    new LedgerStore(first.database, { now: () => record().time }).append(record());
    first.database.close();
    expect(new LedgerStore(open(folder).database, { now: () => record().time }).read()).toHaveLength(1);
  });

  it("of an older Memwell is migrated with its data", () => {
    const folder = testFolder();
    const older = openDatabase(folder, { migrations: [FIRST] });
    older.database.exec("INSERT INTO one (text) VALUES ('kept')");
    older.database.close();
    const { database, warnings } = open(folder, [FIRST, SECOND]);
    expect(warnings).toEqual([]);
    expect(versionOf(database)).toBe(2);
    expect(database.prepare("SELECT * FROM one").all()).toEqual([{ id: 1, text: "kept", count: 7 }]);
  });

  it("stays as it was when a migration fails, and the next start goes on from there", () => {
    const folder = testFolder();
    const older = openDatabase(folder, { migrations: [FIRST] });
    older.database.exec("INSERT INTO one (text) VALUES ('four')");
    older.database.close();
    const broken = open(folder, [FIRST, BROKEN]);
    expect(broken.path).toBeNull();
    expect(broken.warnings).toEqual([expect.stringMatching(/cannot be used: CHECK constraint failed.*in memory only/)]);
    const mended = open(folder, [FIRST, SECOND]);
    expect(mended.path).not.toBeNull();
    expect(mended.database.prepare("SELECT name FROM sqlite_master WHERE name = 'two'").all()).toEqual([]);
  });

  it("of a newer Memwell is left alone, and what happens is kept in memory", () => {
    const folder = testFolder();
    openDatabase(folder, { migrations: [FIRST, SECOND] }).database.close();
    const before = readFileSync(join(folder, DATABASE_FILE));
    const { database, path, warnings } = open(folder, [FIRST]);
    expect(path).toBeNull();
    expect(warnings).toEqual([
      expect.stringMatching(/newer Memwell \(schema 2; this one knows up to 1\).*in memory only/),
    ]);
    expect(versionOf(database)).toBe(1);
    expect(readFileSync(join(folder, DATABASE_FILE)).equals(before)).toBe(true);
  });
});

describe("a file that is no good", () => {
  it.each<[string, (path: string) => void]>([
    ["a text", (path) => writeFileSync(path, "not a database at all, but longer than its header would be".repeat(50))],
    ["a few bytes", (path) => writeFileSync(path, "SQLite format 3")],
    ["zeros", (path) => writeFileSync(path, Buffer.alloc(8192))],
    [
      "a database cut short",
      (path) => {
        const database = new BetterSqlite3(path);
        database.exec("CREATE TABLE t (a TEXT); CREATE INDEX i ON t (a)");
        const insert = database.prepare("INSERT INTO t VALUES (?)");
        database.transaction(() => {
          for (let row = 0; row < 500; row++) insert.run(`row ${row}`.repeat(20));
        })();
        database.close();
        writeFileSync(path, readFileSync(path).subarray(0, 9_000));
      },
    ],
    [
      "a database with a page overwritten",
      (path) => {
        const { database } = openDatabase(join(path, ".."));
        const store = new LedgerStore(database, { now: () => record().time });
        for (let row = 0; row < 200; row++) store.append(record());
        database.close();
        const bytes = readFileSync(path);
        bytes.fill(0xa5, 4096, 8192);
        writeFileSync(path, bytes);
      },
    ],
  ])("%s is set aside, and a new database begins", (_, spoil) => {
    const folder = testFolder();
    const path = join(folder, DATABASE_FILE);
    spoil(path);
    const spoiled = readFileSync(path);
    const { database, path: used, warnings } = open(folder);
    expect(used).toBe(path);
    expect(warnings).toEqual([expect.stringMatching(/was damaged .*memwell\.db\.bad; a new one begins/)]);
    expect(readFileSync(`${path}.bad`).equals(spoiled)).toBe(true);
    const store = new LedgerStore(database, { now: () => record().time });
    store.append(record());
    expect(store.read()).toHaveLength(1);
  });

  it("takes the place of the one set aside before", () => {
    const folder = testFolder();
    const path = join(folder, DATABASE_FILE);
    for (const content of ["first bad file".repeat(100), "second bad file".repeat(100)]) {
      writeFileSync(path, content);
      openDatabase(folder).database.close();
    }
    expect(readFileSync(`${path}.bad`, "utf8")).toMatch(/^second/);
    expect(readdirSync(folder).filter((name) => name.includes(".bad"))).toHaveLength(1);
  });

  it("a write-ahead log of nonsense is ignored", () => {
    const folder = testFolder();
    openDatabase(folder).database.close();
    writeFileSync(join(folder, `${DATABASE_FILE}-wal`), "nonsense".repeat(1000));
    expect(open(folder)).toMatchObject({ warnings: [], path: expect.any(String) as string });
  });
});

describe("a place that cannot be written to", () => {
  it.each<[string, (folder: string) => string]>([
    [
      "a file where the folder should be",
      (folder) => {
        writeFileSync(join(folder, "data"), "");
        return join(folder, "data");
      },
    ],
    [
      "a folder where the file should be",
      (folder) => {
        mkdirSync(join(folder, DATABASE_FILE));
        return folder;
      },
    ],
    [
      "a link that leads nowhere",
      (folder) => {
        symlinkSync(join(folder, "nowhere"), join(folder, "data"));
        return join(folder, "data");
      },
    ],
  ])("%s: kept in memory, with one warning that says what to do", (_, prepare) => {
    const { database, path, warnings } = open(prepare(testFolder()));
    expect(path).toBeNull();
    expect(warnings).toEqual([expect.stringMatching(/cannot be used: .*MEMWELL_DATA_DIR/)]);
    const store = new LedgerStore(database, { now: () => record().time });
    store.append(record());
    expect(store.read()).toHaveLength(1);
  });

  // Root may write anywhere.
  it.skipIf(process.getuid?.() === 0)("a folder without the right to write", () => {
    const folder = join(testFolder(), "data");
    mkdirSync(folder);
    chmodSync(folder, 0o555);
    onTestFinished(() => chmodSync(folder, 0o755));
    expect(open(folder).path).toBeNull();
    expect(existsSync(join(folder, DATABASE_FILE))).toBe(false);
  });
});

describe("several connections", () => {
  it("see what another one wrote, while both are open", () => {
    const folder = testFolder();
    const now = () => record().time;
    const [server, reader] = [open(folder), open(folder)].map(({ database }) => new LedgerStore(database, { now }));
    server?.append(record({ stepId: "a" }));
    expect(reader?.read().map(({ stepId }) => stepId)).toEqual(["a"]);
    reader?.append(record({ stepId: "b" }));
    expect(server?.read().map(({ stepId }) => stepId)).toEqual(["a", "b"]);
  });

  it("read while another one is in the middle of writing", () => {
    const folder = testFolder();
    const now = () => record().time;
    const writer = open(folder).database;
    const reader = new LedgerStore(open(folder).database, { now });
    const store = new LedgerStore(writer, { now });
    store.append(record());
    writer.transaction(() => {
      store.append(record());
      expect(reader.read()).toHaveLength(1);
    })();
    expect(reader.read()).toHaveLength(2);
  });

  it("that open a new file at once run each migration once", () => {
    const folder = testFolder();
    const other = open(folder, []);
    expect(versionOf(other.database)).toBe(0);
    expect(open(folder).warnings).toEqual([]);
    expect(open(folder).warnings).toEqual([]);
    expect(versionOf(other.database)).toBe(MIGRATIONS.length);
  });
});
