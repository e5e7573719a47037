import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Coalescer } from "../../../lib/engine/child/coalesce";
import type { GenerateEvent } from "../../../lib/engine";

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => vi.useRealTimers());

const text = (words: string): GenerateEvent => ({ type: "text", text: words, tokens: 1 });

function recorded(): { sent: GenerateEvent[]; events: Coalescer } {
  const sent: GenerateEvent[] = [];
  return { sent, events: new Coalescer((event) => sent.push(event)) };
}

describe("Coalescer", () => {
  it("sends the first text at once, and gathers what follows quickly", () => {
    const { sent, events } = recorded();
    for (const words of ["a", "b", "c"]) events.emit(text(words));
    expect(sent).toEqual([text("a")]);
    vi.advanceTimersByTime(20);
    expect(sent).toEqual([text("a"), { type: "text", text: "bc", tokens: 2 }]);
  });

  it("sends each token by itself when they come slowly", () => {
    const { sent, events } = recorded();
    for (const words of ["a", "b", "c"]) {
      events.emit(text(words));
      vi.advanceTimersByTime(30);
    }
    expect(sent).toEqual(["a", "b", "c"].map(text));
  });

  it("never mixes thinking with the answer, and keeps the order", () => {
    const { sent, events } = recorded();
    events.emit(text("a"));
    events.emit({ type: "thought", text: "t", tokens: 1 });
    events.emit(text("b"));
    events.emit({ type: "prefill", evaluated: 1, total: 2 });
    expect(sent.map((event) => event.type)).toEqual(["text", "thought", "text", "prefill"]);
  });

  it("leaves nothing behind when it is flushed", () => {
    const { sent, events } = recorded();
    events.emit(text("a"));
    events.emit(text("b"));
    events.flush();
    vi.advanceTimersByTime(100);
    expect(sent).toEqual(["a", "b"].map(text));
  });
});
