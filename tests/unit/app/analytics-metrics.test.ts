import { describe, expect, it } from "vitest";

import { metricsCharts } from "../../../app/_analytics/metrics-charts";
import { beginOf, readView, writeView } from "../../../app/_analytics/metrics-view";
import { describeChart, formatFigure, keyWords, timeOfKey } from "../../../app/_analytics/metrics-words";
import { smooth } from "../../../app/_analytics/smooth";
import type { ChartTheme } from "../../../app/_components/answer/chart-colours";
import { metricsBars } from "../../../app/_components/analytics/metrics-bars";
import { metricsLines } from "../../../app/_components/analytics/metrics-lines";
import { numbersOf } from "../../../app/_components/analytics/MetricsChartView";
import { summarize } from "../../../lib/analytics";
import type { RunFigures } from "../../../lib/store";
import { figures } from "../analytics/figures";

const THEME: ChartTheme = { isDark: false, ink: "#000", line: "#ccc", ground: "#fff", fontFamily: "serif" };
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 6, 31, 14, 20);

async function summaryOf(runs: RunFigures[], by: "day" | "hour" | "model") {
  const reader = {
    pages: (from: number, to: number) => [runs.filter(({ beganAt }) => beganAt >= from && beganAt < to)],
    ratings: () => [],
    stamp: () => "",
  };
  return summarize(reader, { from: NOW - 7 * DAY, to: NOW + 1, by }, async () => {});
}

describe("a moving average", () => {
  it("is what was measured at weight 0, and leaves gaps where they are", () => {
    expect(smooth([3, null, 0, 5], 0)).toEqual([3, null, 0, 5]);
  });

  it("begins at the first figure instead of near zero, and follows the others slowly", () => {
    const [first, second, gap, third] = smooth([10, 0, null, 0], 0.5);
    expect([first, gap]).toEqual([10, null]);
    expect(second).toBeCloseTo(10 / 3, 10);
    expect(third).toBeCloseTo(10 / 7, 10);
    for (const value of smooth([7, 7, 7, 7], 0.9)) expect(value).toBeCloseTo(7, 10);
  });
});

describe("the view in the address", () => {
  it("is read and written again, and leaves all else in the address as it was", () => {
    const search = "?__theme=dark&range=24h&by=hour&smooth=0.6&log=turns,errors";
    const view = readView(search);
    expect(view).toEqual({ range: "24h", by: "hour", smoothing: 0.6, log: ["turns", "errors"] });
    expect(writeView(search, view)).toBe(search);
    expect(writeView(search, { range: "7d", by: "day", smoothing: 0, log: [] })).toBe("?__theme=dark");
    expect(writeView("", readView(""))).toBe("");
  });

  it.each([
    ["?range=1y&by=week&smooth=2&log=,,<b>,A", { range: "7d", by: "day", smoothing: 0, log: [] }],
    ["?smooth=NaN&log=turns,turns", { range: "7d", by: "day", smoothing: 0, log: ["turns"] }],
    ["?range=90d&by=hour", { range: "90d", by: "day", smoothing: 0, log: [] }],
    ["?smooth=0.30000000000000004", { range: "7d", by: "day", smoothing: 0.3, log: [] }],
  ])("what cannot be is as usual: %s", (search, view) => {
    expect(readView(search)).toEqual(view);
  });

  it("a range begins with a whole hour or day of UTC, and has the one that has begun in it", () => {
    expect(new Date(beginOf("24h", NOW)).toISOString()).toBe("2026-07-30T15:00:00.000Z");
    expect(new Date(beginOf("7d", NOW)).toISOString()).toBe("2026-07-25T00:00:00.000Z");
    expect(new Date(beginOf("90d", NOW)).toISOString()).toBe("2026-05-03T00:00:00.000Z");
  });
});

describe("the charts of a summary", () => {
  const runs = [
    figures({ beganAt: NOW - 3 * DAY, waitMs: 100, loadMs: 40, stepMs: { decision: 50, response: 200 } }),
    figures({
      beganAt: NOW - 3 * DAY,
      outcome: "failed",
      errorCode: "internal",
      waitMs: null,
      loadMs: null,
      stepMs: {},
      segments: null,
      decisions: null,
    }),
    figures({
      beganAt: NOW,
      segments: ["MATH_THINKING"],
      decisions: [{ id: "chart", answer: "yes", source: "model" }],
    }),
  ];

  it("have a gap for what was not measured, and a zero for what was and is none", async () => {
    const summary = await summaryOf(runs, "day");
    expect(summary.groups.map(({ key }) => key)).toEqual(["2026-07-28", "2026-07-31"]);
    const of = (id: string) =>
      new Map(
        metricsCharts(summary)
          .find((chart) => chart.id === id)
          ?.series.map(({ name, values }) => [name, values]),
      );
    expect(of("turns").get("turns")).toEqual([2, 1]);
    expect(of("errors").get("internal")).toEqual([1, 0]);
    expect(of("opinions").get("likes")).toEqual([0, 0]);
    expect(of("queue").get("median (p50)")?.[0]).toBe(60);
    // Two turns, and one of them had the step.
    expect(of("steps").get("decision")?.[0]).toBe(25);
    expect(of("steps").get("waiting for a model")?.[0]).toBe(50);
    expect(of("segments").get("MATH_THINKING")?.at(-1)).toBe(100);
  });

  it("name each answer of each question; a question that was not asked has no figure", async () => {
    const summary = await summaryOf(
      runs.map((run, index) => (index === 2 ? run : { ...run, decisions: null })),
      "day",
    );
    const decisions = metricsCharts(summary).find(({ id }) => id === "decisions");
    expect(decisions?.series).toEqual([{ name: "chart: yes", values: [null, 1] }]);
  });

  it("go to a spreadsheet as they were measured", async () => {
    const summary = await summaryOf(runs, "day");
    const chart = metricsCharts(summary).find(({ id }) => id === "queue")!;
    const { head, rows } = numbersOf(
      chart,
      summary.groups.map(({ key }) => key),
      "day",
    );
    expect(head).toEqual(["day", "median (p50) (ms)", "95th percentile (p95) (ms)"]);
    expect(rows[0]).toEqual(["2026-07-28", 60, 60]);
  });

  it("are told in words", async () => {
    const summary = await summaryOf(runs, "day");
    const chart = metricsCharts(summary)[0]!;
    const keys = summary.groups.map(({ key }) => key);
    expect(describeChart(chart, keys, "day")).toBe(
      "Lines by day. turns: 1 last, from 1 to 2; visitors: 1 last, from 1 to 1.",
    );
  });
});

describe("a drawing", () => {
  const chart = {
    id: "turns",
    title: "Turns",
    unit: "count" as const,
    isStacked: false,
    series: [
      { name: "turns", values: [4, 0, null, 2] },
      { name: "visitors", values: [1, 1, null, 1] },
    ],
  };
  const keys = ["2026-07-28", "2026-07-29", "2026-07-30", "2026-07-31"];
  const whole = { min: 0, max: NOW };
  const drawn = {
    chart,
    keys,
    by: "day" as const,
    isLog: false,
    hidden: new Set<string>(),
    smoothing: 0,
    whole,
    zoom: null,
    onZoom: () => {},
  };
  const namesOf = (settings: { data: { datasets: { label?: string | undefined }[] } }) =>
    settings.data.datasets.map(({ label }) => label);

  it("has no point where there is no figure, and no line across a gap", () => {
    const [turns] = metricsLines(drawn, THEME).data.datasets;
    expect(turns?.data).toEqual(
      [0, 1, 3].map((at) => ({ x: timeOfKey(keys[at]!, "day"), y: chart.series[0]!.values[at] })),
    );
    expect(turns?.spanGaps).toBeLessThan(2 * DAY);
  });

  it("keeps what was measured behind a smoothed line, and leaves out what was hidden", () => {
    expect(namesOf(metricsLines({ ...drawn, smoothing: 0.6 }, THEME))).toEqual([
      "turns",
      "turns, as measured",
      "visitors",
      "visitors, as measured",
    ]);
    expect(namesOf(metricsLines({ ...drawn, hidden: new Set(["turns"]) }, THEME))).toEqual(["visitors"]);
  });

  it("has no zero on a logarithmic axis, and shows a stretch when one was drawn out", () => {
    const settings = metricsLines({ ...drawn, isLog: true, zoom: { min: 5, max: 9 } }, THEME);
    expect(settings.data.datasets[0]?.data).toHaveLength(2);
    expect(settings.options?.scales?.["y"]?.type).toBe("logarithmic");
    expect(settings.options?.scales?.["x"]).toMatchObject({ min: 5, max: 9 });
    expect(metricsBars({ ...drawn, by: "model", isLog: true }, THEME).data.datasets[0]?.data).toEqual([
      4,
      null,
      null,
      2,
    ]);
  });

  it("stacks steps, but not on a logarithmic axis", () => {
    const stacked = { ...chart, isStacked: true };
    const isStacked = (isLog: boolean) =>
      (metricsLines({ ...drawn, chart: stacked, isLog }, THEME).options?.scales?.["y"] as { stacked?: boolean })
        .stacked;
    expect([isStacked(false), isStacked(true)]).toEqual([true, undefined]);
    const smoothed = metricsLines({ ...drawn, chart: stacked, smoothing: 0.5 }, THEME).data.datasets;
    expect(smoothed.map(({ type }) => type)).toEqual(["bar", "bar", "line"]);
    expect(smoothed[2]?.data).toMatchObject([{ y: 5 }, { y: 1 }, { y: 3 }]);
  });
});

it("figures and keys are written for people", () => {
  expect([formatFigure(1234, "count"), formatFigure(0.4567, "ms"), formatFigure(1500, "ms")]).toEqual([
    "1,234",
    "0.457 ms",
    "1.5 s",
  ]);
  expect([formatFigure(14.2266, "rate"), formatFigure(66.6666, "percent")]).toEqual(["14.23 /s", "66.67 %"]);
  expect([keyWords("2026-07-31T14", "hour"), keyWords("", "model")]).toEqual([
    "2026-07-31T14:00Z",
    "no model answered",
  ]);
  expect(timeOfKey("2026-07-31T14", "hour")).toBe(Date.UTC(2026, 6, 31, 14));
});
