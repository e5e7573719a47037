import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { keepCall } from "../../../app/_components/analytics/CleanBar";
import { describeBars, largestBars } from "../../../app/_components/analytics/LargestChart";
import type { CacheBody } from "../../../app/_analytics/cache-contract";
import { isCovered, NO_PICKS, stillThere, targetsOf, withPart, type Part } from "../../../app/_analytics/picks";
import { repoRows, type RepoRow } from "../../../app/_analytics/repo-rows";
import { LARGEST_FIRST, nextOrder, orderedRows, SORT_KEYS } from "../../../app/_analytics/row-order";
import { parseRemoveTarget, scanCache, scanToJson } from "../../../lib/hub";
import { withoutPaths } from "../../../lib/wire";
import { LOOSE, makeVariedCache, TUTOR } from "../../fixtures/varied-cache";
import { scratchFolder } from "../hub/helpers";

const folder = join(scratchFolder(), "hub");
let cache: CacheBody;
let rows: RepoRow[];

beforeAll(async () => {
  mkdirSync(folder);
  makeVariedCache(folder);
  const in_use = [{ repo: "model/org/tutor-GGUF", model: "tutor", use: "loaded" as const, process: null }];
  cache = { ...scanToJson(await scanCache(folder)), disk: null, id: "", in_use };
  ({ rows } = repoRows(cache));
});

const named = (name: string) => rows.find((row) => row.name === name);

describe("the rows of the table", () => {
  it("tell of each repository what is in it that no revision counts, and what is wrong", () => {
    expect(named("model/org/reasoner-GGUF")).toMatchObject({
      incomplete: { nb_files: 1, size_on_disk: LOOSE.incomplete },
      unused: { nb_files: 1, size_on_disk: LOOSE.unused },
      warnings: [],
    });
    expect(named("model/org/broken")?.warnings).toEqual([
      expect.stringMatching(/^snapshots\/f+10*\/gone.json: .*blob is missing/),
      expect.stringMatching(/^snapshots: the ref old/),
    ]);
    expect(named("model/org/tutor-GGUF")).toMatchObject({ detached: 1, uses: [{ model: "tutor" }] });
    expect(repoRows(cache).warnings).toEqual([expect.stringMatching(/^kernels--org--unknown: /)]);
  });

  it("are the same for strangers, who are not told where the cache is", () => {
    const strange = repoRows(withoutPaths(cache));
    const known = (found: RepoRow[]) => found.map(({ repo: _repo, ...row }) => row);
    expect(known(strange.rows)).toEqual(known(rows));
    expect(strange.warnings).toEqual(repoRows(cache).warnings);
  });
});

describe("sorting and searching", () => {
  const names = (found: RepoRow[]) => found.map(({ name }) => name);

  it("begins with the largest, and turns round at the second click", () => {
    const sizes = orderedRows(rows, "", LARGEST_FIRST).map(({ repo }) => repo.size_on_disk);
    expect(sizes).toEqual([...sizes].sort((left, right) => right - left));
    expect(nextOrder(LARGEST_FIRST, "size")).toEqual({ key: "size", isDescending: false });
    expect(nextOrder(LARGEST_FIRST, "id")).toEqual({ key: "id", isDescending: false });
  });

  it.each(SORT_KEYS)("by %s loses no row and is the other way round the other way round", (key) => {
    const up = orderedRows(rows, "", { key, isDescending: false });
    expect([...names(up)].sort()).toEqual([...names(rows)].sort());
    const down = orderedRows(rows, "", { key, isDescending: true });
    expect(names(down).at(0) === names(up).at(0)).toBe(false);
  });

  it("finds by every word, in names, types, refs and commits", () => {
    expect(names(orderedRows(rows, "ORG shared", LARGEST_FIRST))).toEqual(["model/org/shared-a", "model/org/shared-b"]);
    expect(names(orderedRows(rows, "dataset", LARGEST_FIRST))).toEqual(["dataset/org/questions"]);
    expect(names(orderedRows(rows, TUTOR.old.slice(0, 8), LARGEST_FIRST))).toEqual(["model/org/tutor-GGUF"]);
    expect(orderedRows(rows, ".*", LARGEST_FIRST)).toEqual([]);
  });
});

describe("what is picked", () => {
  const repo = "model/org/tutor-GGUF";
  const parts: Part[] = [
    { repo, commit: TUTOR.main, file: "Q6_K/tutor-Q6_K-00001-of-00002.gguf" },
    { repo, commit: TUTOR.main, quant: "Q6_K" },
    { repo, commit: TUTOR.main },
    { repo },
  ];
  const pick = (...picked: Part[]) => picked.reduce((known, part) => withPart(known, part, true), NO_PICKS);

  it.each(parts)("%j is a target that the server reads as this", (part) => {
    const [target = ""] = targetsOf(pick(part));
    const { repo_type, name, revision, quant } = parseRemoveTarget(target);
    expect({ name: `${repo_type}/${name}`, revision, quant }).toEqual({
      name: part.file === undefined ? part.repo : `${part.repo}/${part.file}`,
      revision: part.commit ?? null,
      quant: part.quant ?? null,
    });
  });

  it("takes along what is inside, which is then not named again", () => {
    expect(targetsOf(pick(...parts))).toEqual([repo]);
    expect(targetsOf(pick(...parts.slice(0, 3)))).toEqual([`${repo}@${TUTOR.main}`]);
    const [file] = parts as [Part];
    expect(isCovered(pick({ repo, commit: TUTOR.main, quant: "Q6_K" }), file, "Q6_K")).toBe(true);
    expect(isCovered(pick({ repo, commit: TUTOR.main, quant: "Q6_K" }), file, "Q8_0")).toBe(false);
    expect(isCovered(pick({ repo, commit: TUTOR.old }), file, "Q6_K")).toBe(false);
    expect(isCovered(pick({ repo: "model/org/tutor" }), file, null)).toBe(false);
  });

  it("is forgotten when it has gone, and given back when it is unpicked", () => {
    const gone = pick({ repo: "model/org/gone" }, { repo, commit: "feedfeed" }, { repo, commit: TUTOR.old });
    expect(targetsOf(stillThere(gone, rows))).toEqual([`${repo}@${TUTOR.old}`]);
    expect(withPart(pick({ repo }), { repo }, false).size).toBe(0);
  });
});

describe("what may stay", () => {
  const form = (fields: Record<string, string>) => {
    const given = new FormData();
    for (const [name, value] of Object.entries(fields)) given.set(name, value);
    return given;
  };

  it.each([
    [{ count: "3" }, { count: 3 }],
    [
      { count: "0", gigabytes: "30" },
      { count: 0, max_size: 30e9 },
    ],
    [
      { gigabytes: "0,5", all: "on" },
      { max_size: 5e8, all_types: true },
    ],
    [{ gigabytes: "1.5" }, { max_size: 1_500_000_000 }],
  ])("%j", (fields, call) => expect(keepCall(form(fields))).toEqual({ action: "keep", ...call }));

  it.each([
    {},
    { count: " " },
    { count: "-1" },
    { count: "1e3" },
    { gigabytes: "30GB" },
    { gigabytes: "." },
    { all: "on" },
  ])("%j says nothing that could be done", (fields) => expect(keepCall(form(fields))).toBeNull());
});

it("the chart in words has every bar, the largest first", () => {
  const bars = largestBars(rows);
  expect(bars.map(({ name }) => name).slice(0, 3)).toEqual(["org/tutor-GGUF", "org/reasoner-GGUF", "other/copy-GGUF"]);
  const words = describeBars(bars);
  expect(words).toContain("org/reasoner-GGUF: 6.0 MB and 2.2 MB unused or incomplete");
  for (const { name } of bars) expect(words).toContain(name);
});
