import { describe, expect, it } from "vitest";
import type { ResidencyEvent } from "../../../lib/residency";
import { setUp, settled, watch } from "./harness";

describe("requests", () => {
  it("for one model join one load, and a ready model is leased at once", async () => {
    const { clock, effects, residency } = setUp();
    const all = Promise.all([residency.acquire("a"), residency.acquire("a"), residency.load("a")]);
    await clock.advance(1000);
    await all;
    await residency.acquire("a");
    expect(effects.log).toEqual(["start a"]);
    expect(residency.snapshot()).toMatchObject({ usedBytes: 6, models: [{ key: "a", state: "ready", leases: 3 }] });
  });

  it("for what fits beside the others leave those where they are", async () => {
    const { effects, ready, states } = setUp();
    await ready("a");
    await ready("small");
    expect(states()).toEqual({ a: "ready", small: "ready" });
    expect(effects.log).toEqual(["start a", "start small"]);
  });

  it("evict an idle model, and load only when its process is gone", async () => {
    const { clock, effects, residency, ready, states } = setUp({}, { a: { footprint: 6, stopMs: 5_000 } });
    (await ready("a")).release();
    const seen = watch(residency.acquire("b"));
    await clock.advance(4_999);
    expect([states(), residency.snapshot().usedBytes]).toEqual([{ a: "stopping" }, 6]);
    await clock.advance(1_001);
    expect(seen.now).toBe("done");
    expect(effects.log).toEqual(["start a", "stop a", "start b"]);
  });

  it("hear their place, what they wait for, and how the load goes", async () => {
    const { clock, residency, ready } = setUp();
    const lease = await ready("a");
    const heard: ResidencyEvent[][] = [[], []];
    void residency.acquire("b", { onEvent: (event) => heard[0]?.push(event) });
    void residency.acquire("small", { onEvent: (event) => heard[1]?.push(event) });
    await settled();
    lease.release();
    await clock.advance(1_200);
    const queued = (position: number, reason: string, models: string[], estimateMs: number | null = null) => ({
      type: "queued",
      position,
      waitingFor: { reason, models },
      estimateMs,
    });
    expect(heard[0]).toEqual([
      queued(1, "footprint", ["b"]),
      queued(1, "busy", ["a"]),
      queued(1, "stop", ["a"], 1_000),
      { type: "loading", progress: { stage: "process", fraction: 0 } },
      { type: "loading", progress: { stage: "model", fraction: 0.5 } },
    ]);
    expect(heard[1]).toEqual([
      queued(2, "footprint", ["small"]),
      queued(2, "turn", ["b"]),
      queued(2, "turn", ["b"], 2_000),
      { type: "loading", progress: { stage: "process", fraction: 0 } },
    ]);
  });

  it("for what can never fit are refused at once, even behind others", async () => {
    const { residency, ready } = setUp();
    await ready("a");
    const behind = watch(residency.acquire("b"));
    await expect(residency.acquire("huge")).rejects.toMatchObject({
      code: "memory_exceeded",
      fields: { model: "huge", neededBytes: 11, budgetBytes: 10, missingBytes: 1 },
    });
    expect(behind.now).toBe("waits");
  });

  it("are refused when as many wait as may, but not for a ready model", async () => {
    const { residency, ready } = setUp({ maxWaiting: 2 });
    await ready("a");
    void residency.acquire("b");
    void residency.acquire("b");
    await expect(residency.acquire("b")).rejects.toMatchObject({ code: "queue_full", fields: { limit: 2 } });
    expect((await residency.acquire("a")).key).toBe("a");
  });

  it("fail with what is wrong with the file, and the queue goes on", async () => {
    const { clock, residency } = setUp();
    await expect(residency.acquire("missing")).rejects.toMatchObject({ code: "model_file_missing" });
    const next = watch(residency.acquire("a"));
    await clock.advance(1000);
    expect(next.now).toBe("done");
  });

  it("for a footprint that never comes hold up nobody", async () => {
    const { clock, residency } = setUp({}, { slow: { footprint: 1, footprintMs: 1e9 } });
    const slow = watch(residency.acquire("slow"));
    const quick = watch(residency.acquire("a"));
    await clock.advance(1000);
    expect([slow.now, quick.now]).toEqual(["waits", "done"]);
  });
});
