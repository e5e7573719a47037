import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import {
  isDarkGround,
  SERIES_COLOURS,
  seriesColour,
  type ChartTheme,
} from "../../../app/_components/answer/chart-colours";
import { chartSettings } from "../../../app/_components/answer/chart-settings";
import {
  clip,
  fileNameOf,
  formatShare,
  formatTick,
  formatValue,
  wrap,
} from "../../../app/_components/answer/chart-words";
import { ChartFigure } from "../../../app/_components/answer/ChartFigure";
import { drawingProblem, readChart } from "../../../app/_components/answer/read-chart";
import { createGraph } from "../../../lib/agent";

const THEME: ChartTheme = { isDark: false, ink: "#000", line: "#ccc", ground: "#fff", fontFamily: "serif" };
const APPLES = {
  type: "bar",
  title: "Apples",
  x_label: "day",
  y_label: "apples",
  context: "How many each day",
  labels: ["Mon", "Tue"],
  series: [{ name: "", values: [3, 5] }],
};

/** As the tool itself makes it. */
async function displayOf(written: object): Promise<Record<string, unknown>> {
  const { display } = await createGraph.run(createGraph.parse({ ...APPLES, ...written }), {});
  return display as unknown as Record<string, unknown>;
}

describe("a chart's display", () => {
  it("is read as the tool makes it, the largest one too", async () => {
    const display = await displayOf({});
    expect({ kind: "chart", ...readChart(display) }).toEqual(display);
    const labels = Array.from({ length: 200 }, (_, index) => `${index} ${"w".repeat(50)}`);
    const series = Array.from({ length: 8 }, (_, index) => ({ name: `s${index}`, values: labels.map((_, at) => -at) }));
    expect(readChart(await displayOf({ type: "line", labels, series }))?.series).toHaveLength(8);
  });

  it.each<[string, unknown]>([
    ["nothing", null],
    ["a text", "chart"],
    ["a list", []],
    ["another kind", { kind: "calculation" }],
    ["an unknown type", { type: "radar" }],
    ["a type of every object", { type: "constructor" }],
    ["a title that is no text", { title: { toString: "x" } }],
    ["a title of a megabyte", { title: "x".repeat(1e6) }],
    ["no labels", { labels: [], series: [{ name: "", values: [] }] }],
    ["labels that are no list", { labels: { length: 2, 0: "a", 1: "b" } }],
    ["a label that is no text", { labels: ["Mon", 2] }],
    ["no series", { series: [] }],
    ["a value too few", { series: [{ name: "", values: [3] }] }],
    ["a value that is a text", { series: [{ name: "", values: [3, "5"] }] }],
    ["a value that is none", { series: [{ name: "", values: [3, NaN] }] }],
    ["an infinite value", { series: [{ name: "", values: [3, Infinity] }] }],
    ["a series without a name", { series: [{ values: [3, 5] }] }],
    ["a thousand series", { series: Array.from({ length: 1000 }, () => ({ name: "a", values: [1, 2] })) }],
    ["no description", { description: undefined }],
  ])("is not read from %s, and a note stands in its place", async (_, wrong) => {
    const isPart = typeof wrong === "object" && wrong !== null && !Array.isArray(wrong) && !("kind" in wrong);
    const display = isPart ? { ...(await displayOf({})), ...wrong } : wrong;
    expect(readChart(display)).toBeNull();
    const page = renderToStaticMarkup(<ChartFigure chart={display} />);
    expect(page).toContain("The chart cannot be shown");
    expect(page).not.toContain("<canvas");
  });

  it.each([
    ["negative", [1, -1], "negative"],
    ["zero in sum", [0, 0], "nothing to draw"],
    ["cancelled out", [5, -5], "negative"],
  ])("of a pie that is %s becomes a table that says why", async (_, values, why) => {
    const display = { ...(await displayOf({})), type: "pie", series: [{ name: "", values }] };
    expect(drawingProblem(readChart(display)!)).toContain(why);
    const page = renderToStaticMarkup(<ChartFigure chart={display} />);
    expect(page).toContain("<table");
    expect(page).toContain(why);
    expect(page).not.toContain("<button");
  });

  it("is a figure with a caption, a picture with words, and buttons", async () => {
    const page = renderToStaticMarkup(<ChartFigure chart={await displayOf({})} />);
    expect(page).toMatch(/<figure[^>]* aria-labelledby="([^"]+)".*<figcaption><p id="\1"[^>]*>Apples</);
    expect(page).toMatch(
      /<canvas role="img" aria-labelledby="[^"]+" aria-describedby="([^"]+)".*<p id="\1"[^>]*>Bar chart/,
    );
    expect(page).toContain("How many each day");
    expect(page).toContain('aria-pressed="false">Table</button>');
  });

  it("has its texts as text", async () => {
    const bad = "<img src=x onerror=alert(1)>";
    const display = await displayOf({ title: bad, labels: [bad, "b"], context: bad, type: "pie" });
    const page = renderToStaticMarkup(<ChartFigure chart={display} />);
    expect(page).not.toContain("<img");
    expect(page).toContain("&lt;img src=x");
  });
});

describe("a chart's settings", () => {
  it("give each series its values and its own colour, and no animation", async () => {
    const series = [
      { name: "a", values: [1, 2] },
      { name: "b", values: [3, 4] },
    ];
    const chart = readChart(await displayOf({ series }))!;
    const { data, options, type } = chartSettings(chart, THEME);
    expect(type).toBe("bar");
    expect(data.labels).toEqual(["Mon", "Tue"]);
    expect(data.datasets.map(({ label, data }) => [label, data])).toEqual([
      ["a", [1, 2]],
      ["b", [3, 4]],
    ]);
    expect(new Set(data.datasets.map(({ backgroundColor }) => backgroundColor)).size).toBe(2);
    expect(options?.animation).toBe(false);
    expect(options?.scales?.y).toMatchObject({ beginAtZero: true, title: { display: true, text: ["apples"] } });
  });

  it("take other colours in the dark", async () => {
    const chart = readChart(await displayOf({ type: "line" }))!;
    const [light] = chartSettings(chart, THEME).data.datasets;
    const [dark] = chartSettings(chart, { ...THEME, isDark: true }).data.datasets;
    expect(light?.borderColor).not.toBe(dark?.borderColor);
  });
});

describe("the colours of series", () => {
  it.each([
    ["light", "#ffffff"],
    ["dark", "#18181b"],
  ] as const)("are read on the %s ground with a contrast of AA", (theme, ground) => {
    for (const colour of SERIES_COLOURS[theme])
      expect(contrast(colour, ground), `${colour} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  });

  it("differ from their neighbours, around a ring too", () => {
    for (let count = 2; count <= 24; count += 1) {
      const ring = Array.from({ length: count }, (_, index) => seriesColour(index, count, false));
      for (const [index, colour] of ring.entries())
        expect(colour, `${index} of ${count}`).not.toBe(ring[(index + 1) % count]);
    }
  });

  it("follow the ground", () => {
    expect(isDarkGround("rgb(24, 24, 27)")).toBe(true);
    expect(isDarkGround("rgba(255, 255, 255, 1)")).toBe(false);
    expect(isDarkGround("rgb(0 0 0 / 0)")).toBe(true);
    expect(isDarkGround("")).toBe(false);
  });
});

describe("a chart's words", () => {
  it.each([
    [formatValue(0.1 + 0.2), "0.3"],
    [formatValue(-0), "0"],
    [formatValue(1234567.5), "1,234,567.5"],
    [formatTick(1_500_000), "1.5M"],
    [formatTick(0.25), "0.25"],
    [formatShare(1, 8), "12.5 %"],
    [formatShare(1, 100_000), "below 0.1 %"],
    [formatShare(0, 5), "0 %"],
    [clip("😀😀😀", 2), "😀…"],
    [fileNameOf("Äpfel & pears: 2024/../x"), "apfel-pears-2024-x.png"],
    [fileNameOf("图"), "chart.png"],
  ])("%s is %s", (written, expected) => expect(written).toBe(expected));

  it("break into three lines at most", () => {
    expect(wrap("one two three", 8)).toEqual(["one two", "three"]);
    expect(wrap("word ".repeat(100).trim(), 10)).toHaveLength(3);
    expect(wrap("x".repeat(100), 10)).toEqual([`${"x".repeat(9)}…`]);
  });
});

/** WCAG 2.2: (L1 + 0.05) / (L2 + 0.05). */
function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((left, right) => left - right);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
