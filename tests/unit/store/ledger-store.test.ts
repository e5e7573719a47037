import BetterSqlite3 from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import type { LedgerQuery } from "../../../lib/memory";
import { LedgerStore, migrate, MOST_LEDGER_RECORDS, type LedgerLimits } from "../../../lib/store";
import { MOST_LOG_RECORDS } from "../../../lib/wire";
import { record } from "./folder";

const NOW = record().time;

function memoryStore(limits: LedgerLimits = {}) {
  const database = new BetterSqlite3(":memory:");
  onTestFinished(() => void database.close());
  migrate(database);
  return new LedgerStore(database, { now: () => NOW, ...limits });
}

describe("a record", () => {
  it("comes back as it was written, with an id", () => {
    const store = memoryStore();
    const id = store.append(record());
    expect(store.read()).toEqual([{ id, ...record() }]);
  });

  it("keeps what is not known as null", () => {
    const store = memoryStore();
    const unknown = record({ run: null, turn: null, model: null, pid: null, gpuBytes: null, outcome: null });
    store.append(unknown);
    expect(store.read()[0]).toMatchObject(unknown);
  });

  it.each<[string, Parameters<typeof record>[0], Parameters<typeof record>[0]]>([
    ["not a number", { processBytes: NaN }, { processBytes: null }],
    ["endless", { hostBytes: Infinity, durationMs: -Infinity }, { hostBytes: null, durationMs: null }],
    ["more than can be counted", { cgroupBytes: 2 ** 60 }, { cgroupBytes: null }],
    ["a fraction", { processBytes: 10.6 }, { processBytes: 11 }],
    ["below zero", { processBytes: -5 }, { processBytes: -5 }],
    ["missing", { tokens: undefined as never }, { tokens: null }],
    [
      "a name with quotes and a zero",
      { model: `x'); DROP TABLE ledger; --\0"` },
      { model: `x'); DROP TABLE ledger; --\0"` },
    ],
    ["a name with half a character", { run: "a\ud800" }, { run: expect.stringMatching(/^a\ufffd+$/) as string }],
    ["a name of a million characters", { run: "r".repeat(1e6) }, { run: "r".repeat(500) }],
  ])("with a figure or name that is %s is kept all the same", (_, given, kept) => {
    const store = memoryStore();
    store.append(record(given));
    expect(store.read()[0]).toMatchObject(kept ?? {});
  });
});

describe("reading", () => {
  const store = () => {
    const made = memoryStore();
    for (let index = 0; index < 8; index++)
      made.append(record({ run: index % 2 === 0 ? "even" : "odd", model: index < 4 ? "a" : "b", turn: index }));
    return made;
  };

  it.each<[string, LedgerQuery, number[]]>([
    ["all", {}, [0, 1, 2, 3, 4, 5, 6, 7]],
    ["one run", { run: "odd" }, [1, 3, 5, 7]],
    ["one model", { model: "b" }, [4, 5, 6, 7]],
    ["both", { run: "even", model: "b" }, [4, 6]],
    ["a run nobody knows", { run: "'; --" }, []],
    ["the newest two", { limit: 2 }, [6, 7]],
    ["the newest two of a run", { run: "even", limit: 2 }, [4, 6]],
    ["after a record", { after: 5 }, [5, 6, 7]],
    ["after the last", { after: 8 }, []],
    ["the first behind a record", { after: 2, limit: 2 }, [2, 3]],
    ["limit 0", { limit: 0 }, []],
    ["what is no limit", { limit: NaN, after: NaN }, [0, 1, 2, 3, 4, 5, 6, 7]],
    ["a negative limit", { limit: -1 }, []],
  ])("%s, oldest first", (_, query, turns) => {
    expect(
      store()
        .read(query)
        .map(({ turn }) => turn),
    ).toEqual(turns);
  });

  it("gives 1,000 records unless told otherwise, and never more than 10,000", () => {
    const made = memoryStore();
    for (let index = 0; index < 10_050; index++) made.append(record());
    expect(made.read()).toHaveLength(1_000);
    expect(made.read({ limit: 1e9 })).toHaveLength(MOST_LEDGER_RECORDS);
    expect(MOST_LOG_RECORDS).toBe(MOST_LEDGER_RECORDS);
  });
});

describe("bounds", () => {
  it.each([1, 2, 10, 250])("never holds more than %i records after an append, and keeps the newest", (maxRecords) => {
    const store = memoryStore({ maxRecords });
    for (let index = 1; index <= 600; index++) {
      const id = store.append(record({ turn: index }));
      const held = store.read();
      expect(held.length).toBeLessThanOrEqual(maxRecords);
      expect(held.at(-1)).toMatchObject({ id, turn: index });
    }
  });

  it("gives no id twice, even when everything was trimmed", () => {
    const store = memoryStore({ maxRecords: 10, maxAgeMs: 1_000 });
    const first = store.append(record({ time: NOW - 5_000 }));
    store.trim();
    expect(store.read()).toEqual([]);
    expect(store.append(record())).toBeGreaterThan(first);
  });

  it("drops what is too old, in batches, and keeps what is not", () => {
    let now = NOW;
    const store = memoryStore({ maxRecords: 1_000, maxAgeMs: 60_000, now: () => now });
    for (let index = 0; index < 100; index++) store.append(record({ time: NOW, run: "old" }));
    now += 60_001;
    // A batch is a hundredth part of `maxRecords`; two of them go at each trim.
    for (let index = 0; index < 9; index++) store.append(record({ time: now, run: "new" }));
    expect(store.read({ run: "old" })).toHaveLength(100);
    store.append(record({ time: now, run: "new" }));
    expect(store.read({ run: "old" })).toHaveLength(80);
    for (let index = 0; index < 40; index++) store.append(record({ time: now, run: "new" }));
    expect(store.read({ run: "old" })).toEqual([]);
    expect(store.read({ run: "new" })).toHaveLength(50);
  });

  it("shrinks a database that was allowed more before", () => {
    const database = new BetterSqlite3(":memory:");
    onTestFinished(() => void database.close());
    migrate(database);
    const before = new LedgerStore(database, { now: () => NOW });
    for (let index = 0; index < 100; index++) before.append(record());
    const after = new LedgerStore(database, { now: () => NOW, maxRecords: 10 });
    for (let index = 0; index < 100; index++) after.append(record());
    expect(after.read()).toHaveLength(10);
  });
});
