import { describe, expect, test } from "vitest";

import { MemwellError } from "../../../lib/errors";
import { errorBody, httpStatusOf } from "../../../lib/wire";

describe("an error over HTTP", () => {
  test("carries its code, its message, OpenAI's type and its fields", () => {
    const error = new MemwellError("model_not_found", "No model x.", { parameter: "model", known: ["memwell"] });
    expect(errorBody(error)).toEqual({
      error: {
        code: "model_not_found",
        message: "No model x.",
        type: "not_found_error",
        param: "model",
        parameter: "model",
        known: ["memwell"],
      },
    });
    expect(httpStatusOf("model_not_found")).toBe(404);
  });

  test("never carries a stack, whatever was thrown", () => {
    const cause = new Error("inner");
    const fields = { stack: "at x", cause, code: "fake", message: "fake", big: 5n };
    for (const thrown of [
      new MemwellError("internal", "Broken.", fields, { cause }),
      cause,
      "text",
      null,
      undefined,
      { a: 1 },
    ]) {
      const text = JSON.stringify(errorBody(thrown));
      expect(text).not.toContain("at ");
      expect(text).not.toContain("fake");
    }
    expect(errorBody(new MemwellError("internal", "Broken.", fields)).error).toMatchObject({
      code: "internal",
      big: 5,
    });
  });

  test("takes a record as it came from a process", () => {
    expect(errorBody({ code: "engine_crashed", message: "m", fields: {} }).error.code).toBe("engine_crashed");
  });

  test.each([
    ["invalid_json", 400],
    ["request_too_large", 413],
    ["admin_only", 403],
    ["aborted", 499],
    ["engine_overloaded", 503],
    ["engine_crashed", 502],
    ["engine_start_timeout", 504],
    ["internal", 500],
  ] as const)("%s answers %i", (code, status) => expect(httpStatusOf(code)).toBe(status));
});
