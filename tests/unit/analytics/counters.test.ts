import { expect, it } from "vitest";
import { RunCounters } from "../../../lib/analytics";
import { figures } from "./figures";

it("counters add up, and histograms count what is not above each bound", () => {
  const counters = new RunCounters();
  counters.add(figures({ durationMs: 40 }));
  counters.add(figures({ durationMs: 2_500 }));
  counters.add(
    figures({ outcome: "failed", errorCode: "engine_crashed", durationMs: null, segments: null, decisions: null }),
  );
  const { turns, errors, promptedTurns, swaps, turnSeconds, decisions, models } = counters.snapshot();
  expect(turns).toEqual([
    { labels: { source: "chat", outcome: "done" }, value: 2 },
    { labels: { source: "chat", outcome: "failed" }, value: 1 },
  ]);
  expect(errors).toEqual([{ labels: { code: "engine_crashed" }, value: 1 }]);
  expect(decisions).toEqual([{ labels: { decision: "chart", answer: "no", by: "model" }, value: 2 }]);
  expect([promptedTurns, swaps]).toEqual([2, 3]);
  expect(models.map(({ model, generated }) => [model, generated])).toEqual([
    ["demo-reasoning", 0],
    ["demo-response", 72],
  ]);
  const [histogram] = turnSeconds;
  expect(histogram).toMatchObject({ labels: { source: "chat" }, count: 2, sum: 2.54 });
  const notAbove = (bound: number) => histogram?.buckets.find((bucket) => bucket.bound === bound)?.count;
  expect([0.05, 1, 2.5, 5].map(notAbove)).toEqual([1, 1, 2, 2]);
});

it("what was told before does not change afterwards", () => {
  const counters = new RunCounters();
  counters.add(figures());
  const before = counters.snapshot();
  const text = JSON.stringify(before);
  counters.add(figures());
  expect(JSON.stringify(before)).toBe(text);
});
