import { describe, expect, it } from "vitest";
import { compileFilter, compileSort, type RepoJson } from "../../../lib/cli/cache-filter";

const NOW = 1_000_000_000;
const DAY = 86_400;

function repo(changes: Partial<RepoJson>): RepoJson {
  return {
    repo_type: "model",
    repo_id: "org/Qwen-GGUF",
    repo_path: "/cache/models--org--Qwen-GGUF",
    size_on_disk: 2e9,
    nb_files: 1,
    last_accessed: NOW - 40 * DAY,
    last_modified: NOW - 60 * DAY,
    refs: ["main", "refs/pr/1"],
    revisions: [],
    damaged: false,
    unused_blobs: [],
    no_exist: { size_on_disk: 0, nb_files: 0 },
    trees: { size_on_disk: 0, nb_files: 0 },
    ...changes,
  };
}

describe("a filter, as in hf cache ls", () => {
  it.each([
    ["size>1GB", true],
    ["size > 2GB", false],
    ["size>=2GB", true],
    ["size=2000000000", true],
    ["size!=2GB", false],
    ["size<=1.9GB", false],
    ["accessed>30d", true],
    ["accessed<30d", false],
    ["modified>8w", true],
    ["modified<1h", false],
    ["type=MODEL", true],
    ["type!=model", false],
    ["refs=main", true],
    ["refs==refs/pr/1", true],
    ["refs=v1", false],
    ["name=qwen", true],
    ["name!=qwen", false],
  ])("%s: %s", (expression, passes) => expect(compileFilter(expression, NOW)(repo({}))).toBe(passes));

  it.each(["", "size", "size>", "size>big", "colour=red", "type>model", "refs<main", "accessed>soon", "size~1GB"])(
    "%j is refused with what there is",
    (expression) => expect(() => compileFilter(expression, NOW)).toThrow(/"size>1GB"/),
  );
});

describe("an order", () => {
  const repos = [
    repo({ repo_id: "b", size_on_disk: 1, last_accessed: 30, last_modified: 100 }),
    repo({ repo_id: "a", size_on_disk: 10, last_accessed: 10, last_modified: 200 }),
    repo({ repo_id: "c", size_on_disk: 100, last_accessed: 20, last_modified: 300 }),
  ];

  it.each([
    ["size", "c a b"],
    ["size:asc", "b a c"],
    ["accessed", "b c a"],
    ["modified:desc", "c a b"],
    ["name", "a b c"],
    ["name:desc", "c b a"],
  ])("%s", (expression, ids) => {
    expect(
      [...repos]
        .sort(compileSort(expression))
        .map(({ repo_id }) => repo_id)
        .join(" "),
    ).toBe(ids);
  });

  it.each(["", "colour", "size:up", "size:asc:desc"])("%j is refused", (expression) => {
    expect(() => compileSort(expression)).toThrow(/Sort by size/);
  });
});
