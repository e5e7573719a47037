import { describe, expect, it } from "vitest";
import { StepTurns } from "../../../lib/engine/child/native-context";

/** A context as the library's: three native methods, read-only on the prototype. */
class Native {
  steps = 0;
  constructor(private readonly step: () => Promise<void>) {}
  initBatch(): void {}
  setThreads(): void {}
  async decodeBatch(): Promise<void> {
    this.steps++;
    await this.step();
  }
}

describe("contexts that step in turn", () => {
  it("never compute at the same time, in the order they came, also after a failure", async () => {
    let running = 0;
    let most = 0;
    const order: string[] = [];
    const contexts = ["base", "tuned"].map((name) => ({
      _ctx: new Native(async () => {
        most = Math.max(most, ++running);
        order.push(name);
        await new Promise((done) => setImmediate(done));
        running--;
        if (order.length === 2) throw new Error("out of memory");
      }),
    }));
    const [base, tuned] = contexts.map(({ _ctx }) => _ctx) as [Native, Native];
    const turns = new StepTurns();
    for (const context of contexts) turns.add(context);
    const results = await Promise.allSettled([base.decodeBatch(), tuned.decodeBatch(), base.decodeBatch()]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(order).toEqual(["base", "tuned", "base"]);
    expect(most).toBe(1);
  });

  it("are left alone where the library is another one", () => {
    const other = { _ctx: { decode: () => {} } };
    const turns = new StepTurns();
    turns.add(other);
    turns.add({});
    expect(Object.keys(other._ctx)).toEqual(["decode"]);
  });
});
