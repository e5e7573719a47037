import { describe, expect, it } from "vitest";
import { MemwellError } from "../../../lib/errors";
import {
  encodeMemoryEvents,
  encodeMemorySamples,
  parseFitQuery,
  parseMemoryEventQuery,
  parseSampleQuery,
} from "../../../lib/wire";

const NOW = 1_800_000_000_000;
const parse = (text: string) => parseSampleQuery(new URLSearchParams(text), NOW);
const parseEvents = (text: string) => parseMemoryEventQuery(new URLSearchParams(text));
const parseFit = (text: string) => parseFitQuery(new URLSearchParams(text));

const refusal = (parameter: string) =>
  expect.objectContaining({
    code: "invalid_request",
    fields: expect.objectContaining({ parameter }) as object,
  }) as Error;

describe("the query of samples", () => {
  it.each([
    ["", { from: NOW - 600_000, to: NOW, points: 301 }],
    ["from=&to=&points=&step=&after=", { from: NOW - 600_000, to: NOW, points: 301 }],
    ["to=1000", { from: 0, to: 1000, points: 301 }],
    ["from=5&to=9&points=2&step=7&after=8&other=1", { from: 5, to: 9, points: 2, step: 7, after: 8 }],
    [`from=${NOW}`, { from: NOW, to: NOW, points: 301 }],
  ])('"%s"', (text, query) => expect(parse(text)).toEqual({ step: undefined, after: undefined, ...query }));

  it.each([
    ["points=1", "points"],
    ["points=1001", "points"],
    ["points=many", "points"],
    ["from=-1", "from"],
    ["from=2&to=1", "from"],
    [`from=${NOW + 1}`, "from"],
    ["from=1.5", "from"],
    ["to=8640000000000001", "to"],
    ["to=9999999999999999999", "to"],
    ["to=2026-01-01", "to"],
    ["step=0", "step"],
    ["after=x", "after"],
  ])('"%s" is refused by name', (text, parameter) => {
    expect(() => parse(text)).toThrow(MemwellError);
    expect(() => parse(text)).toThrow(refusal(parameter));
  });
});

describe("the query of events", () => {
  it("has a bound, asked for or not", () => {
    expect(parseEvents("")).toMatchObject({ limit: 200 });
    expect(parseEvents("from=1&to=2&model=m&after=0&limit=1000")).toEqual({
      from: 1,
      to: 2,
      model: "m",
      after: 0,
      limit: 1_000,
    });
  });

  it.each([
    ["limit=0", "limit"],
    ["limit=1001", "limit"],
    ["after=-1", "after"],
    ["from=soon", "from"],
    [`model=${"m".repeat(501)}`, "model"],
  ])('"%s" is refused by name', (text, parameter) => expect(() => parseEvents(text)).toThrow(refusal(parameter)));
});

describe("the question whether a model fits", () => {
  it("names a model, and a context if wanted", () => {
    expect(parseFit("model=hf:a/b:Q4_0&context=512")).toEqual({ model: "hf:a/b:Q4_0", contextSize: 512 });
    expect(parseFit("model=x")).toEqual({ model: "x", contextSize: undefined });
  });

  it.each([
    ["", "model"],
    [`model=${"m".repeat(501)}`, "model"],
    ["model=m&context=0", "context"],
    ["model=m&context=9999999999", "context"],
  ])('"%s" is refused by name', (text, parameter) => expect(() => parseFit(text)).toThrow(refusal(parameter)));
});

describe("the bodies", () => {
  it("of samples: whole bytes, null where a series was not seen", () => {
    const series = { of: "model" as const, name: "demo", figure: "resident" as const, min: [1, null], max: [4, null] };
    const figures = { from: 0, to: 4, step: 2, next: 3, times: [0, 2], series: [{ ...series, mean: [2.5, null] }] };
    expect(encodeMemorySamples(figures)).toEqual({ ...figures, series: [{ ...series, mean: [3, null] }] });
  });

  it("of events: every field, in snake case", () => {
    const event = {
      id: 1,
      time: 2,
      event: "evicted" as const,
      model: "a",
      reason: null,
      for: "b",
      neededBytes: 3,
      budgetBytes: 4,
      otherBytes: 5,
      modelsBytes: 6,
      heldBytes: 7,
      forecastBytes: 8,
      idleMs: 9,
      loadMs: 10,
      replaced: ["c"],
      code: "x",
      message: "y",
    };
    const names = Object.entries(event).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]);
    expect(encodeMemoryEvents([event]).events).toEqual([Object.fromEntries(names)]);
  });
});
