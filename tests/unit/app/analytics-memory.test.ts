import { describe, expect, it } from "vitest";
import { ledgerSteps } from "../../../app/_analytics/ledger-steps";
import { eventWords, markOf } from "../../../app/_analytics/event-words";
import { linesOf, sampleRows, withSamples } from "../../../app/_analytics/memory-samples";
import { isBudgetNear } from "../../../app/_components/analytics/memory-settings";
import { describeLines } from "../../../app/_components/analytics/MemoryChart";
import { fitWords } from "../../../app/_components/analytics/WouldItFit";
import type { FitBody, MemoryEventEntry, MemoryLogEntry, MemorySamplesBody } from "../../../lib/wire";

function record(given: Partial<MemoryLogEntry>): MemoryLogEntry {
  return {
    id: 1,
    time: 1000,
    step_id: "a",
    step: "load",
    phase: "start",
    run: null,
    turn: null,
    model: "tutor",
    pid: 7,
    forecast_bytes: 300,
    process_bytes: 100,
    server_bytes: 50,
    cgroup_bytes: 500,
    host_bytes: 900,
    gpu_bytes: null,
    duration_ms: null,
    tokens: null,
    outcome: null,
    ...given,
  };
}

const LOAD = [
  record({ id: 1, time: 1000 }),
  record({ id: 2, time: 1500, phase: "peak", process_bytes: 400, cgroup_bytes: 800 }),
  record({ id: 3, time: 2000, phase: "end", process_bytes: 250, duration_ms: 1000, outcome: "done" }),
];

describe("the ledger's steps", () => {
  it("are one row for three records, the newest first", () => {
    const rows = ledgerSteps([...LOAD, record({ id: 4, step_id: "b", step: "unload", time: 3000 })]);
    expect(rows.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual(["unload open", "load done"]);
    expect(rows[1]).toMatchObject({
      before: 100,
      peak: 400,
      after: 250,
      forecast: 300,
      container: 800,
      durationMs: 1000,
    });
  });

  it("whose beginning is not among the records read stand there all the same", () => {
    expect(ledgerSteps(LOAD.slice(1))).toMatchObject([{ before: null, peak: 400, after: 250, outcome: "done" }]);
  });
});

const MINUTE = 60_000;

/** An answer of the server with one bucket for each of these times, in which everything had these most bytes. */
function answer(times: number[], most: Record<string, (number | null)[]>, given: Partial<MemorySamplesBody> = {}) {
  const named = (key: string) => {
    const [of, name, figure] = key.split(" ");
    return { of, name: name === "-" ? null : name, figure } as Pick<MemorySamplesBody["series"][number], "of">;
  };
  const series = Object.entries(most).map(([key, max]) => ({ ...named(key), min: max, mean: max, max }));
  const to = 10 * MINUTE;
  return { from: 0, to, step: MINUTE, next: 7, times, series, ...given } as MemorySamplesBody;
}

describe("memory over time", () => {
  const first = answer([0, MINUTE], {
    "model tutor resident": [null, 20],
    "host - used": [5, 7],
    "host - file": [100, 100],
    "budget - limit": [900, 900],
    "server - resident": [3, 4],
  });

  it("has a line for the machine, the server and each model, and nothing where one was not seen", () => {
    const history = withSamples(null, first, 10 * MINUTE);
    expect(linesOf(history)).toEqual([
      {
        key: "host/",
        name: "machine",
        points: [
          { time: 0, bytes: 5 },
          { time: MINUTE, bytes: 7 },
        ],
      },
      {
        key: "server/",
        name: "web server",
        points: [
          { time: 0, bytes: 3 },
          { time: MINUTE, bytes: 4 },
        ],
      },
      { key: "model/tutor", name: "tutor", points: [{ time: MINUTE, bytes: 20 }] },
    ]);
  });

  it("takes a bucket that comes again in the place of what it was, and lets go of what is too old", () => {
    const more = answer([MINUTE, 12 * MINUTE], { "host - used": [9, 8] }, { to: 13 * MINUTE + 1, next: 8 });
    const history = withSamples(withSamples(null, first, 12 * MINUTE), more, 12 * MINUTE);
    expect(history).toMatchObject({ next: 8, to: 13 * MINUTE + 1 });
    expect(linesOf(history)).toEqual([
      {
        key: "host/",
        name: "machine",
        points: [
          { time: MINUTE, bytes: 9 },
          { time: 12 * MINUTE, bytes: 8 },
        ],
      },
    ]);
  });

  it("begins anew when the server answers in other steps", () => {
    const coarse = answer([0], { "host - used": [1] }, { step: 5 * MINUTE });
    const history = withSamples(withSamples(null, first, 10 * MINUTE), coarse, 10 * MINUTE);
    expect(linesOf(history)).toEqual([{ key: "host/", name: "machine", points: [{ time: 0, bytes: 1 }] }]);
  });

  it("go to a spreadsheet with a row for each time, and nothing where a line has no point", () => {
    const lines = linesOf(withSamples(null, first, 10 * MINUTE));
    expect(sampleRows(lines)).toEqual([
      ["1970-01-01T00:00:00.000Z", 5, 3, null],
      ["1970-01-01T00:01:00.000Z", 7, 4, 20],
    ]);
  });

  it("tells the lines in words, and leaves the budget out of a drawing it would flatten", () => {
    const lines = linesOf(withSamples(null, answer([0, MINUTE], { "host - used": [700, 2e9] }), 10 * MINUTE));
    expect(describeLines(lines, 20e9)).toBe(
      "A line chart over time. machine 2.0 GB last, from 700 B to 2.0 GB. The budget is 20 GB.",
    );
    expect(isBudgetNear(lines, 20e9)).toBe(false);
    expect(isBudgetNear(lines, 4e9)).toBe(true);
  });
});

describe("what happened to a model", () => {
  const event = (given: Partial<MemoryEventEntry>) =>
    ({
      ...Object.fromEntries(NOT_KNOWN.map((name) => [name, null])),
      id: 1,
      time: 0,
      model: "tutor",
      ...given,
    }) as MemoryEventEntry;
  const NOT_KNOWN = ["reason", "for", "needed_bytes", "budget_bytes", "other_bytes", "models_bytes", "held_bytes"];
  const REST = { idle_ms: null, load_ms: null, replaced: null, code: null, message: null };

  it.each<[Partial<MemoryEventEntry>, string, string | null]>([
    [{ event: "loaded", load_ms: 1200, held_bytes: 62e6 }, "was loaded (in 1.2 s, takes 62 MB)", "load"],
    [{ event: "loaded", replaced: ["a", "b"] }, "was loaded; a swap: it took the place of a and b", "load"],
    [
      {
        event: "evicted",
        for: "thinker",
        needed_bytes: 120e6,
        budget_bytes: 150e6,
        models_bytes: 90e6,
        other_bytes: 20e6,
        idle_ms: 4000,
      },
      "made room for thinker, which needed 120 MB: models held 90 MB and all else 20 MB of 150 MB; nobody had used it for 4.0 s",
      "unload",
    ],
    [{ event: "evicted", for: "thinker" }, "made room for thinker", "unload"],
    [
      { event: "unloaded", reason: "idle", idle_ms: 600_000 },
      "was unloaded: nobody had used it for 10 min 0 s",
      "unload",
    ],
    [{ event: "crashed", message: "Killed." }, "ended by itself: Killed.", "crash"],
    [{ event: "load_failed", code: "model_invalid" }, "could not be loaded: model_invalid", null],
    [{ event: "server_started", model: null }, "the server started", null],
  ])("%o is told in words", (given, words, mark) => {
    expect(eventWords(event({ ...REST, ...given }))).toBe(words);
    expect(markOf(event({ ...REST, ...given }))).toBe(mark);
  });
});

it("whether a model would fit is told in words", () => {
  const forecast = { weights: 80e6, kv: 20e6, compute: 0, adapters: 0, process: 0, total: 120e6 };
  const fit = { model: "tutor", forecast, context_size: 4096, budget: 1e9, other: 2e8, download: null };
  const needs = "tutor needs 120 MB (weights 80 MB, context of 4096 tokens 20 MB) of 800 MB that models may hold.";
  const said = (given: object) => fitWords({ ...fit, ...given } as FitBody);
  expect(said({ fits: true, fits_beside: true })).toBe(`It fits beside what is loaded now. ${needs}`);
  expect(said({ fits: true, fits_beside: false })).toBe(`It fits once others have left. ${needs}`);
  expect(said({ fits: false, fits_beside: false, download: { size: 5e9 } })).toBe(
    `It does not fit. ${needs} First 5.0 GB would be downloaded.`,
  );
});
