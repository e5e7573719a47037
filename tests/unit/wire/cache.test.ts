import { describe, expect, it } from "vitest";
import { MemwellError } from "../../../lib/errors";
import { parseCacheApply, parseCacheCall, withoutPaths } from "../../../lib/wire";

const ID = "0123456789abcdef0123456789abcdef";

function refusalOf(run: () => unknown): MemwellError {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof MemwellError) return thrown;
    throw thrown;
  }
  throw new Error("nothing was thrown");
}

describe("a request to clean the cache", () => {
  it.each([
    [
      { action: "rm", targets: ["org/name"] },
      { action: "rm", targets: ["org/name"] },
    ],
    [{ action: "prune" }, { action: "prune" }],
    [
      { action: "keep", count: 3, max_size: 30e9, all_types: true },
      { action: "keep", count: 3, maxSize: 30e9, types: ["model", "dataset", "space"] },
    ],
    [
      { action: "keep", max_size: 0 },
      { action: "keep", count: undefined, maxSize: 0, types: ["model"] },
    ],
  ])("%j is understood", (body, call) => expect(parseCacheCall(body)).toEqual(call));

  it.each([
    [null, "action"],
    [[], "action"],
    [{}, "action"],
    [{ action: "format" }, "action"],
    [{ action: "toString" }, "action"],
    [{ action: "rm" }, "targets"],
    [{ action: "rm", targets: [] }, "targets"],
    [{ action: "rm", targets: "org/name" }, "targets"],
    [{ action: "rm", targets: ["x".repeat(501)] }, "targets[0]"],
    [{ action: "rm", targets: Array.from({ length: 1001 }, () => "a/b") }, "targets"],
    [{ action: "prune", targets: ["org/name"] }, "targets"],
    [{ action: "keep" }, "count"],
    [{ action: "keep", count: -1 }, "count"],
    [{ action: "keep", count: 1.5 }, "count"],
    [{ action: "keep", max_size: "30GB" }, "max_size"],
    [{ action: "keep", count: 1, all_types: "yes" }, "all_types"],
  ])("%j is refused by name", (body, parameter) => {
    const refusal = refusalOf(() => parseCacheCall(body));
    expect(refusal).toMatchObject({ code: "invalid_request", fields: { parameter } });
  });
});

describe("a plan to be executed", () => {
  it("is named by its id", () => {
    expect(parseCacheApply({ action: "prune", id: ID })).toEqual({ call: { action: "prune" }, id: ID });
  });

  it.each([[{}], [{ action: "prune" }], [{ action: "prune", id: "x" }], [{ action: "prune", id: 5 }], [null]])(
    "%j is refused without one",
    (body) => expect(refusalOf(() => parseCacheApply(body)).fields).toMatchObject({ parameter: "id" }),
  );
});

it("what strangers see of the cache says nothing of where it is on this machine", () => {
  const listing = {
    cache_dir: '/home/me/"hf"/hub',
    repos: [{ repo_path: '/home/me/"hf"/hub/models--a--b' }],
    warnings: ['/home/me/"hf"/xet: unreadable'],
  };
  expect(withoutPaths(listing)).toEqual({
    cache_dir: "hub",
    repos: [{ repo_path: "hub/models--a--b" }],
    warnings: ["xet: unreadable"],
  });
});
