import { describe, expect, it } from "vitest";
import { EvictionCounts, judge, type AlertLimits, type Readings } from "../../../lib/analytics";

const LIMITS: AlertLimits = { budgetShare: 0.9, freeDiskBytes: 1_000, evictionsPerHour: 4 };
const FINE: Readings = { memory: { usedBytes: 10, budgetBytes: 100 }, freeDiskBytes: 5_000, evictions: new Map() };

const names = (list: readonly { name: string; subject: string | null }[]) =>
  list.map(({ name, subject }) => subject ?? name);

describe("alerts", () => {
  it.each<[string, Partial<Readings>, string[]]>([
    ["nothing", {}, []],
    ["at its bound", { memory: { usedBytes: 90, budgetBytes: 100 } }, []],
    ["above it", { memory: { usedBytes: 91, budgetBytes: 100 } }, ["memory_budget"]],
    ["a disk that is just large enough", { freeDiskBytes: 1_000 }, []],
    ["a disk that is full", { freeDiskBytes: 999 }, ["disk_free"]],
    ["a model that leaves as often as it may", { evictions: new Map([["a", 4]]) }, []],
    ["one that leaves more often", { evictions: new Map([["a", 4], ["b", 5]]) }, ["b"]], // prettier-ignore
    ["what nobody knows", { memory: null, freeDiskBytes: null }, []],
  ])("begin with %s", (_, readings, expected) => {
    expect(names(judge({ ...FINE, ...readings }, LIMITS, []).begun)).toEqual(expected);
  });

  it("begin once, and are over only when it is clearly better", () => {
    const at = (usedBytes: number) => ({ ...FINE, memory: { usedBytes, budgetBytes: 100 } });
    const open = [{ name: "memory_budget" as const, subject: null }];
    expect(judge(at(95), LIMITS, open)).toEqual({ begun: [], over: [] });
    expect(judge(at(88), LIMITS, open)).toEqual({ begun: [], over: [] });
    expect(judge(at(85), LIMITS, open)).toEqual({ begun: [], over: open });
    expect(judge(at(88), LIMITS, []).begun).toEqual([]);
  });

  it("of a disk and of a model are over later than they began", () => {
    const disk = [{ name: "disk_free" as const, subject: null }];
    expect(judge({ ...FINE, freeDiskBytes: 1_099 }, LIMITS, disk).over).toEqual([]);
    expect(judge({ ...FINE, freeDiskBytes: 1_100 }, LIMITS, disk).over).toEqual(disk);
    const model = [{ name: "evictions" as const, subject: "a" }];
    expect(judge({ ...FINE, evictions: new Map([["a", 3]]) }, LIMITS, model).over).toEqual([]);
    expect(judge({ ...FINE, evictions: new Map([["a", 2]]) }, LIMITS, model).over).toEqual(model);
    expect(judge(FINE, LIMITS, model).over).toEqual(model);
  });

  it("neither begin nor end with what is not known, and end when nobody asks for them any more", () => {
    const open = [{ name: "memory_budget" as const, subject: null }];
    expect(judge({ ...FINE, memory: null }, LIMITS, open).over).toEqual([]);
    expect(judge(FINE, { ...LIMITS, budgetShare: null }, open).over).toEqual(open);
  });
});

describe("how often models had to leave", () => {
  it("is counted over the last hour, and since the start", () => {
    let now = 0;
    const counts = new EvictionCounts(() => now);
    counts.see("a");
    now = 1_800_000;
    counts.see("a");
    counts.see("b");
    expect([...counts.ofLastHour()]).toEqual([["a", 2], ["b", 1]]); // prettier-ignore
    now = 3_600_000;
    expect([...counts.ofLastHour()]).toEqual([["a", 1], ["b", 1]]); // prettier-ignore
    now = 9e9;
    expect([...counts.ofLastHour()]).toEqual([]);
    expect([...counts.totals()]).toEqual([["a", 2], ["b", 1]]); // prettier-ignore
  });
});
