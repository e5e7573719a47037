import { describe, expect, it } from "vitest";
import { tuneThreads, type ThreadSettings } from "../../../lib/engine/child/threads";

const settings: ThreadSettings = { threads: "auto", max: 2, sequences: 4, remembered: null, gpu: false };

/** As the addon's: methods on the prototype, which an assignment cannot replace. */
class FakeNative {
  calls: string[] = [];
  threads = 7;
  clock = 0;
  /** Milliseconds that a step takes on so many threads. */
  cost: (threads: number) => number = () => 0;
  failure: Error | null = null;

  initBatch(tokens: number): void {
    this.calls.push(`init ${tokens}`);
  }

  setThreads(threads: number): void {
    this.threads = threads;
    this.calls.push(`threads ${threads}`);
  }

  async decodeBatch(): Promise<void> {
    this.calls.push("decode");
    if (this.failure !== null) throw this.failure;
    this.clock += this.cost(this.threads);
  }
}
for (const name of ["initBatch", "setThreads", "decodeBatch"])
  Object.defineProperty(FakeNative.prototype, name, { writable: false });

/** The library's order of calls, with the count that the context was created with. */
async function step(native: FakeNative, tokens: number): Promise<void> {
  native.initBatch(tokens);
  native.setThreads(7);
  await native.decodeBatch();
}

const countsOf = (native: FakeNative): number[] =>
  native.calls.filter((call) => call.startsWith("threads")).map((call) => Number(call.split(" ")[1]));

describe("tuneThreads", () => {
  it("sets its own number once before each step, and leaves the library's unused", async () => {
    const native = new FakeNative();
    expect(tuneThreads({ _ctx: native }, settings).mode).toBe("auto");
    await step(native, 1);
    await step(native, 256);
    expect(native.calls).toEqual(["init 1", "threads 1", "decode", "init 256", "threads 1", "decode"]);
  });

  it("settles on what is faster for tokens and for prompts apart, and says so", async () => {
    const native = new FakeNative();
    let tokens = 1;
    native.cost = (threads) => ((tokens === 1) === (threads === 1) ? 10 : 20);
    const remembered = { decode: 2, prefill: 1 };
    const handle = tuneThreads({ _ctx: native }, { ...settings, gpu: true, remembered }, () => native.clock);
    if (handle.mode !== "auto") throw new Error("not tuned");
    expect(handle.remembered()).toEqual({ decode: 2, prefill: 1 });
    for (tokens of [1, 256]) for (let count = 0; count < 300; count++) await step(native, tokens);
    expect(handle.remembered()).toEqual({ decode: 1, prefill: 2 });
  });

  it("begins where an earlier run of the model ended", async () => {
    const native = new FakeNative();
    tuneThreads({ _ctx: native }, { ...settings, max: 8, remembered: { decode: 3, prefill: 6 } });
    await step(native, 1);
    await step(native, 256);
    expect(countsOf(native)).toEqual([3, 6]);
  });

  it("lets a failed step fail, and goes on with the next", async () => {
    const native = new FakeNative();
    tuneThreads({ _ctx: native }, settings);
    native.failure = new Error("no KV slot");
    await expect(step(native, 1)).rejects.toBe(native.failure);
    native.failure = null;
    await step(native, 1);
    expect(native.calls.slice(-3)).toEqual(["init 1", "threads 1", "decode"]);
  });

  it.each([
    ["a number in the settings", { threads: 3 }, "setting"],
    ["a single core", { max: 1 }, "one-core"],
  ] as const)("leaves the threads alone with %s", async (_case, changed, reason) => {
    const native = new FakeNative();
    expect(tuneThreads({ _ctx: native }, { ...settings, ...changed })).toEqual({ mode: "fixed", reason });
    await step(native, 1);
    expect(native.calls).toEqual(["init 1", "threads 7", "decode"]);
  });

  it.each([
    ["nothing native", {}],
    ["a native object that is null", { _ctx: null }],
    ["a method missing", { _ctx: { initBatch: () => undefined, setThreads: () => undefined } }],
    ["methods that cannot be replaced", { _ctx: Object.freeze(new FakeNative()) }],
  ])("leaves alone a library that has %s", (_case, context) => {
    expect(tuneThreads(context, settings)).toEqual({ mode: "fixed", reason: "unknown-library" });
  });
});
