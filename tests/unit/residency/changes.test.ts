import { describe, expect, it } from "vitest";
import type { ResidencyChange } from "../../../lib/residency";
import { setUp } from "./harness";

/** A scheduler that keeps what it tells; what each change is, in short. */
function recorded(options: Parameters<typeof setUp>[0] = {}, models: Parameters<typeof setUp>[1] = {}) {
  const changes: ResidencyChange[] = [];
  return { ...setUp({ ...options, onChange: (change) => void changes.push(change) }, models), changes };
}

describe("what becomes of models is told", () => {
  it("a load: how long it took, what it was to take and takes", async () => {
    const { changes, ready } = recorded({}, { a: { footprint: 6, measured: 5 } });
    (await ready("a")).release();
    expect(changes).toEqual([{ type: "loaded", key: "a", bytes: 5, reservationBytes: 6, loadMs: 1_000, replaced: [] }]);
  });

  it("an eviction: for whom, with the figures; and the load that follows says whose place it took", async () => {
    const { changes, clock, ready } = recorded();
    (await ready("small")).release();
    (await ready("a")).release();
    await clock.advance(3_000);
    await ready("b");
    await clock.advance(1_200);
    expect(changes.slice(2)).toEqual([
      {
        type: "leaving",
        key: "small",
        reason: "evicted",
        for: "b",
        bytes: 2,
        // Let go of at 1.2 s; the other at 2.4 s.
        idleMs: 4_200,
        neededBytes: 6,
        budgetBytes: 10,
        otherBytes: 0,
        modelsBytes: 8,
      },
      { ...changes[2], key: "a", bytes: 6, idleMs: 3_000 },
      { type: "loaded", key: "b", bytes: 6, reservationBytes: 6, loadMs: 1_000, replaced: ["small", "a"] },
    ]);
  });

  it("a model that was loaded again meanwhile was not replaced", async () => {
    const { changes, clock, residency, ready } = recorded();
    (await ready("a")).release();
    const given = new AbortController();
    const waiting = residency.acquire("b", { signal: given.signal });
    waiting.catch(() => {});
    await clock.advance(50);
    given.abort();
    (await ready("a")).release();
    void residency.unload("a");
    await clock.advance(500);
    await ready("b");
    await clock.advance(500);
    expect(changes.findLast(({ type }) => type === "loaded")).toMatchObject({ key: "b", replaced: [] });
  });

  it.each<[string, (made: ReturnType<typeof recorded>) => Promise<unknown>]>([
    ["asked", ({ residency }) => residency.unload("a")],
    ["idle", ({ clock }) => clock.advance(5_000)],
    ["closing", ({ residency }) => residency.close()],
  ])("an unload: %s", async (reason, leave) => {
    const made = recorded({ idleUnloadMs: 5_000 });
    (await made.ready("a")).release();
    const left = leave(made);
    await made.clock.advance(1_000);
    await left;
    expect(made.changes.slice(1)).toMatchObject([{ type: "leaving", key: "a", bytes: 6, reason }]);
  });

  it("a load that nobody waits for, given up for another", async () => {
    const { changes, clock, residency } = recorded();
    const given = new AbortController();
    residency.acquire("a", { signal: given.signal }).catch(() => {});
    await clock.advance(300);
    given.abort();
    void residency.acquire("b");
    await clock.advance(3_000);
    expect(changes.map((change) => [change.type, change.key, "reason" in change ? change.reason : ""])).toEqual([
      ["leaving", "a", "abandoned"],
      ["loaded", "b", ""],
    ]);
  });

  it("a load that fails, with its error, and nothing else", async () => {
    const { changes, clock, effects, residency } = recorded();
    effects.failingLoads.add(0);
    residency.acquire("a").catch(() => {});
    await clock.advance(3_000);
    expect(changes).toMatchObject([
      { type: "load-failed", key: "a", reservationBytes: 6, loadMs: 1_000, error: { code: "engine_start_failed" } },
    ]);
  });

  it("a process that ends by itself", async () => {
    const { changes, effects, ready } = recorded();
    (await ready("a")).release();
    effects.crash("a");
    expect(changes.slice(1)).toEqual([{ type: "died", key: "a", bytes: 6, error: null }]);
  });

  it("and whoever listens badly stops nobody", async () => {
    const { ready, states } = setUp({
      onChange: () => {
        throw new Error("no");
      },
    });
    (await ready("a")).release();
    expect(states()).toEqual({ a: "ready" });
  });
});
