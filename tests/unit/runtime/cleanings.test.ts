import { describe, expect, it } from "vitest";
import { MemwellError } from "../../../lib/errors";
import type { CleaningProgress, ExecutedPlan, ExecuteOptions } from "../../../lib/hub";
import { Cleanings, watchCleaning, type CleaningEvent } from "../../../lib/runtime/cleanings";

const ID = "0".repeat(32);
const executed: ExecutedPlan = { id: ID, action: "rm", freed_size: 3, removed: [], kept: [], warnings: [] };
const progress = (files: number): CleaningProgress => ({
  nb_files: files,
  total_files: 3,
  freed_size: files,
  expected_freed_size: 3,
});

function later<Value>() {
  let resolve = (_: Value): void => {};
  const promise = new Promise<Value>((settle) => (resolve = settle));
  return { promise, resolve: (value: Value) => resolve(value) };
}

async function all(events: AsyncIterable<CleaningEvent>): Promise<CleaningEvent[]> {
  const heard: CleaningEvent[] = [];
  for await (const event of events) heard.push(event);
  return heard;
}

describe("a cleaning that is watched", () => {
  it("ends with what was removed, after how far it was", async () => {
    const events = watchCleaning((tell) => {
      for (const files of [0, 1, 2, 3]) tell(progress(files));
      return Promise.resolve(executed);
    });
    expect(await all(events)).toEqual([
      { type: "progress", ...progress(3) },
      { type: "done", executed },
    ]);
  });

  it("tells the newest only, and nothing twice", async () => {
    const next = later<ExecutedPlan>();
    let tell = (_: CleaningProgress): void => {};
    const events = watchCleaning((onProgress) => {
      tell = onProgress;
      return next.promise;
    });
    const first = events.next();
    tell(progress(0));
    tell(progress(1));
    expect((await first).value).toEqual({ type: "progress", ...progress(1) });
    next.resolve(executed);
    expect(await all(events)).toEqual([{ type: "done", executed }]);
  });

  it("that cannot begin says why at once", async () => {
    const refusal = new MemwellError("plan_stale", "The cache has changed.");
    const events = watchCleaning(() => Promise.reject(refusal));
    expect(await all(events)).toEqual([{ type: "failed", error: refusal.toRecord() }]);
  });

  it("goes on when nobody listens any more", async () => {
    const next = later<ExecutedPlan>();
    const ended: string[] = [];
    const events = watchCleaning(async (tell) => {
      tell(progress(0));
      const result = await next.promise;
      ended.push("yes");
      return result;
    });
    await events.next();
    await events.return();
    expect(ended).toEqual([]);
    next.resolve(executed);
    await next.promise;
    await Promise.resolve();
    expect(ended).toEqual(["yes"]);
  });
});

describe("a cleaning that is cancelled", () => {
  /** Ends when it is told to. */
  const until = ({ signal }: ExecuteOptions) =>
    new Promise<ExecutedPlan>((resolve) => signal?.addEventListener("abort", () => resolve(executed)));

  it("is ended by the id of its plan, and by whoever began it", async () => {
    const cleanings = new Cleanings();
    expect(cleanings.cancel(ID)).toBe(false);
    const [one, two] = [cleanings.run(ID, {}, until), cleanings.run(ID, {}, until)];
    expect(cleanings.cancel("1".repeat(32))).toBe(false);
    expect(cleanings.cancel(ID)).toBe(true);
    expect(await Promise.all([one, two])).toEqual([executed, executed]);
    expect(cleanings.cancel(ID)).toBe(false);
    const own = new AbortController();
    const three = cleanings.run(ID, { signal: own.signal }, until);
    own.abort();
    expect(await three).toEqual(executed);
  });

  it("one that has failed is none to cancel", async () => {
    const cleanings = new Cleanings();
    await expect(cleanings.run(ID, {}, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(cleanings.cancel(ID)).toBe(false);
  });
});
