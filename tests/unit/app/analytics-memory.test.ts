import { describe, expect, it } from "vitest";
import { ledgerSteps } from "../../../app/_analytics/ledger-steps";
import { eventsOf, sampleOf, sampleOfRecord, samplesSince } from "../../../app/_analytics/memory-samples";
import { isBudgetNear } from "../../../app/_components/analytics/memory-settings";
import { describeSamples } from "../../../app/_components/analytics/MemoryChart";
import type { MemoryBody, MemoryLogEntry } from "../../../lib/wire";

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

describe("memory over time", () => {
  const memory = (source: string) =>
    ({
      use: { used: 700, source },
      server: { rss: 60 },
      models: [{ rss: 10 }, { rss: 20 }, {}],
      gpus: [{ usedBytes: 5 }, { usedBytes: null }],
    }) as unknown as MemoryBody;

  it("never mixes what the container holds with what the machine holds", () => {
    expect(sampleOf(memory("cgroup"), 9)).toEqual({
      time: 9,
      container: 700,
      machine: null,
      server: 60,
      models: 30,
      gpu: 5,
    });
    expect(sampleOf(memory("host"), 9)).toMatchObject({ container: null, machine: 700 });
    expect(sampleOfRecord(record({}))).toMatchObject({ container: 500, machine: 900, models: null, gpu: null });
  });

  it("shows what lies in the span, in order, and thins out what is too much", () => {
    const samples = Array.from({ length: 1000 }, (_, index) => ({ ...sampleOf(memory("host"), 1000 - index) }));
    const shown = samplesSince(samples, 501, 100);
    expect(shown).toHaveLength(100);
    expect(shown[0]?.time).toBe(501);
    expect(shown.map(({ time }) => time)).toEqual(shown.map(({ time }) => time).sort((one, other) => one - other));
  });

  it("marks loads and unloads that ended well", () => {
    const failed = record({ phase: "end", outcome: "failed" });
    expect(eventsOf([...LOAD, failed])).toEqual([{ time: 2000, kind: "load", model: "tutor", bytes: 50 }]);
  });

  it("tells the lines in words, and leaves the budget out of a drawing it would flatten", () => {
    const samples = [
      sampleOf(memory("host"), 1),
      sampleOf({ ...memory("host"), use: { ...memory("host").use, used: 2e9 } }, 2),
    ];
    expect(describeSamples(samples, 20e9)).toBe(
      "A line chart over time. machine 2.0 GB now, from 700 B to 2.0 GB; models 30 B now, from 30 B to 30 B; " +
        "web server 60 B now, from 60 B to 60 B; GPU 5 B now, from 5 B to 5 B. The budget is 20 GB.",
    );
    expect(isBudgetNear(samples, 20e9)).toBe(false);
    expect(isBudgetNear(samples, 4e9)).toBe(true);
  });
});
