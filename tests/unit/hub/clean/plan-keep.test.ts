import { existsSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CacheView } from "../../../../lib/hub/clean/contract";
import { planKeep, type KeepOptions } from "../../../../lib/hub/clean/plan-keep";
import { etagOf, RepoBuilder, scratchFolder } from "../helpers";
import { bytesOf, cleaned, MAIN, planned } from "./support";

const scratch = scratchFolder();
let caches = 0;

/** Models `one` to `four` of 1, 10, 100 and 1000 bytes, `four` used last; and a data set older than all. */
function fourModels(): string {
  const cache = join(scratch, `cache-${(caches += 1)}`);
  ["one", "two", "three", "four"].forEach((name, index) => {
    const size = 10 ** index;
    const { path } = new RepoBuilder(cache, `models--org--${name}`).revision(MAIN, { a: size }).ref("main", MAIN);
    utimesSync(join(path, "blobs", etagOf(size)), 1000 * (index + 1), 1);
  });
  const { path } = new RepoBuilder(cache, "datasets--org--set").revision(MAIN, { a: 10000 }).ref("main", MAIN);
  utimesSync(join(path, "blobs", etagOf(10000)), 1, 1);
  return cache;
}

const keep = (options: KeepOptions) => (view: CacheView) => planKeep(view, options);

describe("keep", () => {
  const cases: { name: string; options: KeepOptions; goes: string[] }[] = [
    { name: "2", options: { count: 2 }, goes: ["one", "two"] },
    { name: "0", options: { count: 0 }, goes: ["four", "one", "three", "two"] },
    { name: "more than there are", options: { count: 9 }, goes: [] },
    { name: "1110 bytes", options: { maxSize: 1110 }, goes: ["one"] },
    { name: "1109 bytes: those used last that fit", options: { maxSize: 1109 }, goes: ["two"] },
    { name: "200 bytes: the newest does not fit", options: { maxSize: 200 }, goes: ["four"] },
    { name: "both limits", options: { count: 2, maxSize: 1000 }, goes: ["one", "three", "two"] },
    { name: "1 and a pin", options: { count: 1, pins: ["org/one"] }, goes: ["three", "two"] },
    { name: "a pin's bytes first", options: { maxSize: 1001, pins: ["org/one@main"] }, goes: ["three", "two"] },
    {
      name: "by Memwell's own loads",
      options: { count: 2, lastUsed: new Map([["model/org/one", 9000]]) },
      goes: ["three", "two"],
    },
    {
      name: "a load that is older than the file's time: another program has read or fetched it since",
      options: { count: 3, lastUsed: new Map([["model/org/four", 1]]) },
      goes: ["one"],
    },
    { name: "no data set when asked", options: { count: 0, types: ["dataset"] }, goes: ["set"] },
    { name: "types together", options: { count: 4, types: ["model", "dataset"] }, goes: ["set"] },
  ];

  it.each(cases)("$name", async ({ options, goes }) => {
    const cache = fourModels();
    const plan = await planned(cache, keep(options));
    expect(plan.items.map((item) => item.repo_id).sort()).toEqual(goes.map((name) => `org/${name}`));
    expect(plan.items.every((item) => item.kind === "repo" && item.reason.includes("last used"))).toBe(true);
    const before = bytesOf(cache);
    expect(await cleaned(cache, keep(options))).toMatchObject({ freed_size: plan.expected_freed_size, kept: [] });
    expect(before - bytesOf(cache)).toBe(plan.expected_freed_size);
    for (const name of goes) expect(existsSync(join(cache, `models--org--${name}`))).toBe(false);
  });

  it("tells why in a sentence, with days that do not change by themselves", async () => {
    const plan = await planned(fourModels(), keep({ count: 3 }));
    expect(plan.items.map((item) => item.reason)).toEqual([
      "last used 1970-01-01, and 3 others were used later: 3 stay",
    ]);
  });

  it("bears a time that no calendar has", async () => {
    const lastUsed = new Map([["model/org/one", 1e20]]);
    const plan = await planned(fourModels(), keep({ count: 0, lastUsed }));
    expect(plan.items.map((item) => item.reason)).toContain(
      "last used on no known day, and 0 others were used later: 0 stay",
    );
  });

  it("says when what is pinned is more than may stay", async () => {
    const plan = await planned(fourModels(), keep({ maxSize: 500, pins: ["org/four"] }));
    expect(plan.warnings).toEqual(["what is pinned holds 1000 bytes, more than the 500 that may stay"]);
    expect(plan.items).toHaveLength(3);
  });

  it.each([
    {},
    { count: -1 },
    { count: 1.5 },
    { maxSize: Number.NaN },
    { maxSize: Infinity },
    { count: 1, pins: [""] },
  ])("is refused for %j", async (options) => {
    const cache = fourModels();
    await expect(planned(cache, keep(options))).rejects.toMatchObject({ code: "invalid_request" });
  });
});
