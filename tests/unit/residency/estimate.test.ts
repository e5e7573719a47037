import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Residency, type ResidencyEvent } from "../../../lib/residency";
import { Durations } from "../../../lib/residency/durations";
import { estimateWaits, roundEstimate, type EstimateState, type TimedResident } from "../../../lib/residency/estimate";
import { FakeEffects, setUp, settled, VirtualClock, type FakeModel } from "./harness";

const memory = { limitBytes: 12, budgetBytes: 10, otherBytes: 0 };
const ready: TimedResident = {
  key: "a",
  state: "ready",
  reservationBytes: 6,
  measuredBytes: null,
  leases: 0,
  lastUsedAt: 0,
  pinned: false,
  draining: false,
  elapsedMs: [],
};
const busy = (...elapsedMs: number[]): TimedResident => ({ ...ready, leases: elapsedMs.length, elapsedMs });
const seen = { load: 4_000, lease: 10_000, stop: 500 };

function estimate(waiting: EstimateState["waiting"], residents: TimedResident[], times: Partial<typeof seen> = seen) {
  const durations = { expected: (kind: keyof typeof seen) => times[kind] ?? null };
  return Object.fromEntries(estimateWaits({ ...memory, waiting, residents, durations }));
}
const b = { key: "b", neededBytes: 6 };
const c = { key: "c", neededBytes: 6 };

describe("an estimate", () => {
  it("is the own load where there is room", () => {
    expect(estimate([b], [])).toEqual({ b: 4_000 });
  });

  it("is the rest of the load that is under way", () => {
    expect(estimate([{ key: "a", neededBytes: 6 }], [{ ...ready, state: "loading", elapsedMs: [1_500] }])).toEqual({
      a: 2_500,
    });
  });

  it("adds the stop of an idle model, and what is left of a stop", () => {
    expect(estimate([b], [ready])).toEqual({ b: 4_500 });
    expect(estimate([b], [{ ...ready, state: "stopping", elapsedMs: [300] }])).toEqual({ b: 4_200 });
  });

  it("waits for the last lease to end, and expects a little more of one that is overdue", () => {
    expect(estimate([b], [busy(7_000, 2_000)])).toEqual({ b: 12_500 });
    expect(estimate([b], [busy(60_000)])).toEqual({ b: 6_500 });
  });

  it("adds the turns of those before: their loads, leases and stops", () => {
    expect(estimate([b, c], [ready])).toEqual({ b: 4_500, c: 4_500 + 10_000 + 500 + 4_000 });
  });

  it("takes a model that drains as one to be loaded anew", () => {
    expect(estimate([b, { key: "a", neededBytes: 6 }], [{ ...busy(5_000), draining: true }])).toEqual({
      b: 9_500,
      a: 9_500 + 10_000 + 500 + 4_000,
    });
    expect(estimate([{ key: "a", neededBytes: 6 }], [{ ...busy(5_000), draining: true }])).toEqual({ a: 9_500 });
  });

  it("is null without a load or a lease to go by, for what is not known yet, and for what never fits", () => {
    expect(estimate([b], [], {})).toEqual({ b: null });
    expect(estimate([b], [busy(0)], { load: 1 })).toEqual({ b: null });
    expect(
      estimate(
        [
          { key: "d", neededBytes: null },
          { key: "e", neededBytes: 99 },
        ],
        [],
      ),
    ).toEqual({
      d: null,
      e: null,
    });
  });

  it("counts a stop that was never seen as nothing", () => {
    expect(estimate([b], [ready], { load: 4_000 })).toEqual({ b: 4_000 });
  });
});

describe("roundEstimate", () => {
  it("rounds up, to seconds, five seconds or half a minute, and says null for null", () => {
    expect([0, 1, 1_001, 10_001, 60_001, 61_000].map(roundEstimate)).toEqual([
      1_000, 1_000, 2_000, 15_000, 90_000, 90_000,
    ]);
    expect(roundEstimate(null)).toBeNull();
  });

  it("never falls when the wait grows, and is never below it", () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.nat(1_000_000), (one, other) => {
        const [shorter, longer] = [Math.min(one, other), Math.max(one, other)];
        expect(roundEstimate(shorter)).toBeLessThanOrEqual(roundEstimate(longer) as number);
        expect(roundEstimate(longer)).toBeGreaterThanOrEqual(longer);
      }),
    );
  });
});

describe("Durations", () => {
  it("answer for a model by itself, then by the others, then not at all", () => {
    const durations = new Durations();
    expect(durations.expected("load", "a")).toBeNull();
    durations.add("load", "a", 1_000);
    expect([durations.expected("load", "a"), durations.expected("load", "b")]).toEqual([1_000, 1_000]);
    expect(durations.expected("stop", "a")).toBeNull();
  });

  it("follow what changes for good, and are moved little by one odd measure", () => {
    const durations = new Durations();
    durations.add("load", "a", 1_000);
    durations.add("load", "a", 1_000_000);
    expect(durations.expected("load", "a")).toBe(1_900);
    for (let load = 0; load < 30; load++) durations.add("load", "a", 100);
    expect(durations.expected("load", "a")).toBeLessThan(120);
  });

  it("leave out leases that did no work, and times that are none", () => {
    const durations = new Durations();
    durations.add("lease", "a", 10);
    durations.add("load", "a", NaN);
    durations.add("load", "a", -1);
    expect([durations.expected("lease", "a"), durations.expected("load", "a")]).toEqual([null, null]);
  });
});

describe("a request that waits", () => {
  it("hears in how long it is granted once the times are known, and again only when that changes", async () => {
    const { clock, residency, ready: leased } = setUp();
    const heard: ResidencyEvent[] = [];
    const lease = await leased("a");
    await clock.advance(4_000);
    lease.release();
    (await leased("b")).release();
    void residency.acquire("a", { onEvent: (event) => heard.push(event) });
    await settled();
    // Everybody who comes and goes is a reason to look at the queue again.
    residency.pin("small");
    residency.unpin("small");
    const estimates = heard.map((event) =>
      event.type === "queued" ? [event.waitingFor.reason, event.estimateMs] : [],
    );
    expect(estimates).toEqual([
      ["footprint", null],
      ["stop", 2_000],
    ]);
  });

  it("is granted when it was told to be, if nobody else comes and everything takes its usual time", async () => {
    const time = fc.integer({ min: 1, max: 80 }).map((tenths) => tenths * 100);
    const model = fc.record({ footprint: fc.integer({ min: 1, max: 10 }), loadMs: time, stopMs: time, holdMs: time });
    const anyKey = fc.constantFrom("k0", "k1", "k2", "k3");
    const world = fc.record({
      models: fc.tuple(model, model, model, model),
      before: fc.array(anyKey, { maxLength: 4 }),
      asked: fc.array(anyKey, { minLength: 1, maxLength: 6 }),
    });
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(world, async ({ models, before, asked }) => {
        const clock = new VirtualClock();
        const named = Object.fromEntries(models.map((one, index) => [`k${index}`, one as FakeModel]));
        const effects = new FakeEffects(clock, named, 10);
        const residency = new Residency({ effects, budget: { ...memory, otherBytes: () => 0 }, clock });
        const use = async (key: string, onEvent?: (event: ResidencyEvent) => void): Promise<number> => {
          const lease = await residency.acquire(key, { onEvent });
          const granted = clock.now();
          await clock.sleep(models[Number(key[1])]?.holdMs ?? 0);
          lease.release();
          return granted;
        };
        // Everything is seen once: each model's load, lease and stop.
        for (const key of Object.keys(named)) {
          void use(key);
          await clock.advance(100_000);
          void residency.unload(key);
          await clock.advance(100_000);
        }
        for (const key of before) void use(key);
        await clock.advance(100_000);

        const told = asked.map((): number | null => null);
        const start = clock.now();
        let asking = true;
        const granted = asked.map((key, index) =>
          use(key, (event) => {
            if (asking && event.type === "queued") told[index] = event.estimateMs;
          }),
        );
        await settled();
        asking = false;
        await clock.advance(1_000_000);
        for (const [index, at] of (await Promise.all(granted)).entries()) {
          const estimate = told[index];
          if (estimate == null) continue;
          compared++;
          expect(estimate).toBe(roundEstimate(at - start));
        }
        expect(effects.violations).toEqual([]);
      }),
      { numRuns: 200 },
    );
    expect(compared).toBeGreaterThan(100);
  }, 60_000);
});
