import { describe, expect, it } from "vitest";
import { idOfPath, type RegisteredModel } from "../../../lib/runtime/model-registry";
import { LatestEvent, toWaitEvent } from "../../../lib/runtime/wait-events";

const model = (id: string, path: string): RegisteredModel => ({
  id,
  path,
  roles: ["response"],
  source: "file",
  adapterPath: null,
});
const base = model("base", "/m.gguf");
const tutor = model("base-tutor", "/m.gguf");
const other = model("other", "/o.gguf");
const all = [base, tutor, other];

describe("toWaitEvent", () => {
  it("names models by ids: of several in one process the one that was asked for, or the first", () => {
    const waitingFor = { reason: "turn" as const, models: ["/o.gguf", "/m.gguf"] };
    const event = { type: "queued" as const, position: 3, waitingFor, estimateMs: 5000 };
    expect(toWaitEvent(event, tutor, all)).toEqual({
      ...event,
      waitingFor: { reason: "turn", models: ["other", "base-tutor"] },
    });
    expect(idOfPath("/m.gguf", null, all)).toBe("base");
    expect(idOfPath("/gone.gguf", null, all)).toBe("/gone.gguf");
  });

  it("passes on how a load goes", () => {
    const event = { type: "loading" as const, progress: { stage: "model" as const, fraction: 0.5 } };
    expect(toWaitEvent(event, base, all)).toEqual(event);
  });
});

describe("LatestEvent", () => {
  const gate = () => {
    let open = (): void => {};
    let fail = (_error: Error): void => {};
    const work = new Promise<void>((resolve, reject) => ([open, fail] = [resolve, reject]));
    return { work, open, fail };
  };

  it("hands over what is told, in order, until the work is done", async () => {
    const { work, open } = gate();
    const latest = new LatestEvent<number>();
    const events = latest.until(work);
    latest.tell(1);
    expect(await events.next()).toEqual({ done: false, value: 1 });
    const second = events.next();
    latest.tell(2);
    expect(await second).toEqual({ done: false, value: 2 });
    const end = events.next();
    open();
    expect(await end).toEqual({ done: true, value: undefined });
  });

  it("leaves out what was replaced before it was read", async () => {
    const latest = new LatestEvent<number>();
    const events = latest.until(gate().work);
    for (let event = 0; event < 1000; event++) latest.tell(event);
    expect((await events.next()).value).toBe(999);
  });

  it("says nothing when the work is done already, and ends without a throw when it fails", async () => {
    const done = new LatestEvent<number>();
    const events = done.until(Promise.resolve());
    expect((await events.next()).done).toBe(true);
    const { work, fail } = gate();
    const failing = new LatestEvent<number>().until(work).next();
    fail(new Error("no"));
    expect((await failing).done).toBe(true);
  });
});
