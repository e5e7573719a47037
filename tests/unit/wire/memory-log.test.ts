import { describe, expect, it } from "vitest";
import { MemwellError } from "../../../lib/errors";
import { encodeMemoryLog, parseMemoryLogQuery } from "../../../lib/wire";
import { record } from "../store/folder";

const parse = (text: string) => parseMemoryLogQuery(new URLSearchParams(text), "admin");

describe("the query of the memory log", () => {
  it.each([
    ["", {}],
    ["run=r&model=m&after=0&limit=10000", { run: "r", model: "m", after: 0, limit: 10_000 }],
    ["run=&limit=", {}],
    ["run=a%2Fb%20c&other=1", { run: "a/b c" }],
  ])('"%s"', (text, query) => expect(parse(text)).toEqual(query));

  it("of a visitor is for fewer records, asked for or not", () => {
    const ask = (text: string) => parseMemoryLogQuery(new URLSearchParams(text), "visitor");
    expect(ask("").limit).toBe(600);
    expect(ask("limit=600").limit).toBe(600);
    expect(() => ask("limit=601")).toThrow(MemwellError);
  });

  it.each([
    ["limit=0", "limit"],
    ["limit=10001", "limit"],
    ["limit=ten", "limit"],
    ["limit=1e3", "limit"],
    ["limit=0x10", "limit"],
    ["limit=-1", "limit"],
    ["after=1.5", "after"],
    ["after=99999999999999999999", "after"],
    [`run=${"r".repeat(501)}`, "run"],
  ])('"%s" is refused by name', (text, parameter) => {
    expect(() => parse(text)).toThrow(MemwellError);
    expect(() => parse(text)).toThrow(
      expect.objectContaining({
        code: "invalid_request",
        fields: expect.objectContaining({ parameter }) as object,
      }) as Error,
    );
  });
});

describe("the body of the memory log", () => {
  it("has every field of a record, in snake case", () => {
    const [entry] = encodeMemoryLog([{ id: 5, ...record() }]).records;
    const names = Object.keys({ id: 5, ...record() }).map((name) =>
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    );
    expect(Object.keys(entry ?? {}).sort()).toEqual(names.sort());
    expect(entry).toMatchObject({ id: 5, step_id: "step-1", cgroup_bytes: 1_000, duration_ms: 12.5, tokens: 7 });
  });

  it("says whose turns they are only to a visitor", () => {
    expect(encodeMemoryLog([])).toEqual({ records: [] });
    expect(encodeMemoryLog([], ["run-1"])).toEqual({ records: [], own_runs: ["run-1"] });
  });
});
