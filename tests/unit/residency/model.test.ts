import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toMemwellError } from "../../../lib/errors";
import { Residency } from "../../../lib/residency";
import { FakeEffects, settled, VirtualClock, type FakeModel } from "./harness";

/** The longest lease, load, stop and reading of a footprint, in ms. */
const LONGEST = { hold: 20_000, load: 8_000, stop: 3_000, footprint: 500 };
const KEYS = ["a", "b", "c", "d"];

const anyKey = fc.constantFrom(...KEYS);
const pause = fc.oneof({ weight: 3, arbitrary: fc.nat(1500) }, { weight: 1, arbitrary: fc.nat(30_000) });
const acquire = fc.record({
  type: fc.constant("acquire" as const),
  pause,
  key: anyKey,
  holdMs: fc.nat(LONGEST.hold),
  cancelMs: fc.option(fc.nat(20_000), { freq: 3 }),
});
const other = fc.record({
  type: fc.constantFrom("crash" as const, "unload" as const, "load" as const, "pin" as const, "unpin" as const),
  pause,
  key: anyKey,
});
const command = fc.oneof({ weight: 4, arbitrary: acquire }, { weight: 1, arbitrary: other });
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

const model = fc
  .record({
    footprint: fc.integer({ min: 1, max: 10 }),
    shrinks: fc.nat(3),
    loadMs: fc.nat(LONGEST.load),
    stopMs: fc.nat(LONGEST.stop),
    footprintMs: fc.constantFrom(0, 0, LONGEST.footprint),
  })
  .map(({ shrinks, ...rest }): FakeModel => ({ ...rest, measured: Math.max(1, rest.footprint - shrinks) }));

const world = fc.record({
  models: fc.tuple(model, model, model, model),
  budgetBytes: fc.integer({ min: 4, max: 24 }),
  otherBytes: fc.nat(3),
  maxWaiting: fc.constantFrom(3, 64, 64),
  maxWaitMs: fc.constantFrom(0, 5_000, 15_000),
  idleUnloadMs: fc.constantFrom(Infinity, 10_000),
  failingLoads: fc.uniqueArray(fc.nat(12), { maxLength: 4 }),
  commands: fc.array(command, { minLength: 1, maxLength: 60, size: "max" }),
});
type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

interface Outcome {
  key: string;
  waitedMs: number;
  end: string;
  cancelled: boolean;
}

class Run {
  readonly clock = new VirtualClock();
  readonly outcomes: Outcome[] = [];
  readonly models: Record<string, FakeModel>;
  readonly effects: FakeEffects;
  readonly residency: Residency;
  readonly pinnedOnce = new Set<string>();
  asked = 0;
  openUnloads = 0;

  constructor(readonly world: World) {
    const { models, budgetBytes, otherBytes, maxWaiting, maxWaitMs, idleUnloadMs } = world;
    this.models = Object.fromEntries(KEYS.map((key, index) => [key, models[index] as FakeModel]));
    this.effects = new FakeEffects(this.clock, this.models, budgetBytes - otherBytes);
    this.effects.failingLoads = new Set(world.failingLoads);
    const budget = { limitBytes: 30, budgetBytes, otherBytes: () => otherBytes };
    const { effects, clock } = this;
    this.residency = new Residency({ effects, budget, clock, maxWaiting, maxWaitMs, idleUnloadMs });
  }

  perform(step: Command): void {
    const { key } = step;
    switch (step.type) {
      case "acquire":
        void this.request(key, step.holdMs, step.cancelMs);
        break;
      case "load":
        void this.request(key, 0, null);
        break;
      case "crash":
        this.effects.crash(key);
        break;
      case "unload":
        this.openUnloads++;
        void this.residency.unload(key).then(() => this.openUnloads--);
        break;
      case "pin":
        this.pinnedOnce.add(key);
        this.residency.pin(key);
        break;
      case "unpin":
        this.residency.unpin(key);
        break;
    }
  }

  private async request(key: string, holdMs: number, cancelMs: number | null): Promise<void> {
    this.asked++;
    const start = this.clock.now();
    const caller = new AbortController();
    const clear = cancelMs === null ? () => {} : this.clock.after(cancelMs, () => caller.abort());
    const ended = (end: string): void => {
      const cancelled = caller.signal.aborted;
      this.outcomes.push({ key, waitedMs: this.clock.now() - start, end, cancelled });
    };
    try {
      const lease = await this.residency.acquire(key, { signal: caller.signal });
      ended("granted");
      clear();
      const token = {};
      const leases = this.effects.busy?.get(key) ?? new Set<object>();
      this.effects.busy?.set(key, leases.add(token));
      if (holdMs > 0) await this.clock.sleep(holdMs);
      leases.delete(token);
      lease.release();
      lease.release();
    } catch (thrown) {
      ended(toMemwellError(thrown).code);
    }
  }

  /** Whether this ending was allowed to happen. */
  explains({ key, end, cancelled }: Outcome): boolean {
    const { budgetBytes, otherBytes, maxWaiting } = this.world;
    const footprint = (name: string): number => this.models[name]?.footprint ?? NaN;
    const pinned = [...this.pinnedOnce].filter((name) => name !== key).reduce((sum, name) => sum + footprint(name), 0);
    if (end === "granted") return true;
    if (end === "aborted") return cancelled;
    if (end === "memory_exceeded") return footprint(key) + otherBytes + pinned > budgetBytes;
    if (end === "queue_full") return maxWaiting === 3;
    if (end === "engine_start_failed") return this.world.failingLoads.some((number) => number < this.effects.loads);
    return false;
  }
}

async function runWorld(given: World): Promise<Run> {
  const run = new Run(given);
  for (const step of given.commands) {
    await run.clock.advance(step.pause);
    run.perform(step);
    await settled();
    const { usedBytes, budgetBytes } = run.residency.snapshot();
    expect(run.effects.violations).toEqual([]);
    expect(usedBytes).toBeLessThanOrEqual(Math.max(budgetBytes, given.otherBytes));
  }
  await run.clock.advance(1_000_000);
  return run;
}

describe("the scheduler, for any arrivals, cancels, crashes, failures and budgets", () => {
  it("ends every request for a reason, within the bound, the budget and without stopping a busy model", async () => {
    await fc.assert(
      fc.asyncProperty(world, async (given) => {
        const run = await runWorld(given);
        expect(run.effects.violations).toEqual([]);
        expect(run.outcomes).toHaveLength(run.asked);
        expect(run.outcomes.filter((outcome) => !run.explains(outcome))).toEqual([]);
        const { hold, load, stop, footprint } = LONGEST;
        const bound = given.maxWaitMs + KEYS.length * (hold + 2 * load + 2 * stop) + footprint;
        expect(Math.max(0, ...run.outcomes.map(({ waitedMs }) => waitedMs))).toBeLessThanOrEqual(bound);

        const { queue, models, pinned } = run.residency.snapshot();
        expect(queue.length).toBe(0);
        expect(run.openUnloads).toBe(0);
        expect(models.filter(({ state, leases }) => state !== "ready" || leases > 0)).toEqual([]);
        if (given.idleUnloadMs < Infinity) expect(models.filter(({ key }) => !pinned.includes(key))).toEqual([]);

        run.effects.busy = null;
        let closed = false;
        void run.residency.close().then(() => (closed = true));
        await run.clock.advance(LONGEST.stop);
        await settled();
        expect(closed).toBe(true);
        expect([run.effects.heldBytes, run.effects.listeners, run.clock.pending]).toEqual([0, 0, 0]);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it("closes at any moment: everyone who waits is told, every process is stopped, no timer is left", async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.nat(60), async (given, closeAfter) => {
        const run = new Run(given);
        for (const step of given.commands.slice(0, closeAfter)) {
          await run.clock.advance(step.pause);
          run.perform(step);
        }
        run.effects.busy = null;
        const closed = run.residency.close();
        await expect(run.residency.acquire("a")).rejects.toMatchObject({ code: "engine_closed" });
        await settled();
        const waiting = run.residency.snapshot().queue.length;
        await run.clock.advance(100_000);
        await closed;
        expect([waiting, run.outcomes.length - run.asked]).toEqual([0, 0]);
        expect(run.effects.violations).toEqual([]);
        expect([run.effects.heldBytes, run.effects.listeners, run.clock.pending]).toEqual([0, 0, 0]);
      }),
      { numRuns: 80 },
    );
  }, 60_000);
});

describe("two models of which one fits", () => {
  it("swaps 200 times without an error, never both at once", async () => {
    const clock = new VirtualClock();
    const models = { a: { footprint: 6, measured: 5 }, b: { footprint: 7, measured: 6 } };
    const effects = new FakeEffects(clock, models, 9);
    const budget = { limitBytes: 12, budgetBytes: 10, otherBytes: () => 1 };
    const residency = new Residency({ effects, budget, clock });
    let errors = 0;
    const client = async (offset: number): Promise<void> => {
      for (let turn = 0; turn < 50; turn++) {
        try {
          using _lease = await residency.acquire((turn + offset) % 2 === 0 ? "a" : "b");
          await clock.sleep(300);
        } catch {
          errors++;
        }
      }
    };
    const clients = Promise.all([0, 1, 0, 1].map(client));
    await clock.advance(10_000_000);
    await clients;
    for (let swap = 0; swap < 200; swap++) {
      const leased = residency.acquire(swap % 2 === 0 ? "a" : "b");
      await clock.advance(2_000);
      (await leased).release();
    }
    expect(errors).toBe(0);
    expect(effects.violations).toEqual([]);
    expect(effects.mostBytes).toBe(7);
    expect(effects.loads).toBeGreaterThanOrEqual(200);
  });
});
