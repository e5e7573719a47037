import { describe, expect, it } from "vitest";
import { Residency, type ContextUse } from "../../../lib/residency";
import { FakeEffects, settled, VirtualClock, watch, type FakeModel } from "./harness";

/** Models whose contexts beyond one take 1 each; giving them back takes 100 ms. */
class EffectsWithContexts extends FakeEffects {
  /** How many there are beyond one, and how many of these somebody uses. */
  readonly extra = new Map<string, { all: number; used: number }>();
  fails = false;

  contexts(key: string): ContextUse {
    const { all, used } = this.extra.get(key) ?? { all: 0, used: 0 };
    return { extraBytes: all, spareBytes: this.fails ? 0 : all - used };
  }

  override measured(key: string): number | null {
    const bytes = super.measured(key);
    return bytes === null ? null : bytes + (this.extra.get(key)?.all ?? 0);
  }

  async shrink(key: string): Promise<void> {
    this.log.push(`shrink ${key}`);
    const extra = this.extra.get(key);
    await this.clock.sleep(100);
    if (this.fails) throw new Error("It does not answer.");
    if (extra !== undefined) extra.all = extra.used;
  }

  override async stop(key: string): Promise<void> {
    await super.stop(key);
    this.extra.delete(key);
  }
}

/** "a" takes 4 and has two more contexts in a budget of 10; "b" takes 5, "c" 9. */
async function setUp(used = 0) {
  const clock = new VirtualClock();
  const models: Record<string, FakeModel> = { a: { footprint: 4 }, b: { footprint: 5 }, c: { footprint: 9 } };
  const effects = new EffectsWithContexts(clock, models, 10);
  const budget = { limitBytes: 12, budgetBytes: 10, otherBytes: () => 0 };
  const residency = new Residency({ effects, budget, clock });
  const lease = watch(residency.acquire("a"));
  await clock.advance(1_000);
  effects.extra.set("a", { all: 2, used });
  return { clock, effects, residency, lease };
}

describe("a model with more contexts than one", () => {
  it("gives back those that nobody uses when another one needs the memory, and stays, busy as it is", async () => {
    const { clock, effects, residency, lease } = await setUp();
    const other = watch(residency.acquire("b"));
    await clock.advance(99);
    expect([other.now, ...effects.log.slice(1)]).toEqual(["waits", "shrink a"]);
    await clock.advance(1_001);
    expect([other.now, lease.value?.lost, ...effects.log.slice(1)]).toEqual(["done", false, "shrink a", "start b"]);
    expect(effects.violations).toEqual([]);
  });

  it("is waited for while they are used, and keeps them while nobody needs the memory", async () => {
    const { clock, effects, residency, lease } = await setUp(2);
    const other = watch(residency.acquire("b"));
    await clock.advance(5_000);
    expect(other.now).toBe("waits");
    effects.extra.set("a", { all: 2, used: 0 });
    // As its last lease ends: only then is there news.
    lease.value?.release();
    await clock.advance(1_100);
    expect([other.now, ...effects.log.slice(1)]).toEqual(["done", "shrink a", "start b"]);
  });

  it("is evicted where that is what it takes, and gives nothing back in vain", async () => {
    const { clock, effects, residency, lease } = await setUp();
    lease.value?.release();
    const other = watch(residency.acquire("c"));
    await clock.advance(1_100);
    expect([other.now, ...effects.log.slice(1)]).toEqual(["done", "stop a", "start c"]);
  });

  it("pinned, does not keep out what fits beside it with one context", async () => {
    const { clock, effects, residency } = await setUp(2);
    residency.pin("a");
    const other = watch(residency.acquire("b"));
    await settled();
    expect(other.now).toBe("waits");
    const refused = watch(residency.acquire("c"));
    await settled();
    expect(refused.now).toBe("memory_exceeded");
    effects.extra.set("a", { all: 2, used: 0 });
    residency.unpin("b");
    await clock.advance(1_100);
    expect(other.now).toBe("done");
  });

  it("that cannot give them back is evicted instead", async () => {
    const { clock, effects, residency, lease } = await setUp();
    lease.value?.release();
    const failing = effects.shrink.bind(effects);
    effects.shrink = async (key) => {
      effects.fails = true;
      await failing(key);
    };
    const other = watch(residency.acquire("b"));
    await clock.advance(1_300);
    expect([other.now, ...effects.log.slice(1)]).toEqual(["done", "shrink a", "stop a", "start b"]);
  });

  it("is looked at again when its contexts have changed and nothing else has", async () => {
    const { clock, effects, residency, lease } = await setUp(2);
    residency.pin("a");
    lease.value?.release();
    const other = watch(residency.acquire("b"));
    await clock.advance(60_000);
    expect(other.now).toBe("waits");
    effects.extra.set("a", { all: 2, used: 0 });
    residency.reconsider();
    await clock.advance(1_100);
    expect([other.now, ...effects.log.slice(1)]).toEqual(["done", "shrink a", "start b"]);
  });

  it("may grow where there is room, and never while somebody waits", async () => {
    const { residency, clock } = await setUp();
    expect([residency.hasRoomFor(4), residency.hasRoomFor(5)]).toEqual([true, false]);
    const other = watch(residency.acquire("b"));
    await settled();
    expect(residency.hasRoomFor(1)).toBe(false);
    await clock.advance(1_200);
    expect([other.now, residency.hasRoomFor(1), residency.hasRoomFor(2)]).toEqual(["done", true, false]);
    await Promise.all([residency.close(), clock.advance(1_000)]);
    expect(residency.hasRoomFor(0)).toBe(false);
  });
});
