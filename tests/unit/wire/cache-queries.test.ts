import { describe, expect, it } from "vitest";
import { MemwellError } from "../../../lib/errors";
import { parseCacheFilesQuery, parseKnownListing } from "../../../lib/wire";

function parameterRefused(run: () => unknown): unknown {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof MemwellError) return thrown.fields["parameter"];
    throw thrown;
  }
  throw new Error("nothing was thrown");
}

describe("which revision's files are asked for", () => {
  it.each([
    ["repo=model/org/name&revision=abc", "model", "org/name"],
    ["repo=dataset/squad&revision=abc", "dataset", "squad"],
    ["repo=space%2Forg%2Fname&revision=abc", "space", "org/name"],
  ])("%s", (query, repo_type, repo_id) =>
    expect(parseCacheFilesQuery(new URLSearchParams(query))).toEqual({ repo_type, repo_id, commit_hash: "abc" }),
  );

  it.each([
    ["", "repo"],
    ["repo=model&revision=abc", "repo"],
    ["repo=model/&revision=abc", "repo"],
    ["repo=kernel/org/name&revision=abc", "repo"],
    ["repo=constructor/org/name&revision=abc", "repo"],
    [`repo=model/${"x".repeat(501)}&revision=abc`, "repo"],
    ["repo=model/org/name", "revision"],
    [`repo=model/org/name&revision=${"x".repeat(501)}`, "revision"],
  ])("%s is refused by name", (query, parameter) =>
    expect(parameterRefused(() => parseCacheFilesQuery(new URLSearchParams(query)))).toBe(parameter),
  );
});

it("a listing that the caller has is named by its id alone", () => {
  const id = "0123456789abcdef0123456789abcdef";
  expect(parseKnownListing(new URLSearchParams({ known: id }))).toBe(id);
  expect(parseKnownListing(new URLSearchParams({ known: "" }))).toBeNull();
  expect(parseKnownListing(new URLSearchParams())).toBeNull();
  expect(parameterRefused(() => parseKnownListing(new URLSearchParams({ known: "x" })))).toBe("known");
});
