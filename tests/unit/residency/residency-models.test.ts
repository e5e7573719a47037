import { afterEach, describe, expect, it, vi } from "vitest";
import { Residency } from "../../../lib/residency";
import { systemClock } from "../../../lib/residency/clock";
import { setUp, settled, watch } from "./harness";

describe("a model", () => {
  it("whose process dies is gone at once, its leases are lost, and the next request loads it anew", async () => {
    const { effects, ready, residency, states } = setUp();
    const lease = await ready("a");
    effects.crash("a");
    expect([lease.lost, states()]).toEqual([true, {}]);
    const next = await ready("a");
    lease.release();
    expect(residency.snapshot().models).toMatchObject([{ key: "a", leases: 1 }]);
    expect(next.lost).toBe(false);
  });

  it("that is idle for its time is stopped; a request that comes while it stops loads it anew", async () => {
    const { clock, effects, residency, ready, states } = setUp({ idleUnloadMs: 10_000 });
    const lease = await ready("a");
    await clock.advance(20_000);
    expect(states()).toEqual({ a: "ready" });
    lease.release();
    await clock.advance(9_999);
    (await residency.acquire("a")).release();
    await clock.advance(10_000);
    expect(states()).toEqual({ a: "stopping" });
    const seen = watch(residency.acquire("a"));
    await clock.advance(1_100);
    expect([seen.now, effects.log]).toEqual(["done", ["start a", "stop a", "start a"]]);
    expect(seen.value?.lost).toBe(false);
  });

  it("that is unloaded while busy drains: its leases run on, later requests load it anew", async () => {
    const { clock, effects, residency, ready, states } = setUp();
    const lease = await ready("a");
    const unloaded = watch(residency.unload("a"));
    const late = watch(residency.acquire("a"));
    await clock.advance(5_000);
    expect([unloaded.now, late.now, states(), lease.lost]).toEqual(["waits", "waits", { a: "draining" }, false]);
    lease.release();
    await clock.advance(100);
    expect(unloaded.now).toBe("done");
    await clock.advance(1000);
    expect([late.now, effects.log]).toEqual(["done", ["start a", "stop a", "start a"]]);
    await residency.unload("never loaded");
  });

  it("that is unloaded while it loads serves those who wait for it first", async () => {
    const { clock, residency, states } = setUp();
    const seen = watch(residency.acquire("a"));
    await clock.advance(500);
    const unloaded = watch(residency.unload("a"));
    await clock.advance(500);
    expect([seen.now, unloaded.now, states()]).toEqual(["done", "waits", { a: "draining" }]);
    seen.value?.release();
    await clock.advance(100);
    expect(unloaded.now).toBe("done");
  });

  it("that is pinned is neither evicted nor idle-unloaded, and what needs its place is refused until it is unpinned", async () => {
    const { clock, residency, ready, states } = setUp({ idleUnloadMs: 10_000 });
    residency.pin("a");
    (await ready("a")).release();
    await clock.advance(60_000);
    expect(states()).toEqual({ a: "ready" });
    await expect(residency.acquire("b")).rejects.toMatchObject({
      code: "memory_exceeded",
      fields: { waysOut: expect.arrayContaining([{ type: "unload_pinned", models: ["a"] }]) },
    });
    residency.unpin("a");
    await clock.advance(100);
    expect(states()).toEqual({});
    await ready("b");
    residency.pin("c");
    expect(residency.snapshot().pinned).toEqual(["c"]);
  });

  it("that is pinned while it is idle is not idle-unloaded", async () => {
    const { clock, residency, ready, states } = setUp({ idleUnloadMs: 10_000 });
    (await ready("a")).release();
    residency.pin("a");
    await clock.advance(60_000);
    expect(states()).toEqual({ a: "ready" });
  });

  it("that is pinned but being unloaded is in nobody's way", async () => {
    const { clock, residency, ready } = setUp();
    residency.pin("a");
    const lease = await ready("a");
    void residency.unload("a");
    const next = watch(residency.acquire("b"));
    await clock.advance(1000);
    expect(next.now).toBe("waits");
    lease.release();
    await clock.advance(1_100);
    expect(next.now).toBe("done");
  });

  it("that dies while it loads or stops counts until its load or stop has ended", async () => {
    const { clock, effects, residency, states } = setUp();
    let exit = (_key: string): void => {};
    vi.spyOn(effects, "onUnexpectedExit").mockImplementation((listener) => {
      exit = listener;
      return () => {};
    });
    const watched = new Residency({ effects, clock, budget: { limitBytes: 12, budgetBytes: 10, otherBytes: () => 0 } });
    void watched.load("a");
    await settled();
    exit("a");
    expect(watched.snapshot().models).toMatchObject([{ state: "loading" }]);
    await clock.advance(1000);
    void watched.unload("a");
    exit("a");
    exit("unheard of");
    expect(watched.snapshot().models).toMatchObject([{ state: "stopping" }]);
    await residency.close();
    expect(states()).toEqual({});
  });

  it("that came out larger than forecast counts with all it held until its process is gone", async () => {
    const { residency, ready } = setUp({}, { a: { footprint: 6, measured: 7 } });
    (await ready("a")).release();
    void residency.unload("a");
    expect(residency.snapshot().models).toMatchObject([{ state: "stopping", bytes: 7 }]);
  });

  it("counts as reserved while it loads, as measured then", async () => {
    const { clock, residency } = setUp({}, { a: { footprint: 6, measured: 4 } });
    void residency.load("a");
    await clock.advance(999);
    expect(residency.snapshot().models).toMatchObject([{ state: "loading", bytes: 6, reservationBytes: 6 }]);
    await clock.advance(1);
    expect(residency.snapshot().models).toMatchObject([{ state: "ready", bytes: 4, measuredBytes: 4 }]);
  });
});

describe("a lease", () => {
  it("is released once, by hand or by the end of its scope", async () => {
    const { residency, ready } = setUp();
    const lease = await ready("a");
    {
      using scoped = await residency.acquire("a");
      scoped.release();
    }
    expect(residency.snapshot().models).toMatchObject([{ leases: 1 }]);
    lease.release();
    lease.release();
    expect(residency.snapshot().models).toMatchObject([{ leases: 0 }]);
  });
});

describe("close", () => {
  it("rejects those who wait, stops even the busy, and takes no more", async () => {
    const { clock, effects, residency, ready } = setUp();
    const lease = await ready("a");
    effects.busy = null;
    const waiting = watch(residency.acquire("b"));
    const closed = watch(residency.close());
    expect(residency.close()).toBe(residency.close());
    await clock.advance(100);
    expect([waiting.now, closed.now, lease.lost]).toEqual(["engine_closed", "done", true]);
    lease.release();
    residency.unpin("a");
    await residency.unload("a");
    expect([effects.heldBytes, effects.listeners, clock.pending]).toEqual([0, 0, 0]);
  });
});

describe("the system's clock", () => {
  afterEach(() => void vi.useRealTimers());

  it("waits for longer than a timer can, instead of not at all", async () => {
    vi.useFakeTimers();
    const run = vi.fn();
    const cancel = systemClock.after(2 ** 40, run);
    await vi.advanceTimersByTimeAsync(1000);
    expect(run).not.toHaveBeenCalled();
    cancel();
    expect(vi.getTimerCount()).toBe(0);
  });
});
