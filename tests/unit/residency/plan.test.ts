import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesOf, planAdmission, type PlanResident, type PlanState } from "../../../lib/residency";
import { memoryExceeded } from "../../../lib/residency/ways-out";

function resident(key: string, bytes: number, changes: Partial<PlanResident> = {}): PlanResident {
  return {
    key,
    state: "ready",
    reservationBytes: bytes,
    measuredBytes: null,
    leases: 0,
    lastUsedAt: 0,
    pinned: false,
    draining: false,
    ...changes,
  };
}

/** A model "new" of 4 in a budget of 10 out of 12, where others hold 1. */
function state(residents: PlanResident[], changes: Partial<PlanState> = {}): PlanState {
  return { key: "new", neededBytes: 4, limitBytes: 12, budgetBytes: 10, otherBytes: 1, residents, ...changes };
}

describe("planAdmission, branch by branch", () => {
  const rows: [branch: number, what: string, state: PlanState, plan: object][] = [
    [1, "ready", state([resident("new", 9)]), { action: "admit" }],
    [2, "its own load", state([resident("new", 9, { state: "loading" })]), { action: "join" }],
    [3, "its own stop", state([resident("new", 4, { state: "stopping" })]), { reason: "stop", keys: ["new"] }],
    [4, "too large alone", state([], { neededBytes: 9.5 }), { action: "refuse" }],
    [4, "too large, although another loads", state([resident("a", 1, { state: "loading" })], { neededBytes: 99 }), {}],
    [4, "too large beside a pinned one", state([resident("a", 6, { pinned: true })]), { action: "refuse" }],
    [4, "a footprint that is no number", state([], { neededBytes: NaN }), { action: "refuse" }],
    [5, "another loads", state([resident("a", 1, { state: "loading" })]), { reason: "load", keys: ["a"] }],
    [6, "an empty machine", state([]), { action: "load" }],
    [6, "exactly the budget", state([resident("a", 5, { leases: 1 })]), { action: "load" }],
    [6, "measured less than reserved", state([resident("a", 9, { measuredBytes: 5 })]), { action: "load" }],
    [
      7,
      "enough is on its way out",
      state([resident("a", 5, { state: "stopping" }), resident("b", 4)]),
      { reason: "stop", keys: ["a"] },
    ],
    [
      7,
      "a stopping one measured no more",
      state([resident("a", 6, { state: "stopping", measuredBytes: 0 })]),
      { reason: "stop", keys: ["a"] },
    ],
    [
      7,
      "enough is being given back",
      state([resident("a", 6, { extraBytes: 2, spareBytes: 2, shrinking: true })]),
      { reason: "stop", keys: ["a"] },
    ],
    [
      8,
      "contexts nobody uses go before a model does, also those of a busy one",
      state([resident("a", 3, { leases: 1, extraBytes: 2, spareBytes: 1 }), resident("b", 3)]),
      { action: "shrink", keys: ["a"] },
    ],
    [
      8,
      "the fewest models shrink, the least recently used first",
      state([
        resident("a", 3, { lastUsedAt: 2, extraBytes: 1, spareBytes: 1 }),
        resident("b", 3, { lastUsedAt: 1, extraBytes: 1, spareBytes: 1 }),
      ]),
      { keys: ["b"] },
    ],
    [
      8,
      "a pinned one shrinks where that is not enough alone",
      state([resident("a", 5, { pinned: true, extraBytes: 2, spareBytes: 1 }), resident("b", 4)]),
      { keys: ["a"] },
    ],
    [
      9,
      "no context goes in vain",
      state([resident("a", 9, { extraBytes: 2, spareBytes: 2 })]),
      { action: "evict", keys: ["a"] },
    ],
    [9, "one idle in the way", state([resident("a", 6)]), { action: "evict", keys: ["a"] }],
    [
      9,
      "the least recently used goes first",
      state([resident("a", 3, { lastUsedAt: 2 }), resident("b", 3, { lastUsedAt: 1 })]),
      { keys: ["b"] },
    ],
    [
      9,
      "never the busy or pinned one",
      state([resident("a", 2, { leases: 1 }), resident("b", 2, { pinned: true }), resident("c", 2, { lastUsedAt: 9 })]),
      { keys: ["c"] },
    ],
    [
      9,
      "beside one that stops, which is not enough",
      state([resident("a", 3, { state: "stopping" }), resident("b", 6)]),
      { keys: ["b"] },
    ],
    [10, "busy", state([resident("a", 6, { leases: 1 })]), { action: "wait", reason: "busy", keys: ["a"] }],
    [
      10,
      "idle ones alone are not enough, so none goes",
      state([resident("a", 1, { lastUsedAt: 5 }), resident("b", 6, { leases: 1 })]),
      { reason: "busy", keys: ["a", "b"] },
    ],
    [
      10,
      "a pinned one uses two contexts",
      state([resident("a", 6, { leases: 2, pinned: true, extraBytes: 2, spareBytes: 0 })]),
      { reason: "busy", keys: ["a"] },
    ],
    [
      10,
      "what drains already stays chosen",
      state([resident("a", 3, { leases: 1 }), resident("b", 3, { leases: 1, lastUsedAt: 9, draining: true })]),
      { reason: "busy", keys: ["b"] },
    ],
  ];
  it.each(rows)("%i: %s", (branch, _what, given, plan) => {
    expect(planAdmission(given)).toMatchObject({ branch, ...plan });
  });
});

describe("a refusal", () => {
  it("has the figures and the ways out as data and in words", () => {
    const plan = planAdmission({
      key: "big",
      neededBytes: 14e9,
      limitBytes: 16e9,
      budgetBytes: 12.8e9,
      otherBytes: 1e9,
      residents: [resident("kept", 2e9, { pinned: true }), resident("free", 5e9)],
    });
    if (plan.action !== "refuse") throw new Error(plan.action);
    expect(plan.refusal).toMatchObject({
      neededBytes: 14e9,
      pinned: [{ key: "kept", bytes: 2e9 }],
      missingBytes: 4.2e9,
    });
    expect(plan.refusal.waysOut).toEqual([
      { type: "smaller_context" },
      { type: "quantized_kv" },
      { type: "smaller_quant" },
      {
        type: "bigger_machine",
        machines: [
          { name: "t4-medium", memoryBytes: 30e9 },
          { name: "cpu-upgrade", memoryBytes: 32e9 },
          { name: "a10g-large", memoryBytes: 46e9 },
        ],
      },
    ]);
    const error = memoryExceeded("/big.gguf", plan.refusal, { nameOf: () => "big" });
    expect(error.code).toBe("memory_exceeded");
    expect(error.message).toContain("needs 14.0 GB");
    expect(error.message).toContain("t4-medium, 30.0 GB");
    expect(JSON.parse(JSON.stringify(error.fields))).toMatchObject({ model: "big", budgetBytes: 12.8e9 });
  });

  it("names pinned models only where unloading them helps, the fewest of them", () => {
    const pinned = [resident("a", 2, { pinned: true }), resident("b", 5, { pinned: true })];
    const plan = planAdmission(state(pinned));
    if (plan.action !== "refuse") throw new Error(plan.action);
    expect(plan.refusal.waysOut).toContainEqual({ type: "unload_pinned", models: ["b"] });
    const error = memoryExceeded("wanted", plan.refusal, { nameOf: (key) => `the ${key}` });
    expect(error.message).toContain("unpin and unload the b");
    expect(error.fields["pinned"]).toContainEqual({ model: "the b", bytes: 5 });
  });

  it("names no machine where none is big enough", () => {
    const plan = planAdmission(state([], { neededBytes: 1e12 }));
    if (plan.action !== "refuse") throw new Error(plan.action);
    expect(plan.refusal.waysOut.map(({ type }) => type)).toEqual(["smaller_context", "quantized_kv", "smaller_quant"]);
  });
});

const anyResident = fc.record({
  state: fc.constantFrom("ready" as const, "ready" as const, "loading" as const, "stopping" as const),
  reservationBytes: fc.nat(8),
  measuredBytes: fc.option(fc.nat(8)),
  leases: fc.nat(1),
  lastUsedAt: fc.nat(5),
  pinned: fc.boolean(),
  draining: fc.boolean(),
});

const anyState = fc
  .record({
    neededBytes: fc.nat(14),
    budgetBytes: fc.nat(20),
    otherBytes: fc.nat(3),
    residents: fc.array(anyResident, { maxLength: 6 }),
    own: fc.nat(8),
  })
  .map(({ residents, own, ...rest }): PlanState => ({
    key: `m${own}`,
    limitBytes: 25,
    ...rest,
    residents: residents.map((one, index) => ({ ...one, key: `m${index}` })),
  }));

const sum = (residents: readonly PlanResident[]): number => residents.reduce((total, one) => total + bytesOf(one), 0);

describe("planAdmission, for any state", () => {
  it("loads only what fits beside all that counts, and only one at a time", () => {
    fc.assert(
      fc.property(anyState, (given) => {
        const plan = planAdmission(given);
        if (plan.action !== "load") return;
        expect(given.otherBytes + given.neededBytes + sum(given.residents)).toBeLessThanOrEqual(given.budgetBytes);
        expect(given.residents.filter((one) => one.state === "loading" || one.key === given.key)).toEqual([]);
      }),
      { numRuns: 3000 },
    );
  });

  it("evicts the shortest sufficient beginning of the idle, unpinned ones in order of last use", () => {
    fc.assert(
      fc.property(anyState, (given) => {
        const plan = planAdmission(given);
        if (plan.action !== "evict") return;
        const idle = given.residents.filter((one) => one.state === "ready" && one.leases === 0 && !one.pinned);
        const order = idle.toSorted((left, right) => left.lastUsedAt - right.lastUsedAt).map(({ key }) => key);
        expect(plan.keys).toEqual(order.slice(0, plan.keys.length));
        const without = (keys: string[]): number =>
          given.otherBytes +
          given.neededBytes +
          sum(given.residents.filter((one) => one.state === "ready" && !keys.includes(one.key)));
        expect(without(plan.keys)).toBeLessThanOrEqual(given.budgetBytes);
        expect(without(plan.keys.slice(0, -1))).toBeGreaterThan(given.budgetBytes);
      }),
      { numRuns: 3000 },
    );
  });

  it("refuses exactly what fits in no way beside the pinned ones", () => {
    fc.assert(
      fc.property(anyState, (given) => {
        const own = given.residents.some((one) => one.key === given.key);
        const pinned = given.residents.filter((one) => one.state === "ready" && one.pinned);
        const alone = given.otherBytes + given.neededBytes + sum(pinned);
        expect(planAdmission(given).action === "refuse").toBe(!own && alone > given.budgetBytes);
      }),
      { numRuns: 3000 },
    );
  });

  it("waits only for what ends by itself: a load, a stop, or leases", () => {
    fc.assert(
      fc.property(anyState, (given) => {
        const plan = planAdmission(given);
        if (plan.action !== "wait") return;
        const awaited = given.residents.filter((one) => plan.keys.includes(one.key));
        expect(awaited).toHaveLength(plan.keys.length);
        expect(awaited.length).toBeGreaterThan(0);
        if (plan.reason === "load") expect(awaited.every((one) => one.state === "loading")).toBe(true);
        if (plan.reason === "stop") expect(awaited.every((one) => one.state === "stopping")).toBe(true);
        if (plan.reason === "busy") {
          expect(awaited.every((one) => one.state === "ready" && !one.pinned)).toBe(true);
          expect(awaited.some((one) => one.leases > 0)).toBe(true);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
