import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { DayCache, spreadOf, summarize } from "../../../lib/analytics";
import { FigureStore, type CountedRating, type RunFigures } from "../../../lib/store";
import { testStores } from "../store/conversations-stores";
import { figures } from "./figures";

const breathe = () => Promise.resolve();
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function summed(runs: RunFigures[], by: "day" | "hour" | "model", ratings: CountedRating[] = []) {
  const pages = (from: number, to: number) => [runs.filter(({ beganAt }) => beganAt >= from && beganAt < to)];
  const reader = { pages, ratings: () => ratings, stamp: () => "" };
  return summarize(reader, { from: 0, to: 2 * figures().beganAt, by }, breathe);
}

describe("a spread", () => {
  it("is null without figures, and that figure for one", () => {
    expect(spreadOf([])).toBeNull();
    expect(spreadOf([7])).toEqual({ count: 1, mean: 7, p50: 7, p95: 7, max: 7 });
  });

  it("has as many figures at or below its percentiles as it says, and each of them was measured", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 }),
        (values) => {
          const { p50, p95, max, mean } = spreadOf(values)!;
          const share = (limit: number) => values.filter((value) => value <= limit).length / values.length;
          const isLeast = (limit: number, wanted: number) =>
            values.every((value) => value >= limit || share(value) < wanted);
          expect(values).toEqual(expect.arrayContaining([p50, p95, max]));
          expect(share(p50)).toBeGreaterThanOrEqual(0.5);
          expect(share(p95)).toBeGreaterThanOrEqual(0.95);
          expect(isLeast(p50, 0.5) && isLeast(p95, 0.95)).toBe(true);
          expect(max).toBe(Math.max(...values));
          expect(mean).toBeCloseTo(values.reduce((a, b) => a + b) / values.length, 3);
        },
      ),
    );
  });
});

describe("a summary", () => {
  it("counts turns, visitors, conversations, ends and errors", async () => {
    const { total } = await summed(
      [
        figures(),
        figures({
          run: "2",
          visitor: "visitor-2",
          conversation: "chat-2",
          outcome: "failed",
          errorCode: "engine_crashed",
        }),
        figures({ run: "3", source: "model", visitor: null, conversation: null, decisions: null, segments: null }),
      ],
      "day",
      [
        { rating: "like", updatedAt: figures().beganAt, model: "demo-response" },
        { rating: "dislike", updatedAt: figures().beganAt, model: null },
      ],
    );
    expect(total).toMatchObject({
      turns: 3,
      sources: { chat: 2, model: 1 },
      outcomes: { done: 2, failed: 1 },
      errors: { engine_crashed: 1 },
      visitors: 2,
      conversations: 2,
      likes: 1,
      dislikes: 1,
      swaps: 3,
      prompted_turns: 2,
      segments: { GENERAL_FORMATTING: 2 },
      decisions: { chart: { answers: { no: 2 }, sources: { model: 2 } } },
    });
    expect(total.queue_ms).toEqual({ count: 3, mean: 200, p50: 200, p95: 200, max: 200 });
    expect(total.tokens_per_second?.p50).toBeCloseTo(20);
    expect(total.models["demo-response"]).toMatchObject({ steps: 3, generated: 72, prefill_tokens_per_second: 250 });
    expect(total.models["demo-reasoning"]).toMatchObject({ reused: 180, decode_tokens_per_second: null });
  });

  it("leaves out what is not known, instead of counting it as nothing", async () => {
    const { total } = await summed(
      [figures(), figures({ durationMs: null, waitMs: null, loadMs: null, firstTokenMs: null })],
      "day",
    );
    for (const name of ["turn_ms", "wait_ms", "queue_ms", "load_ms", "first_token_ms"] as const)
      expect(total[name]?.count).toBe(1);
    expect(total.step_ms.thinking).toBeNull();
  });

  it("puts runs together by day and hour of UTC, and by the model that answered", async () => {
    const runs = [
      figures(),
      figures({ beganAt: figures().beganAt + DAY }),
      figures({ model: null, beganAt: figures().beganAt + 3_600_000 }),
    ];
    const keys = async (by: "day" | "hour" | "model") =>
      (await summed(runs, by)).groups.map(({ key, turns }) => `${key}: ${turns}`);
    expect(await keys("day")).toEqual(["2026-07-31: 2", "2026-08-01: 1"]);
    expect(await keys("hour")).toEqual(["2026-07-31T14: 1", "2026-07-31T15: 1", "2026-08-01T14: 1"]);
    expect(await keys("model")).toEqual([": 1", "demo-response: 2"]);
  });
});

describe("a summary that is asked for again", () => {
  const stored = () => {
    const { database } = testStores();
    const store = new FigureStore(database);
    const read = vi.spyOn(store, "pages");
    const days = new DayCache();
    const today = figures().beganAt;
    const ask = (by: "day" | "model" = "day") =>
      summarize(store, { from: today - 3 * DAY, to: today + HOUR, by }, breathe, days);
    const daysRead = () => read.mock.calls.splice(0).length;
    return { database, store, ask, today, daysRead };
  };

  it("reads only days that have changed, and says the same as one that reads all of them", async () => {
    const { store, ask, today, daysRead, database } = stored();
    for (let index = 0; index < 300; index++)
      store.record(figures({ run: String(index), beganAt: today - index * 14 * 60_000, durationMs: index, model: index % 3 ? "a" : "b" })); // prettier-ignore
    const first = await ask();
    expect(daysRead()).toBe(4);
    expect(await ask()).toEqual(first);
    // The first day and today are parts of days.
    expect(daysRead()).toBe(2);

    store.record(figures({ run: "late", beganAt: today - 2 * DAY, durationMs: 77_777 }));
    const later = await ask();
    expect(daysRead()).toBe(3);
    expect(later.total.turns).toBe(first.total.turns + 1);
    expect(later.total.turn_ms?.max).toBe(77_777);
    database.exec("DELETE FROM run_figures WHERE run = 'late'");
    expect(await ask()).toEqual(first);
    for (const by of ["day", "model"] as const)
      expect(await ask(by)).toEqual(await summarize(store, { from: first.from, to: first.to, by }, breathe));
  });

  it("keeps all whole days of a quarter of a year", async () => {
    const { database } = testStores();
    const store = new FigureStore(database);
    const days = new DayCache();
    const from = Math.floor(figures().beganAt / DAY) * DAY - 89 * DAY;
    for (let day = 0; day < 90; day++) store.record(figures({ run: String(day), beganAt: from + day * DAY }));
    const ask = () => summarize(store, { from, to: from + 90 * DAY - 1, by: "day" }, breathe, days);
    await ask();
    const read = vi.spyOn(store, "pages");
    expect((await ask()).total.turns).toBe(90);
    expect(read).toHaveBeenCalledOnce();
  });
});
