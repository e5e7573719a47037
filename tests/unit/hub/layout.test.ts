import { describe, expect, it } from "vitest";
import { isEtag, isIncomplete, isSharedBlob, parseRepoFolder, repoFolder } from "../../../lib/hub/layout";

describe("a repository's folder", () => {
  it.each([
    ["models--org--name", "model", "org/name"],
    ["models--gpt2", "model", "gpt2"],
    ["datasets--org--set.v1_x-y", "dataset", "org/set.v1_x-y"],
    ["spaces--org--demo", "space", "org/demo"],
  ] as const)("%s is the %s %s, and back", (folder, type, id) => {
    expect(parseRepoFolder(folder)).toEqual({ repo_type: type, repo_id: id });
    expect(repoFolder({ repo_type: type, repo_id: id })).toBe(folder);
  });

  it.each([
    "models",
    "models--",
    "model--org--name",
    "kernels--org--name",
    "constructor--org--name",
    "models--..--..",
    "models--org--..",
    "models--org--.hidden",
    "models--org--na..me",
    "models--org--na\nme",
    "models--org--name\n",
    "models--org--a/b",
    "models--org--a\\b",
    "models--org----name",
    "",
  ])("%j is none", (folder) => {
    expect(parseRepoFolder(folder)).toBeNull();
  });

  it.each(["", "..", "../..", "org/..", "/etc", "org//name", "org/na--me", "org/name/", "org/na me", "org\\name"])(
    "there is none for the name %j",
    (id) => {
      expect(() => repoFolder({ repo_type: "model", repo_id: id })).toThrow(
        expect.objectContaining({ code: "invalid_request" }),
      );
    },
  );
});

describe("names in a folder of blobs", () => {
  it("knows both kinds of etag and nothing else", () => {
    expect(isEtag("a".repeat(40)) && isEtag("0".repeat(64))).toBe(true);
    expect(["a".repeat(41), "A".repeat(40), "g".repeat(40), `${"a".repeat(40)}\n`, ""].some(isEtag)).toBe(false);
  });

  it("knows a download that has not ended, with and without its process's digits", () => {
    expect(isIncomplete(`${"a".repeat(64)}.incomplete`) && isIncomplete(`${"a".repeat(64)}.0123abcd.incomplete`)).toBe(
      true,
    );
    expect(isIncomplete("a".repeat(64))).toBe(false);
  });

  it("a shared payload stands in the folder of its first two digits", () => {
    expect(isSharedBlob("ab", "ab".repeat(32))).toBe(true);
    expect(isSharedBlob("ac", "ab".repeat(32)) || isSharedBlob("ab", `${"ab".repeat(32)}.refs`)).toBe(false);
  });
});
