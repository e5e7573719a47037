import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { LatestGpus, readProcessMemory, type MemorySample } from "../../../lib/memory";
import { RuntimeDatabase } from "../../../lib/runtime/database";
import { MemoryHistory } from "../../../lib/runtime/memory-history";
import { MemoryPeaks } from "../../../lib/runtime/memory-peaks";
import { openDatabase } from "../../../lib/store";
import { DAY, sampleAt, SERVER } from "../store/samples-support";
import { testFolder } from "../store/folder";

const NOW = 1_800_000_000_000;
const machine = {
  processes: () => [{ of: "server" as const, name: null, pid: process.pid }],
  limits: { container: null, host: null, budget: 1_000 },
  gpus: new LatestGpus(
    () => Promise.resolve({ gpus: [], processes: [], problem: "no_program", message: null }),
    () => 0,
  ),
};

function history(folder: string, keepMs = 7 * DAY) {
  const warnings: string[] = [];
  const warn = (warning: string) => void warnings.push(warning);
  const database = new RuntimeDatabase(folder, warn);
  const made = new MemoryHistory({ database, settings: { keepMs, maxBytes: 16e6 }, warn });
  onTestFinished(() => {
    made.close();
    database.close();
  });
  return { history: made, database, warnings };
}

/** Two seconds each; the first has two samples, that of the start and the one in its middle. */
const countOf = async (made: MemoryHistory) => {
  const { times } = await made.samples({ from: NOW - 1_000, to: Date.now() + 1, points: 2_100 });
  return times.length;
};

beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ["Date", "setTimeout", "clearTimeout", "setInterval"] }));
afterEach(() => void vi.useRealTimers());

describe.runIf(process.platform === "linux")("memory over time", () => {
  it("shows samples at once, written or not, and follows with `next`", async () => {
    const { history: made } = history(testFolder());
    made.start(machine);
    vi.advanceTimersByTime(13_000);
    expect(await countOf(made)).toBe(7);
    const first = await made.samples({ from: NOW, to: NOW + 60_000, points: 100 });
    vi.advanceTimersByTime(6_000);
    const news = await made.samples({ from: NOW, to: NOW + 60_000, points: 100, step: first.step, after: first.next });
    // The bucket that was read last, and three more.
    expect(news.times).toHaveLength(4);
    expect(news.times[0]).toBe(first.times.at(-1));
    expect(news.next).toBeGreaterThan(first.next);
    const resident = news.series.find(({ of, figure }) => of === "server" && figure === "resident");
    expect(resident?.mean[0]).toBeGreaterThan((readProcessMemory("self")?.rss ?? 0) / 4);
  });

  it("a kill costs the last batch at most; the next server finds the rest, and that there was no end", async () => {
    const folder = testFolder();
    const killed = history(folder);
    killed.history.start(machine);
    vi.advanceTimersByTime(26_000);
    expect(await countOf(killed.history)).toBe(13);
    const { history: next } = history(folder);
    expect(await countOf(next)).toBe(9);
    next.start(machine);
    expect(next.events({}).map(({ event }) => event)).toEqual(["server_started", "server_started"]);
  });

  it("an orderly end loses nothing", async () => {
    const folder = testFolder();
    const ended = history(folder);
    ended.history.start(machine);
    vi.advanceTimersByTime(26_000);
    ended.history.close();
    vi.advanceTimersByTime(26_000);
    const { history: next } = history(folder);
    expect(await countOf(next)).toBe(13);
    expect(next.events({}).map(({ event }) => event)).toEqual(["server_started", "server_stopped"]);
  });

  it("while another process keeps the database to itself, samples wait, and half an hour of them at most", async () => {
    const folder = testFolder();
    const { history: made, warnings } = history(folder);
    made.start(machine);
    const other = openDatabase(folder).database;
    onTestFinished(() => void other.close());
    other.exec("BEGIN IMMEDIATE");
    vi.advanceTimersByTime(40_000);
    expect(await countOf(made)).toBe(20);
    expect(warnings).toHaveLength(1);
    expect(made.lost).toBe(0);
    vi.advanceTimersByTime(60 * 60_000);
    expect(made.lost).toBe(1_821 - 900);
    other.exec("ROLLBACK");
    vi.advanceTimersByTime(10_000);
    made.close();
    const rows = other.prepare("SELECT count(*) AS rows FROM memory_samples WHERE step = 2000").get() as {
      rows: number;
    };
    expect(rows.rows).toBeGreaterThanOrEqual(900);
  });

  it("is kept in memory where no database can be written", async () => {
    const folder = testFolder();
    mkdirSync(join(folder, "memwell.db"));
    writeFileSync(join(folder, "memwell.db", "in-the-way"), "");
    const { history: made } = history(folder);
    made.start(machine);
    vi.advanceTimersByTime(13_000);
    expect(await countOf(made)).toBe(7);
    expect(made.peaks().find(({ of }) => of === "budget")).toMatchObject({ sinceStart: { bytes: 1_000 } });
  });

  it("takes no samples where none are kept, and tells what happened all the same", async () => {
    const { history: made } = history(testFolder(), 0);
    made.start(machine);
    vi.advanceTimersByTime(60_000);
    expect(await countOf(made)).toBe(0);
    expect(made.peaks()).toEqual([]);
    expect(made.events({})).toHaveLength(1);
  });

  it("makes no database only to read", async () => {
    const { history: made, database } = history(testFolder());
    expect(await countOf(made)).toBe(0);
    expect([made.events({}), made.peaks(), database.exists]).toEqual([[], [], false]);
  });
});

describe("peaks", () => {
  const see = (peaks: MemoryPeaks, ...samples: MemorySample[]) => samples.forEach((sample) => peaks.see(sample));

  it("since the start are those seen; those kept reach back to earlier servers", () => {
    const peaks = new MemoryPeaks(DAY);
    see(peaks, sampleAt(NOW, [SERVER, 50, 60]));
    const kept = () => [{ ...SERVER, bytes: 90, time: NOW - 5_000 }];
    expect(peaks.report(kept, NOW)).toEqual([
      { ...SERVER, sinceStart: { bytes: 60, time: NOW }, kept: { bytes: 90, time: NOW - 5_000 } },
    ]);
    see(peaks, sampleAt(NOW + 1, [SERVER, 100]));
    const after = { bytes: 100, time: NOW + 1 };
    expect(peaks.report(kept, NOW)).toEqual([{ ...SERVER, sinceStart: after, kept: after }]);
  });

  it("of two that are equal the first counts", () => {
    const peaks = new MemoryPeaks(DAY);
    see(peaks, sampleAt(NOW, [SERVER, 5]), sampleAt(NOW + 9, [SERVER, 5]));
    expect(peaks.report(() => [], NOW)[0]?.sinceStart?.time).toBe(NOW);
  });

  it("are looked for again once one is too old, and not at every call", () => {
    let reads = 0;
    const peaks = new MemoryPeaks(DAY);
    see(peaks, sampleAt(NOW, [SERVER, 70]));
    const kept = () => (reads++, [{ ...SERVER, bytes: 20, time: NOW + DAY }]);
    for (let call = 0; call < 5; call++) peaks.report(kept, NOW);
    expect(reads).toBe(1);
    expect(peaks.report(kept, NOW + DAY + 1)[0]).toMatchObject({ sinceStart: { bytes: 70 }, kept: { bytes: 20 } });
    expect(reads).toBe(2);
  });
});
