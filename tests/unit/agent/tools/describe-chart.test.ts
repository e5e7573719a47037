import { describe, expect, it } from "vitest";
import { createGraph } from "../../../../lib/agent/tools";

function chart(type: string, labels: unknown[], values: unknown[], more: object = {}) {
  return { type, title: "Fruit", labels, series: [{ name: "", values }], ...more };
}

const two = [
  { name: "cats", values: [1, 2] },
  { name: "dogs", values: [3, 3] },
];

const DESCRIBED: [what: string, written: object, words: string][] = [
  [
    "bars with their axes and context",
    chart("bar", ["apples", "pears", "plums"], [10, 5, 2], {
      x_label: "Kind",
      y_label: "kg",
      context: "Most are apples",
    }),
    'Bar chart: "Fruit" (x axis: Kind; y axis: kg). 3 values from 2 to 10. Highest: apples (10). Lowest: plums (2). ' +
      "Values: apples 10, pears 5, plums 2. Context: Most are apples.",
  ],
  ["one bar", chart("bar", ["apples"], [10]), 'Bar chart: "Fruit". 1 value: apples 10.'],
  ["bars of one height", chart("bar", ["a", "b"], [3, 3]), 'Bar chart: "Fruit". 2 values, all 3.'],
  [
    "two that are highest",
    chart("bar", ["a", "b", "c"], [3, 3, 0.1 + 0.2]),
    'Bar chart: "Fruit". 3 values from 0.3 to 3. Highest: a and b (3 each). Lowest: c (0.3). Values: a 3, b 3, c 0.3.',
  ],
  [
    "many that are highest",
    chart("bar", ["a", "b", "c", "d", "e"], [3, 3, 3, 3, -1]),
    'Bar chart: "Fruit". 5 values from -1 to 3. Highest: 4 labels (3 each). Lowest: e (-1). ' +
      "Values: a 3, b 3, c 3, d 3, e -1.",
  ],
  [
    "a line that rises",
    chart("line", [2019, 2020, 2021], [1, 2, 5]),
    'Line chart: "Fruit". 3 values from 1 to 5. Highest: 2021 (5). Lowest: 2019 (1). ' +
      "Trend: rises at every step, from 1 (2019) to 5 (2021). Values: 2019 1, 2020 2, 2021 5.",
  ],
  [
    "two series",
    { ...chart("bar", ["a", "b"], []), series: two },
    'Bar chart: "Fruit". 2 series. cats: 2 values from 1 to 2. Highest: b (2). Lowest: a (1). Values: a 1, b 2. ' +
      "dogs: 2 values, all 3.",
  ],
  [
    "a pie with its shares",
    chart("pie", ["a", "b", "c"], [2, 1, 0]),
    'Pie chart: "Fruit". 3 slices, 3 in all. Largest: a (2). Smallest: c (0). ' +
      "Shares: a 2 (66.7%), b 1 (33.3%), c 0 (0%).",
  ],
  [
    "a slice too thin to see",
    chart("pie", ["a", "b"], [99999, 1]),
    'Pie chart: "Fruit". 2 slices, 100000 in all. Largest: a (99999). Smallest: b (1). ' +
      "Shares: a 99999 (100%), b 1 (below 0.1%).",
  ],
  ["a whole pie", chart("pie", ["a"], [7]), 'Pie chart: "Fruit". 1 slice: a 7 (100%).'],
];

const TRENDS: [values: number[], trend: string][] = [
  [[3, 2, 1], "falls at every step, from 3 (0) to 1 (2)"],
  [[1, 1, 2], "never falls, from 1 (0) to 2 (2)"],
  [[2, 1, 1], "never rises, from 2 (0) to 1 (2)"],
  [[1, 3, 2], "rises overall with ups and downs, from 1 (0) to 2 (2)"],
  [[3, 1, 2], "falls overall with ups and downs, from 3 (0) to 2 (2)"],
  [[1, 2, 1], "up and down, ending where it began, at 1"],
];

async function describeWritten(written: unknown): Promise<string> {
  return (await createGraph.run(createGraph.parse(written), {})).text;
}

describe("a chart in words", () => {
  it.each(DESCRIBED)("tells %s", async (_, written, words) => {
    expect(await describeWritten(written)).toBe(words);
  });

  it.each(TRENDS)("tells the trend of %j", async (values, trend) => {
    expect(await describeWritten(chart("line", [0, 1, 2], values))).toContain(`Trend: ${trend}.`);
  });

  it("does not list 200 points one by one", async () => {
    const many = Array.from({ length: 200 }, (_, index) => index);
    const words = await describeWritten(chart("line", many, many));
    expect(words).toContain("200 values from 0 to 199.");
    expect(words).not.toContain("Values:");
  });

  it("comes with everything that a drawing and a table need", async () => {
    const { display } = await createGraph.run(createGraph.parse(chart("bar", ["a", "b"], [1, 2])), {});
    expect(JSON.parse(JSON.stringify(display))).toEqual({
      kind: "chart",
      type: "bar",
      title: "Fruit",
      x_label: "",
      y_label: "",
      context: "",
      labels: ["a", "b"],
      series: [{ name: "", values: [1, 2] }],
      description: expect.stringContaining("Bar chart"),
    });
  });

  it("is not made for a turn that was stopped", async () => {
    const read = createGraph.parse(chart("bar", ["a"], [1]));
    await expect(createGraph.run(read, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "aborted" });
  });
});
