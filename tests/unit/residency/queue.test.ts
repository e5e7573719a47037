import { describe, expect, it } from "vitest";
import type { Lease, ResidencyEvent } from "../../../lib/residency";
import { WaitQueue } from "../../../lib/residency/queue";
import { planQueue } from "../../../lib/residency/plan-queue";
import { MemwellError } from "../../../lib/errors";

const lease: Lease = { key: "a", lost: false, release: () => {}, [Symbol.dispose]: () => {} };

describe("WaitQueue", () => {
  it("keeps the order of arrival, by model too", () => {
    const queue = new WaitQueue(10, () => {});
    for (const [index, key] of ["b", "a", "b"].entries()) queue.add(key, index, {});
    expect(queue.keys()).toEqual(["b", "a"]);
    expect(queue.of("b").map(({ arrivedAt }) => arrivedAt)).toEqual([0, 2]);
    expect([queue.arrivalOf("a"), queue.arrivalOf("c")]).toEqual([1, null]);
  });

  it("refuses one more than its limit, and takes another once one has left", async () => {
    const queue = new WaitQueue(1, () => {});
    const first = queue.add("a", 0, {});
    expect(() => queue.add("a", 0, {})).toThrow(expect.objectContaining({ code: "queue_full", fields: { limit: 1 } }));
    first.grant(lease);
    expect(await first.promise).toBe(lease);
    expect(queue.add("a", 0, {}).key).toBe("a");
  });

  it("lets a caller leave, and says so after it is out", async () => {
    const lengths: number[] = [];
    const queue: WaitQueue = new WaitQueue(2, () => lengths.push(queue.length));
    const caller = new AbortController();
    const waiter = queue.add("a", 0, { signal: caller.signal });
    caller.abort();
    await expect(waiter.promise).rejects.toMatchObject({ code: "aborted" });
    expect(lengths).toEqual([0]);
  });

  it("forgets a caller's signal with the request", async () => {
    let left = 0;
    const queue = new WaitQueue(2, () => left++);
    const caller = new AbortController();
    const waiter = queue.add("a", 0, { signal: caller.signal });
    waiter.grant(lease);
    caller.abort();
    expect(await waiter.promise).toBe(lease);
    expect(left).toBe(0);
  });

  it("tells a caller only what is new, nothing after the end, and survives a listener that throws", async () => {
    const heard: ResidencyEvent[] = [];
    const queue = new WaitQueue(2, () => {});
    const onEvent = (event: ResidencyEvent): void => {
      heard.push(event);
      throw new Error("a listener's own mistake");
    };
    const waiter = queue.add("a", 0, { onEvent });
    const waitingFor = { reason: "busy" as const, models: ["b"] };
    const event: ResidencyEvent = { type: "queued", position: 1, waitingFor, estimateMs: null };
    waiter.tell(event);
    waiter.tell({ ...event });
    waiter.tell({ ...event, position: 2 });
    waiter.reject(new MemwellError("internal", "x"));
    waiter.tell(event);
    expect(heard.map((one) => one.type === "queued" && one.position)).toEqual([1, 2]);
    await expect(waiter.promise).rejects.toMatchObject({ code: "internal" });
  });
});

describe("planQueue", () => {
  const memory = { limitBytes: 12, budgetBytes: 10, otherBytes: 0 };
  const ready = { state: "ready" as const, reservationBytes: 8, measuredBytes: null, lastUsedAt: 0, pinned: false };

  it("passes those that drain, are not known yet, or can never fit; the others wait for their turn", () => {
    const plan = planQueue({
      ...memory,
      residents: [{ ...ready, key: "drains", leases: 1, draining: true }],
      waiting: [
        { key: "drains", neededBytes: 8 },
        { key: "unknown", neededBytes: null },
        { key: "huge", neededBytes: 11 },
        { key: "small", neededBytes: 2 },
        { key: "later", neededBytes: 1 },
        { key: "gigantic", neededBytes: 99 },
      ],
    });
    expect(plan.first).toMatchObject({ key: "small", neededBytes: 2, plan: { action: "load" } });
    expect(plan.refused.map(({ key }) => key)).toEqual(["huge", "gigantic"]);
    expect(Object.fromEntries(plan.waits)).toMatchObject({
      drains: { reason: "busy", models: ["drains"] },
      unknown: { reason: "footprint" },
      later: { reason: "turn", models: ["small"] },
    });
  });
});
