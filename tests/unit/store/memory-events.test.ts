import { describe, expect, it, onTestFinished } from "vitest";
import BetterSqlite3 from "better-sqlite3";
import type { MemoryEventQuery, NewMemoryEvent } from "../../../lib/memory";
import { MemoryEventStore, migrate, MOST_EVENTS_READ, type MemoryEventLimits } from "../../../lib/store";
import { MOST_EVENTS } from "../../../lib/wire";

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;

function memoryStore(limits: MemoryEventLimits = {}) {
  const database = new BetterSqlite3(":memory:");
  onTestFinished(() => void database.close());
  migrate(database);
  return new MemoryEventStore(database, { now: () => NOW, ...limits });
}

const evicted: NewMemoryEvent = {
  time: NOW,
  event: "evicted",
  model: "a",
  for: "b",
  heldBytes: 1,
  neededBytes: 10,
  budgetBytes: 100,
  otherBytes: 1_000,
  modelsBytes: 10_000,
  idleMs: 5.4,
};

describe("an event", () => {
  it("comes back with all that was said of it, the rest as null", () => {
    const store = memoryStore();
    store.append(evicted);
    const unsaid = { reason: null, forecastBytes: null, loadMs: null, replaced: null, code: null, message: null };
    expect(store.read()).toEqual([{ id: 1, ...evicted, idleMs: 5, ...unsaid }]);
  });

  it("keeps lists, cuts what is long, and turns what is no number into null", () => {
    const store = memoryStore();
    store.append({ time: NOW, event: "loaded", model: "m".repeat(1e5), replaced: ["x", "y"], loadMs: NaN });
    store.append({
      time: NOW,
      event: "load_failed",
      model: null,
      message: `'); DROP TABLE memory_events; -- ${"x".repeat(1e5)}`,
    });
    const [loaded, failed] = store.read();
    expect(loaded).toMatchObject({ replaced: ["x", "y"], loadMs: null });
    expect(loaded?.model).toHaveLength(500);
    expect(failed?.message).toHaveLength(500);
  });
});

describe("reading events", () => {
  const store = () => {
    const made = memoryStore();
    for (let index = 0; index < 6; index++)
      made.append({ time: NOW - (6 - index) * 1_000, event: "loaded", model: index % 2 === 0 ? "even" : "odd" });
    return made;
  };

  it.each<[string, MemoryEventQuery, number[]]>([
    ["all", {}, [1, 2, 3, 4, 5, 6]],
    ["one model", { model: "odd" }, [2, 4, 6]],
    ["a stretch, its end left out", { from: NOW - 5_000, to: NOW - 2_000 }, [2, 3, 4]],
    ["the newest two", { limit: 2 }, [5, 6]],
    ["the first two behind one", { after: 1, limit: 2 }, [2, 3]],
    ["behind the last", { after: 6 }, []],
    ["a model nobody knows", { model: "' OR 1" }, []],
  ])("%s, oldest first", (_, query, ids) => {
    expect(
      store()
        .read(query)
        .map(({ id }) => id),
    ).toEqual(ids);
  });

  it("gives no more than the wire says", () => {
    const made = memoryStore();
    for (let index = 0; index < 1_100; index++) made.append({ time: NOW, event: "server_started" });
    expect(made.read({ limit: 1e9 })).toHaveLength(MOST_EVENTS_READ);
    expect(MOST_EVENTS).toBe(MOST_EVENTS_READ);
  });
});

describe("bounds of events", () => {
  it("too many: the oldest go; no id is given twice", () => {
    const store = memoryStore({ maxEvents: 10 });
    for (let index = 0; index < 250; index++) store.append({ time: NOW, event: "loaded" });
    store.trim();
    expect(store.read().map(({ id }) => id)).toEqual(Array.from({ length: 10 }, (_, index) => 241 + index));
  });

  it("too old: they go", () => {
    const store = memoryStore({ maxAgeMs: DAY });
    store.append({ time: NOW - 2 * DAY, event: "loaded" });
    store.append({ time: NOW, event: "loaded" });
    store.trim();
    expect(store.read().map(({ id }) => id)).toEqual([2]);
  });
});
