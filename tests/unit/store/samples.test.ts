import { describe, expect, it, onTestFinished } from "vitest";
import BetterSqlite3 from "better-sqlite3";
import { migrate, openDatabase, SampleStore, type SampleStoreLimits } from "../../../lib/store";
import { levelsFor, planRead } from "../../../lib/store/samples/levels";
import { testFolder } from "./folder";
import { countsOf, DAY, HOUR, MINUTE, MODEL, readPoints, sampleAt, SERVER } from "./samples-support";

const NOW = 1_800_000_000_000;

function memoryStore(limits: SampleStoreLimits = {}) {
  const database = new BetterSqlite3(":memory:");
  onTestFinished(() => void database.close());
  migrate(database);
  return { database, store: new SampleStore(database, { now: () => NOW, ...limits }) };
}

describe("which level a stretch is read from", () => {
  const plan = (span: number, points: number, step?: number) =>
    planRead({ from: NOW - span, to: NOW, points, step }, levelsFor(7 * DAY), NOW);

  it.each([
    ["five minutes", 5 * MINUTE, 300, 2_000, 2_000],
    ["ten minutes", 10 * MINUTE, 301, 2_000, 2_000],
    ["ten minutes in few points", 10 * MINUTE, 100, 2_000, 8_000],
    ["more than the finest level keeps", HOUR, 2_000, 30_000, 30_000],
    ["an hour in few points", HOUR, 20, 30_000, 210_000],
    ["twelve hours", 12 * HOUR, 1_441, 30_000, 30_000],
    ["a day", DAY, 300, 300_000, 300_000],
    ["a week", 7 * DAY, 2_100, 300_000, 300_000],
    ["a week in few points", 7 * DAY, 300, 300_000, 2_100_000],
    ["a year", 365 * DAY, 300, 300_000, 105_600_000],
    ["a moment", 0, 2, 2_000, 2_000],
  ])("%s", (_, span, points, levelMs, stepMs) => {
    const found = plan(span, points);
    expect(found).toMatchObject({ levelMs, stepMs });
    expect(found.length).toBeLessThanOrEqual(points);
    expect(found.from % stepMs).toBe(0);
    expect(found.from).toBeLessThanOrEqual(NOW - span);
    expect(found.from + found.length * stepMs).toBeGreaterThanOrEqual(NOW);
  });

  it("goes on with a step that was given before, and never beyond the points", () => {
    expect(plan(10 * MINUTE, 300, 30_000)).toMatchObject({ levelMs: 30_000, stepMs: 30_000 });
    expect(plan(10 * MINUTE, 300, 2_001)).toMatchObject({ levelMs: 2_000, stepMs: 4_000 });
    expect(plan(DAY, 10, 30_000).length).toBeLessThanOrEqual(10);
    const following = { from: NOW - DAY, to: NOW, points: 300, step: 2_000, after: NOW - 9_000 };
    expect(planRead(following, levelsFor(7 * DAY), NOW)).toEqual({
      levelMs: 2_000,
      stepMs: 2_000,
      from: NOW - 10_000,
      length: 5,
    });
  });
});

describe("reading", () => {
  it("puts together what a point stands for, and leaves out what nobody saw", async () => {
    const { store } = memoryStore();
    const from = NOW - 20_000;
    store.append([
      sampleAt(from, [SERVER, 10, 50]),
      sampleAt(from + 2_000, [SERVER, 20], [MODEL, 5]),
      sampleAt(from + 14_000, [SERVER, 40]),
    ]);
    const { step, times, series } = await store.read({ from, to: NOW, points: 3 });
    expect(step).toBe(10_000);
    expect(times).toEqual([from, from + 10_000]);
    expect(series).toEqual([
      { ...SERVER, min: [10, 40], mean: [15, 40], max: [50, 40] },
      { ...MODEL, min: [5, null], mean: [5, null], max: [5, null] },
    ]);
  });

  it("with `after` tells what is new: the last bucket again, with what has come to it", async () => {
    const { store } = memoryStore();
    const range = { from: NOW - MINUTE, to: NOW, points: 31, step: 10_000 };
    store.append([sampleAt(NOW - 30_000, [SERVER, 1]), sampleAt(NOW - 10_000, [SERVER, 2])]);
    store.append([sampleAt(NOW - 8_000, [SERVER, 6])]);
    const news = await store.read({ ...range, after: NOW - 10_000 });
    expect(readPoints(news)).toEqual({ "server resident ": { [NOW - 10_000]: [2, 4, 6] } });
  });

  it("is quick about stretches with nothing in them", async () => {
    const { store } = memoryStore();
    store.append([sampleAt(NOW - 1, [SERVER, 1])]);
    expect((await store.read({ from: 0, to: 8.64e15, points: 2 })).times).toHaveLength(1);
    expect((await store.read({ from: 0, to: 10, points: 2 })).times).toEqual([]);
    expect((await store.read({ from: 8.6e15, to: 8.64e15, points: 2_100 })).times).toEqual([]);
  });

  it("counts what is written while it reads once", async () => {
    const { store } = memoryStore();
    const week = Array.from({ length: 2_016 }, (_, index) =>
      sampleAt(NOW - 7 * DAY + index * 5 * MINUTE + 1, [SERVER, 1]),
    );
    store.append(week);
    let waiting = [sampleAt(NOW - 6 * DAY, [MODEL, 100]), sampleAt(NOW - 1, [MODEL, 100])];
    const reading = store.read({ from: NOW - 7 * DAY, to: NOW, points: 2_100 }, () => waiting);
    setImmediate(() => {
      store.append(waiting);
      waiting = [];
    });
    const { series } = await reading;
    expect(series.find(({ of }) => of === "model")?.mean.filter((value) => value !== null)).toEqual([100, 100]);
    expect(series.find(({ of }) => of === "server")?.mean.filter((value) => value !== null)).toHaveLength(2_016);
  });
});

describe("all that is kept", () => {
  const seen = (store: SampleStore, from: number, to: number) =>
    [...store.moments({ from, to })].map(({ time, figures }) => [time - NOW, figures.map(({ bytes }) => bytes)]);
  const begin = NOW - 26 * HOUR;

  it("is told once, oldest first, as finely as it is kept, and no peak is missing", () => {
    const { store } = memoryStore();
    const times = [begin, NOW - 12 * HOUR + 10_000, NOW - 12 * HOUR + 50_000, NOW - 9_000, NOW - 3_000];
    store.append(times.map((time, index) => sampleAt(time, [SERVER, index, 100 + index])));
    store.trim();
    expect(seen(store, 0, NOW)).toEqual([
      [-26 * HOUR, [100]],
      [-12 * HOUR, [101]],
      [-12 * HOUR + 30_000, [102]],
      [-10_000, [103]],
      [-4_000, [104]],
    ]);
    expect(seen(store, NOW - HOUR, NOW - 5_000)).toEqual([[-10_000, [103]]]);
    expect(seen(store, NOW, NOW + HOUR)).toEqual([]);
  });

  it("has the bucket in which a finer level begins, where that one has lost a part of it", () => {
    const { store } = memoryStore({ now: () => NOW + 100_000 });
    const edge = NOW - 13 * HOUR;
    // The first two are forgotten one by one, and are still in five minutes with the third.
    store.append([10_000, 40_000, 200_000].map((behind, index) => sampleAt(edge + behind, [MODEL, index])));
    store.trim();
    expect(seen(store, 0, NOW)).toEqual([
      [-13 * HOUR, [2]],
      [-13 * HOUR + 180_000, [2]],
    ]);
  });

  it("is read in several goes where there is much of it", () => {
    const { store } = memoryStore();
    const times = Array.from({ length: 900 }, (_, index) => NOW - 1_800_000 + index * 2_000);
    store.append(times.map((time) => sampleAt(time, [SERVER, time])));
    expect(seen(store, 0, NOW)).toEqual(times.map((time) => [time - NOW, [time]]));
  });
});

describe("peaks", () => {
  it("are those of all that is kept, with the moment they were at", () => {
    const { store } = memoryStore();
    store.append([
      sampleAt(NOW - 6 * DAY, [SERVER, 10, 70], [MODEL, 3]),
      sampleAt(NOW - HOUR, [SERVER, 60]),
      sampleAt(NOW - HOUR + 1, [SERVER, 60], [MODEL, 3]),
    ]);
    expect(store.peaks()).toEqual([
      { ...SERVER, bytes: 70, time: NOW - 6 * DAY },
      { ...MODEL, bytes: 3, time: NOW - 6 * DAY },
    ]);
  });
});

describe("bounds", () => {
  it("each level forgets what is older than it keeps, and what lies in the future", () => {
    const { database, store } = memoryStore({ keepMs: 2 * DAY });
    for (const age of [3 * DAY, DAY, HOUR, 0, -2 * DAY]) store.append([sampleAt(NOW - age, [SERVER, 1])]);
    store.trim();
    expect(countsOf(database).map((counts) => Object.values(counts))).toEqual([[1], [2], [3]]);
  });

  it("no more is kept than may be, and the oldest goes first", () => {
    const { database, store } = memoryStore({ maxBytes: 20_000 });
    for (let index = 0; index < 600; index++)
      store.append([sampleAt(NOW - (600 - index) * 5 * MINUTE, [SERVER, index])]);
    store.trim();
    const { bytes, newest, oldest } = database
      .prepare(
        "SELECT sum(length(figures) + 32) AS bytes, max(time) AS newest, min(time) AS oldest FROM memory_samples",
      )
      .get() as Record<string, number>;
    expect(bytes).toBeLessThanOrEqual(20_000);
    expect(bytes).toBeGreaterThan(15_000);
    expect(newest).toBeGreaterThan(NOW - 10 * MINUTE);
    expect(oldest).toBeGreaterThan(NOW - 2 * DAY);
  });

  it("a batch that another process keeps from being written throws, and is written later, whole", () => {
    const folder = testFolder();
    const [mine, other] = [openDatabase(folder), openDatabase(folder)];
    onTestFinished(() => [mine, other].forEach(({ database }) => void database.close()));
    const store = new SampleStore(mine.database, { now: () => NOW });
    const batch = [sampleAt(NOW, [SERVER, 1], [MODEL, 1])];
    other.database.exec("BEGIN IMMEDIATE");
    expect(() => store.append(batch)).toThrow(/locked/);
    other.database.exec("ROLLBACK");
    store.append(batch);
    expect(countsOf(mine.database).map((counts) => Object.values(counts))).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    expect(mine.database.pragma("busy_timeout", { simple: true })).toBe(1_000);
  });

  it("two servers on one database add to the same buckets", () => {
    const folder = testFolder();
    const opened = [openDatabase(folder), openDatabase(folder)];
    onTestFinished(() => opened.forEach(({ database }) => void database.close()));
    const stores = opened.map(({ database }) => new SampleStore(database, { now: () => NOW }));
    stores[1]?.append([sampleAt(NOW, [MODEL, 7])]);
    stores[0]?.append([sampleAt(NOW, [SERVER, 1], [MODEL, 9])]);
    stores[1]?.append([sampleAt(NOW, [SERVER, 3])]);
    expect(stores[0]?.peaks().map(({ of, bytes }) => [of, bytes])).toEqual(
      expect.arrayContaining([
        ["model", 9],
        ["server", 3],
      ]),
    );
  });
});
