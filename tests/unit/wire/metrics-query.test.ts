import { describe, expect, it } from "vitest";
import { encodeMetricsRuns, parseMetricsQuery, parseMetricsRunsQuery } from "../../../lib/wire";
import { figures } from "../analytics/figures";

const DAY = 86_400_000;
const NOW = 1_800_000_000_000;
const query = (text: string) => parseMetricsQuery(new URLSearchParams(text), NOW);
const runsQuery = (text: string) => parseMetricsRunsQuery(new URLSearchParams(text));

describe("what figures are asked for", () => {
  it("is the last week by day when nothing is said", () => {
    expect(query("")).toEqual({ from: NOW + 1 - 7 * DAY, to: NOW + 1, by: "day" });
    expect(query("from=&to=&by=")).toEqual(query(""));
  });

  it("is a range of time, by day, hour or model", () => {
    expect(query("from=5&to=9&by=model")).toEqual({ from: 5, to: 9, by: "model" });
    expect(query(`from=${NOW - 400 * DAY}&to=${NOW}`).from).toBe(NOW - 400 * DAY);
    expect(query("to=5").from).toBe(0);
  });

  it.each([
    ["from=yesterday", "from"],
    ["from=-1", "from"],
    ["to=1e3", "to"],
    ["to=99999999999999999", "to"],
    ["from=9&to=5", "from"],
    [`from=0&to=${NOW}`, "from"],
    [`from=${NOW - 63 * DAY}&to=${NOW}&by=hour`, "from"],
    ["by=week", "by"],
    ["by=__proto__", "by"],
  ])("is refused as %s, by its name", (text, parameter) => {
    expect(() => query(text)).toThrow(
      expect.objectContaining({ code: "invalid_request", fields: expect.objectContaining({ parameter }) }),
    );
  });
});

describe("which runs are asked for", () => {
  it("is all of them, or some", () => {
    expect(runsQuery("")).toEqual({ after: undefined, limit: undefined, search: undefined });
    expect(runsQuery("after=7&limit=20&search=a+b")).toEqual({ after: 7, limit: 20, search: "a b" });
  });

  it.each(["after=0", "limit=0", "limit=201", "after=x", `search=${"x".repeat(201)}`])("is refused as %s", (text) => {
    expect(() => runsQuery(text)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });
});

describe("runs as they are told", () => {
  const words = { title: "T", question: "A secret question", answer: "A secret answer" };
  const page = { runs: [{ ...figures(), key: 7, rating: "like" as const, words }], next: 3 };

  it("have words and ids for the administrator", () => {
    expect(encodeMetricsRuns(page, "admin")).toMatchObject({
      runs: [
        { key: 7, run: "run-1", conversation: "chat-1", words, tokens: { prefilled: 140, reused: 80, generated: 24 } },
      ],
      next: 3,
    });
  });

  it("have neither for anybody else, and no visitor for anybody", () => {
    const text = JSON.stringify(encodeMetricsRuns(page, "visitor"));
    expect(text).not.toMatch(/secret|run-1|chat-1|answer-1/);
    expect(JSON.parse(text)).toMatchObject({ runs: [{ key: 7, first_token_ms: 800, rating: "like", words: null }] });
    expect(JSON.stringify(encodeMetricsRuns(page, "admin"))).not.toContain("visitor-1");
  });
});
