import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StallTimer } from "../../../lib/engine/deadline";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("a stall timer", () => {
  it("expires when nothing was heard for its time, and not before", async () => {
    const expired = vi.fn();
    const timer = new StallTimer(100);
    void timer.expired.then(expired);
    await vi.advanceTimersByTimeAsync(90);
    timer.reset();
    await vi.advanceTimersByTimeAsync(90);
    expect(expired).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(10);
    expect(expired).toHaveBeenCalled();
  });

  it("that was cleared holds up nobody, whatever is heard afterwards", () => {
    const timer = new StallTimer(100);
    timer.clear();
    timer.reset();
    expect(vi.getTimerCount()).toBe(0);
  });
});
