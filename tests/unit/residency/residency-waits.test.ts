import { describe, expect, it, vi } from "vitest";
import { setUp, settled, threeOfFive, watch } from "./harness";

describe("a footprint", () => {
  it("is asked for again at each load, since a measure may have corrected it", async () => {
    const { clock, effects, residency, ready } = setUp();
    const asked = vi.spyOn(effects, "footprint");
    (await ready("a")).release();
    void residency.unload("a");
    await clock.advance(100);
    await Promise.all([ready("a"), residency.acquire("a")]);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it("that fails after its request was cancelled does not concern the next one", async () => {
    const { clock, effects, residency } = setUp();
    let fail = (_error: Error): void => {};
    vi.spyOn(effects, "footprint").mockImplementationOnce(() => new Promise((_, reject) => (fail = reject)));
    const caller = new AbortController();
    const cancelled = watch(residency.acquire("a", { signal: caller.signal }));
    caller.abort();
    const next = watch(residency.acquire("a"));
    fail(new Error("the disk is gone"));
    await clock.advance(1000);
    expect([cancelled.now, next.now]).toEqual(["aborted", "done"]);
  });
});

describe("a wait for a swap", () => {
  it("lets requests for the resident model pass until the bound, then drains it", async () => {
    const { clock, residency, ready, states } = setUp({ maxWaitMs: 15_000 });
    const first = await ready("a");
    const swap = watch(residency.acquire("b"));
    await clock.advance(14_999);
    const second = await residency.acquire("a");
    first.release();
    await clock.advance(1);
    expect(states()).toEqual({ a: "draining" });
    const late = watch(residency.acquire("a"));
    await settled();
    expect([swap.now, late.now]).toEqual(["waits", "waits"]);
    second.release();
    await clock.advance(1_100);
    expect([swap.now, late.now]).toEqual(["done", "waits"]);
    swap.value?.release();
    await clock.advance(1_100);
    expect(late.now).toBe("done");
  });

  it("does not starve while two clients take turns on the resident model", async () => {
    const { clock, residency, ready } = setUp({ maxWaitMs: 5_000 });
    let stop = false;
    const client = async (): Promise<void> => {
      while (!stop) {
        const lease = await residency.acquire("a");
        await clock.sleep(700);
        lease.release();
      }
    };
    (await ready("a")).release();
    void client();
    await clock.advance(350);
    void client();
    const swap = watch(residency.acquire("b"));
    await clock.advance(5_000 + 700 + 100 + 1_000);
    expect(swap.now).toBe("done");
    swap.value?.release();
    stop = true;
    await clock.advance(10_000);
    expect(residency.snapshot().queue.length).toBe(0);
  });

  it("ends the draining of a model that may stay after all, as soon as the first in line loads", async () => {
    const { clock, residency, ready, states } = setUp({ maxWaitMs: 0 }, threeOfFive);
    await ready("x");
    const other = await ready("y");
    const swap = watch(residency.acquire("z"));
    await settled();
    expect(states()).toEqual({ x: "draining", y: "ready" });
    other.release();
    await clock.advance(200);
    expect([states(), (await residency.acquire("x")).key]).toEqual([{ x: "ready", z: "loading" }, "x"]);
    await clock.advance(1000);
    expect(swap.now).toBe("done");
  });

  it("turns to another model when the one that drains is pinned", async () => {
    const { residency, ready, states } = setUp({ maxWaitMs: 0 }, threeOfFive);
    await ready("x");
    await ready("y");
    const swap = watch(residency.acquire("z"));
    await settled();
    residency.pin("x");
    expect(states()).toEqual({ x: "ready", y: "draining" });
    expect([(await residency.acquire("x")).key, swap.now]).toEqual(["x", "waits"]);
  });

  it("that is cancelled gives the resident model back to those who wait for it", async () => {
    const { residency, ready, states } = setUp({ maxWaitMs: 0 });
    await ready("a");
    const caller = new AbortController();
    const swap = watch(residency.acquire("b", { signal: caller.signal }));
    await settled();
    const behind = watch(residency.acquire("a"));
    await settled();
    expect([behind.now, states()]).toEqual(["waits", { a: "draining" }]);
    caller.abort();
    await settled();
    expect([swap.now, behind.now, states()]).toEqual(["aborted", "done", { a: "ready" }]);
  });
});

describe("a load", () => {
  it("that fails rejects exactly its waiters, frees its place, and can be tried again", async () => {
    const { clock, effects, residency } = setUp();
    effects.failingLoads.add(0);
    const seen = [watch(residency.acquire("a")), watch(residency.acquire("a")), watch(residency.acquire("b"))];
    await clock.advance(1000);
    const again = watch(residency.acquire("a"));
    await clock.advance(1_100);
    expect(seen.map(({ now }) => now)).toEqual(["engine_start_failed", "engine_start_failed", "done"]);
    seen[2]?.value?.release();
    await clock.advance(1_100);
    expect(again.now).toBe("done");
    expect(effects.violations).toEqual([]);
  });

  it("that nobody waits for any more goes on while nobody else waits", async () => {
    const { clock, effects, residency, states } = setUp();
    const caller = new AbortController();
    const seen = watch(residency.acquire("a", { signal: caller.signal }));
    await clock.advance(500);
    caller.abort();
    await clock.advance(500);
    expect([seen.now, states(), effects.log]).toEqual(["aborted", { a: "ready" }, ["start a"]]);
  });

  it("that nobody waits for any more is stopped for somebody who waits", async () => {
    const { clock, effects, residency } = setUp();
    const caller = new AbortController();
    void residency.acquire("a", { signal: caller.signal }).catch(() => {});
    await clock.advance(100);
    caller.abort();
    const next = watch(residency.acquire("b"));
    await clock.advance(1_100);
    expect([next.now, effects.log]).toEqual(["done", ["start a", "stop a", "start b"]]);
  });

  it("that comes up after it was told to stop is stopped once more", async () => {
    const { clock, effects, residency, states } = setUp();
    let comeUp = (): void => {};
    vi.spyOn(effects, "start").mockImplementationOnce(() => new Promise((resolve) => (comeUp = resolve)));
    void residency.load("a").catch(() => {});
    await settled();
    const closed = watch(residency.close());
    await clock.advance(1000);
    expect([closed.now, states()]).toEqual(["waits", { a: "stopping" }]);
    comeUp();
    await clock.advance(100);
    expect([closed.now, effects.log]).toEqual(["done", ["stop a", "stop a"]]);
  });
});
