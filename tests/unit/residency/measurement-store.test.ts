import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { LoadSettings } from "../../../lib/engine";
import { fingerprintModelFile, footprintKey, MeasurementStore, MAX_ENTRIES } from "../../../lib/residency/forecast";

const root = mkdtempSync(join(tmpdir(), "memwell-footprints-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
const newFolder = (): string => join(root, String(++folders));
const fileOf = (folder: string): string => join(folder, "measurements.json");
const keyOf = (text: string | number): string => createHash("sha256").update(String(text)).digest("hex");
const forecast = { weights: 500, kv: 100, compute: 50, adapters: 20, process: 130, total: 800 };

async function storeWith(content: string): Promise<{ store: MeasurementStore; folder: string }> {
  const folder = newFolder();
  mkdirSync(folder);
  writeFileSync(fileOf(folder), content);
  return { store: await MeasurementStore.open(folder), folder };
}

describe("a measured peak", () => {
  test("replaces the forecast with 2 % more, also after a restart", async () => {
    const folder = newFolder();
    const first = await MeasurementStore.open(folder);
    expect(first.correct(keyOf("a"), forecast)).toBe(forecast);
    expect(await first.record(keyOf("a"), 900)).toBe(true);
    const again = await MeasurementStore.open(folder);
    const corrected = again.correct(keyOf("a"), forecast);
    expect(corrected).toEqual({ ...forecast, process: 248, total: 918 });
    expect(again.correct(keyOf("b"), forecast)).toBe(forecast);
  });

  test("lower than the forecast leaves weights, keys and values as they are", async () => {
    const store = await MeasurementStore.open(newFolder());
    await store.record(keyOf("a"), 650);
    expect(store.correct(keyOf("a"), forecast)).toEqual({ ...forecast, compute: 43, process: 0, total: 663 });
  });

  test("smaller than the one before changes nothing; a larger one does", async () => {
    const store = await MeasurementStore.open(newFolder());
    for (const peak of [900, 700, 950, 800]) await store.record(keyOf("a"), peak);
    expect(store.peakOf(keyOf("a"))).toBe(950);
  });

  test.each([["below the weights", 599] as const, ["above four times the forecast", 3201] as const])(
    "%s is not believed",
    async (_, peak) => {
      const store = await MeasurementStore.open(newFolder());
      await store.record(keyOf("a"), peak);
      expect(store.correct(keyOf("a"), forecast)).toBe(forecast);
    },
  );

  test("that is no number of bytes is not recorded", async () => {
    const store = await MeasurementStore.open(newFolder());
    for (const peak of [NaN, -1, 0, Infinity]) expect(await store.record(keyOf("a"), peak)).toBe(false);
    expect(await store.record("__proto__", 900)).toBe(false);
    expect(store.size).toBe(0);
  });

  test("corrects to parts that add up, whatever it is", async () => {
    const store = await MeasurementStore.open(newFolder());
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5000 }), async (peak) => {
        await store.record(keyOf(peak), peak);
        const { total, ...parts } = store.correct(keyOf(peak), forecast);
        expect(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(total);
        expect(Math.min(...Object.values(parts))).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 30 },
    );
  });
});

describe("the best numbers of threads", () => {
  test("come back after a restart, beside the peak, where there are as many cores", async () => {
    const folder = newFolder();
    const first = await MeasurementStore.open(folder);
    expect(first.threadsOf(keyOf("a"), 2)).toBeNull();
    await first.record(keyOf("a"), 900);
    expect(await first.recordThreads(keyOf("a"), 2, { decode: 1, prefill: 2 })).toBe(true);
    const again = await MeasurementStore.open(folder);
    expect(again.threadsOf(keyOf("a"), 2)).toEqual({ decode: 1, prefill: 2 });
    expect(again.threadsOf(keyOf("a"), 4)).toBeNull();
    expect(again.peakOf(keyOf("a"))).toBe(900);
  });

  test("that make no sense are not recorded", async () => {
    const store = await MeasurementStore.open(newFolder());
    for (const decode of [0, -1, 1.5, NaN])
      expect(await store.recordThreads(keyOf("a"), 2, { decode, prefill: 1 })).toBe(false);
    expect(store.size).toBe(0);
  });
});

describe("the file", () => {
  test("keeps the newest 200, and no temporary file", async () => {
    const folder = newFolder();
    const store = await MeasurementStore.open(folder);
    await Promise.all(Array.from({ length: MAX_ENTRIES + 5 }, (_, index) => store.record(keyOf(index), 100 + index)));
    const again = await MeasurementStore.open(folder);
    expect([again.size, again.peakOf(keyOf(4)), again.peakOf(keyOf(5))]).toEqual([MAX_ENTRIES, null, 105]);
    expect(readdirSync(folder)).toEqual(["measurements.json"]);
  });

  const entry = { key: keyOf("a"), peakBytes: 900 };
  test.each([
    ["empty", ""],
    ["cut off", JSON.stringify({ version: 1, entries: [entry] }).slice(0, -3)],
    ["another version", JSON.stringify({ version: 2, entries: [entry] })],
    ["null", "null"],
    ["a negative peak", JSON.stringify({ version: 1, entries: [entry, { ...entry, peakBytes: -1 }] })],
    ["a peak past all numbers", `{"version":1,"entries":[{"key":"${entry.key}","peakBytes":1e400}]}`],
    ["a key that is none", JSON.stringify({ version: 1, entries: [{ ...entry, key: "../../etc" }] })],
    ["nested a thousand times", "[".repeat(100_000)],
    ["bytes", "\u0000\ufffd\u0001"],
  ])("that is bad (%s) is set aside and forgotten", async (_, content) => {
    const { store, folder } = await storeWith(content);
    expect(store.size).toBe(0);
    expect(readFileSync(`${fileOf(folder)}.bad`, "utf8")).toBe(content);
    expect(await store.record(keyOf("b"), 900)).toBe(true);
    expect((await MeasurementStore.open(folder)).peakOf(keyOf("b"))).toBe(900);
  });

  test("of gigabytes, a folder or a pipe in its place is set aside unread", async () => {
    const makers: ((path: string) => void)[] = [
      (path) => {
        writeFileSync(path, "");
        truncateSync(path, 4 * 1024 ** 3);
      },
      (path) => mkdirSync(path),
      (path) => execFileSync("mkfifo", [path]),
    ];
    const folder = newFolder();
    mkdirSync(folder);
    for (const make of makers) {
      make(fileOf(folder));
      expect((await MeasurementStore.open(folder)).size).toBe(0);
      expect([existsSync(fileOf(folder)), existsSync(`${fileOf(folder)}.bad`)]).toEqual([false, true]);
    }
  });

  test("that cannot be written leaves the peak in memory", async () => {
    const blocked = join(root, "blocked");
    writeFileSync(blocked, "a file where the folder should be");
    const store = await MeasurementStore.open(blocked);
    expect(await store.record(keyOf("a"), 900)).toBe(false);
    expect(store.peakOf(keyOf("a"))).toBe(900);
  });
});

describe("the key", () => {
  const settings: LoadSettings = {
    modelPath: "/a.gguf",
    contexts: [{ name: "base", adapter: null }],
    contextSize: 1024,
    sequences: 2,
    batchSize: 128,
    threads: 1,
    gpu: false,
  };
  const parts = { fingerprint: "f", settings, adapters: [{ fileBytes: 1 }, { fileBytes: 2 }], libraryVersion: "v1" };

  test("changes with all that changes memory, and with nothing else", () => {
    const changed: Parameters<typeof footprintKey>[0][] = [
      parts,
      { ...parts, fingerprint: "g" },
      { ...parts, libraryVersion: "v2" },
      { ...parts, adapters: [] },
      { ...parts, settings: { ...settings, kvType: "Q8_0" } },
      ...[{ contextSize: 2048 }, { sequences: 3 }, { batchSize: 64 }, { gpu: "auto" as const }, { contexts: [] }].map(
        (change) => ({ ...parts, settings: { ...settings, ...change } }),
      ),
    ];
    expect(new Set(changed.map(footprintKey)).size).toBe(changed.length);
    const moved = { ...parts, settings: { ...settings, modelPath: "/b.gguf", threads: 2 } };
    expect(footprintKey({ ...moved, adapters: [...parts.adapters].reverse() })).toBe(footprintKey(parts));
  });

  test("of a file tells a changed head, tail and size", async () => {
    const path = join(root, "model.bin");
    const bytes = Buffer.alloc(3 * 1024 ** 2, 7);
    const prints = new Set<string>();
    for (const change of [() => {}, () => bytes.writeUInt8(1, 9), () => bytes.writeUInt8(1, bytes.length - 1)]) {
      change();
      writeFileSync(path, bytes);
      prints.add(await fingerprintModelFile(path));
      expect(await fingerprintModelFile(path)).toMatch(/^[0-9a-f]{64}$/);
    }
    for (const size of [bytes.length - 1, 10, 0]) {
      truncateSync(path, size);
      prints.add(await fingerprintModelFile(path));
    }
    expect(prints.size).toBe(6);
  });
});
