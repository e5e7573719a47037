import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batchInSlotOrder, placeInBatch } from "../../../lib/engine/child/batching";
import { StepBarrier } from "../../../lib/engine/child/step-barrier";

const item = (slot: number, tokens: number) => ({
  tokens: Array.from({ length: tokens }, () => 1) as never[],
  logits: [],
  evaluationPriority: placeInBatch(slot),
});

describe("batchInSlotOrder", () => {
  it("puts slots in by number, whatever order they came in", () => {
    const items = [item(2, 1), item(0, 1), item(3, 1), item(1, 1)];
    const batch = batchInSlotOrder({ items, size: 512 });
    expect(batch.map((entry) => entry.item.evaluationPriority)).toEqual([1, 2, 3, 4]);
    expect(batch.every((entry) => entry.processAmount === 1)).toBe(true);
  });

  it("leaves a long prompt what the others do not need", () => {
    const batch = batchInSlotOrder({ items: [item(0, 400), item(1, 1), item(2, 1)], size: 128 });
    expect(batch.map((entry) => entry.processAmount)).toEqual([126, 1, 1]);
  });

  it("never overfills a batch and never asks for more than there is", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(600), { maxLength: 8 }), fc.integer({ min: 1, max: 512 }), (lengths, size) => {
        const batch = batchInSlotOrder({ items: lengths.map((length, slot) => item(slot, length)), size });
        const total = batch.reduce((sum, entry) => sum + entry.processAmount, 0);
        expect(total).toBe(
          Math.min(
            size,
            lengths.reduce((sum, length) => sum + length, 0),
          ),
        );
        expect(batch.every((entry) => entry.processAmount <= entry.item.tokens.length)).toBe(true);
      }),
    );
  });
});

describe("StepBarrier", () => {
  it("lets a single sequence pass", () => {
    const steps = new StepBarrier();
    steps.join();
    expect(steps.arrive()).toBeNull();
  });

  it("holds sequences until all are there, and lets them go when one leaves instead", async () => {
    const steps = new StepBarrier();
    for (let i = 0; i < 3; i++) steps.join();
    const gone: string[] = [];
    void steps.arrive()?.then(() => gone.push("first"));
    void steps.arrive()?.then(() => gone.push("second"));
    await new Promise((done) => setImmediate(done));
    expect(gone).toEqual([]);
    steps.leave();
    await new Promise((done) => setImmediate(done));
    expect(gone).toEqual(["first", "second"]);
  });
});
