import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { RecordedEvent } from "../../../../lib/runtime/chat";
import { EventBatch } from "../../../../lib/runtime/chat/event-batch";

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => vi.useRealTimers());

const text = (piece: string): RecordedEvent => ({ type: "text", text: piece });
const note = (piece: string, kind: "math" | "reasoning" = "math"): RecordedEvent => ({
  type: "thought",
  kind,
  text: piece,
});
const loading = (fraction: number): RecordedEvent => ({
  type: "wait",
  role: "response",
  wait: { type: "loading", progress: { stage: "model", fraction } },
});
const queued: RecordedEvent = {
  type: "wait",
  role: "response",
  wait: { type: "queued", position: 1, waitingFor: { reason: "busy", models: [] }, estimateMs: null },
};

function written() {
  const writes: RecordedEvent[][] = [];
  return { writes, batch: new EventBatch((events) => writes.push(events)) };
}

describe("a run's events", () => {
  it("are written at once after a pause, and a moment later in a stream, with texts made one", () => {
    const { writes, batch } = written();
    batch.add(text("a"));
    expect(writes).toEqual([[text("a")]]);
    for (const piece of ["b", "c", "d"]) batch.add(text(piece));
    expect(writes).toHaveLength(1);
    vi.advanceTimersByTime(40);
    expect(writes[1]).toEqual([text("bcd")]);
    vi.advanceTimersByTime(1000);
    batch.add(text("e"));
    expect(writes).toHaveLength(3);
  });

  it("keep their order, and notes of two kinds stay apart", () => {
    const { writes, batch } = written();
    batch.add(text("first"));
    const rest = [note("a"), note("b", "reasoning"), text("c"), note("d", "reasoning")];
    for (const event of rest) batch.add(event);
    batch.close();
    expect(writes[1]).toEqual(rest);
  });

  it("of progress are the newest, four a second, and a new kind of wait at once", () => {
    const { writes, batch } = written();
    for (let percent = 0; percent < 100; percent++) {
      batch.add(loading(percent / 100));
      vi.advanceTimersByTime(10);
    }
    expect(writes.flat().length).toBeLessThanOrEqual(5);
    expect(writes.flat().length).toBeGreaterThanOrEqual(4);
    batch.add(loading(0.995));
    batch.add(queued);
    expect(writes.flat().at(-1)).toEqual(queued);
  });

  it("leave out progress that something else has overtaken, and do not wait for its turn", () => {
    const { writes, batch } = written();
    batch.add(loading(0.1));
    vi.advanceTimersByTime(50);
    batch.add(loading(0.2));
    batch.add(text("a"));
    expect(writes.flat()).toEqual([loading(0.1), text("a")]);
    vi.advanceTimersByTime(5000);
    batch.close();
    expect(writes.flat()).toHaveLength(2);
  });
});
