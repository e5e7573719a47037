import { describe, expect, it } from "vitest";
import { encodeModelUse, parseUseCall } from "../../../lib/wire";

describe("a call that chooses a model", () => {
  it("names it, and perhaps a role", () => {
    expect(parseUseCall({ id: "qwen3-4b" })).toEqual({ id: "qwen3-4b", role: undefined });
    expect(parseUseCall({ id: "qwen3-4b", role: "reasoning" })).toEqual({ id: "qwen3-4b", role: "reasoning" });
  });

  it.each([
    [null, "the body"],
    [[], "the body"],
    [{}, "id"],
    [{ id: "" }, "id"],
    [{ id: "x".repeat(201) }, "id"],
    [{ id: 7 }, "id"],
    [{ id: "a", role: "king" }, "role"],
    [{ id: "a", repo: "org/evil" }, "repo"],
  ])("%j is refused, naming %s", (body, parameter) => {
    expect(() => parseUseCall(body)).toThrowError(
      expect.objectContaining({ code: "invalid_request", fields: expect.objectContaining({ parameter }) }),
    );
  });
});

it("what went wrong with a change is told to the administrator alone", () => {
  const use = {
    id: "m",
    name: "M",
    roles: ["response" as const],
    phase: "failed" as const,
    download: null,
    load: null,
    error: { code: "model_unsupported" as const, message: "/data/secret/m.gguf", fields: {} },
    notKept: "/data is full",
  };
  expect(encodeModelUse(use, true)).toMatchObject({
    error: { message: "/data/secret/m.gguf" },
    not_kept: "/data is full",
  });
  expect(JSON.stringify(encodeModelUse(use, false))).not.toContain("/data");
});
