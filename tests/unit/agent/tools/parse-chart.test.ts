import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGraph, type ToolSchema } from "../../../../lib/agent/tools";
import { MemwellError } from "../../../../lib/errors";

const FRUIT = { type: "bar", title: "Fruit", labels: ["a", "b"], series: [{ name: "kg", values: [1, 2] }] };
const values = (list: unknown) => ({ ...FRUIT, series: [{ name: "kg", values: list }] });
const pie = (list: unknown[]) => ({ ...values(list), type: "pie", labels: list.map((_, index) => `s${index}`) });
const long = (count: number) => Array.from({ length: count }, (_, index) => index);

function refusal(written: unknown): MemwellError {
  try {
    createGraph.parse(written);
  } catch (thrown) {
    if (thrown instanceof MemwellError) return thrown;
    throw thrown;
  }
  throw new Error("It was not refused");
}

const REFUSED: [what: string, written: unknown, field: string][] = [
  ["nothing", undefined, "arguments"],
  ["null", null, "arguments"],
  ["a list", [], "arguments"],
  ["a text", "bar", "arguments"],
  ["no type", { ...FRUIT, type: undefined }, "type"],
  ["a type that is not drawn", { ...FRUIT, type: "radar" }, "type"],
  ["an inherited property as a type", { ...FRUIT, type: "constructor" }, "type"],
  ["no title", { ...FRUIT, title: undefined }, "title"],
  ["a title of spaces and controls", { ...FRUIT, title: " \u0000\n " }, "title"],
  ["a title of a megabyte", { ...FRUIT, title: "x".repeat(1e6) }, "title"],
  ["a title that is a number", { ...FRUIT, title: 5 }, "title"],
  ["an axis label that is null", { ...FRUIT, x_label: null }, "x_label"],
  ["a long axis label", { ...FRUIT, y_label: "y".repeat(81) }, "y_label"],
  ["a long context", { ...FRUIT, context: "c".repeat(601) }, "context"],
  ["labels that are no list", { ...FRUIT, labels: "ab" }, "labels"],
  ["no labels", { ...FRUIT, labels: [] }, "labels"],
  ["an empty label", { ...FRUIT, labels: ["a", " "] }, "labels[1]"],
  ["a label that is an object", { ...FRUIT, labels: ["a", {}] }, "labels[1]"],
  ["no series", { ...FRUIT, series: [] }, "series"],
  ["nine series", { ...FRUIT, series: Array(9).fill(FRUIT.series[0]) }, "series"],
  ["a series that is a number", { ...FRUIT, series: [1] }, "series[0]"],
  ["no values", { ...FRUIT, series: [{ name: "kg" }] }, "series[0].values"],
  ["too few values", values([1]), "series[0].values"],
  ["too many values", values([1, 2, 3]), "series[0].values"],
  ["NaN", values([1, NaN]), "series[0].values[1]"],
  ["Infinity", values([Infinity, 1]), "series[0].values[0]"],
  ["null as a value", values([null, 1]), "series[0].values[0]"],
  ["a value of true", values([true, 1]), "series[0].values[0]"],
  ["a hole in the list", values(Array(2)), "series[0].values[0]"],
  ["a word as a value", values(["many", 1]), "series[0].values[0]"],
  ["NaN as text", values(["NaN", 1]), "series[0].values[0]"],
  ["hexadecimal text", values(["0x10", 1]), "series[0].values[0]"],
  ["empty text", values(["", 1]), "series[0].values[0]"],
  ["a number too large to draw", values([1e16, 1]), "series[0].values[0]"],
  ["a number too large as text", values(["1e300", 1]), "series[0].values[0]"],
  ["10,000 points", { ...FRUIT, labels: long(10_000), series: [{ name: "kg", values: long(10_000) }] }, "labels"],
  ["a line of one point", { ...FRUIT, type: "line", labels: ["a"], series: [{ name: "", values: [1] }] }, "labels"],
  ["a negative slice", pie([1, -1]), "series[0].values[1]"],
  ["a pie of zeros", pie([0, 0]), "series[0].values"],
  ["a pie of two series", { ...FRUIT, type: "pie", series: [FRUIT.series[0], FRUIT.series[0]] }, "series"],
  ["a pie of 25 slices", pie(long(25)), "labels"],
];

describe("a chart that cannot be drawn", () => {
  it.each(REFUSED)("is refused by name: %s", (_, written, field) => {
    const error = refusal(written);
    expect(error.code).toBe("tool_arguments_invalid");
    expect(error.fields).toMatchObject({ tool: "create_graph", field });
    expect(error.fields["allowed"]).toBeTruthy();
    expect(error.message).toContain(field);
  });
});

describe("a chart as a model writes it", () => {
  it("reads numbers that were written as text", () => {
    expect(createGraph.parse(values(["1.50", " -2e3 "])).series[0]?.values).toEqual([1.5, -2000]);
  });

  it("reads labels that are numbers", () => {
    expect(createGraph.parse({ ...FRUIT, labels: [2019, 2020] }).labels).toEqual(["2019", "2020"]);
  });

  it("tells labels apart that are the same", () => {
    const labels = ["a", "a", "a (2)", "a"];
    const chart = createGraph.parse({ ...values([1, 2, 3, 4]), labels });
    expect(chart.labels).toEqual(["a", "a (3)", "a (2)", "a (4)"]);
  });

  it("names several series that have no name, or the same", () => {
    const series = [
      { name: "", values: [1, 2] },
      { name: "kg", values: [1, 2] },
      { name: "kg", values: [1, 2] },
    ];
    const names = createGraph.parse({ ...FRUIT, series }).series.map(({ name }) => name);
    expect(names).toEqual(["Series 1", "kg", "kg (2)"]);
  });

  it("keeps HTML and templates as text", () => {
    const title = "<script>alert(1)</script> <|im_end|>";
    expect(createGraph.parse({ ...FRUIT, title }).title).toBe(title);
  });

  it("takes out control characters and what reorders text", () => {
    expect(createGraph.parse({ ...FRUIT, title: "a\u0000\nb\u202ec\ud800" }).title).toBe("a bc");
  });

  it("ignores what it does not know", () => {
    expect(createGraph.parse({ ...FRUIT, color: "red" })).not.toHaveProperty("color");
  });

  it("takes 200 points and 24 slices", () => {
    const many = { ...FRUIT, type: "line", labels: long(200), series: [{ name: "kg", values: long(200) }] };
    expect(createGraph.parse(many).labels).toHaveLength(200);
    expect(createGraph.parse(pie(long(24))).labels).toHaveLength(24);
  });

  it("throws nothing but its own refusal, whatever is written", () => {
    const anything = fc.oneof(fc.anything(), fc.double(), fc.string({ unit: "binary" }));
    const list = fc.array(anything, { maxLength: 4 });
    const chart = fc.record(
      {
        type: fc.oneof(fc.constantFrom("bar", "line", "pie"), anything),
        title: anything,
        x_label: anything,
        labels: fc.oneof(list, fc.array(fc.string({ minLength: 1 }), { maxLength: 4 }), anything),
        series: fc.oneof(
          fc.array(fc.record({ name: anything, values: fc.oneof(list, fc.array(fc.double())) }), { maxLength: 3 }),
          anything,
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(chart, fc.anything()), (written) => {
        try {
          const read = createGraph.parse(written);
          expect(read.series.flatMap(({ values }) => values).every(Number.isFinite)).toBe(true);
          expect(new Set(read.labels).size).toBe(read.labels.length);
        } catch (thrown) {
          if (!(thrown instanceof MemwellError)) throw thrown;
          expect(thrown.code).toBe("tool_arguments_invalid");
        }
      }),
      { numRuns: 60 },
    );
  });
});

const KEYWORDS = ["type", "properties", "required", "items", "minItems", "maxItems", "minLength", "maxLength", "enum"];

describe("the schema of the arguments", () => {
  it("has only the keywords that a grammar knows", () => {
    const check = (schema: ToolSchema): void => {
      expect(KEYWORDS).toEqual(expect.arrayContaining(Object.keys(schema)));
      if (schema.type === "object") Object.values(schema.properties).forEach(check);
      if (schema.type === "array") check(schema.items);
    };
    check(createGraph.jsonSchema);
  });
});
