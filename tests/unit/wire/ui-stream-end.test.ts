import { describe, expect, test } from "vitest";

import { CALL, DONE, error, failedWith, START, STEP, UNANSWERED } from "./ui-stream-events";
import { chunksOf, piecesOf, type TurnEvent } from "./ui-stream-reader";

describe("the end of a run", () => {
  const interrupted = expect.objectContaining({ code: "interrupted" }) as unknown;
  test.each([
    ["done", null, [DONE], []],
    ["failed", error, [failedWith("engine_crashed")], []],
    ["done", null, [], [{ type: "finish-step" }, { type: "finish", finishReason: "other" }]],
    ["stopped", null, [], [{ type: "finish-step" }, { type: "abort", reason: "The answer was stopped." }]],
    [
      "failed",
      error,
      [],
      [
        { type: "data-error", id: "error", data: expect.objectContaining({ code: "tool_failed" }) as unknown },
        { type: "finish-step" },
        { type: "error", errorText: error.message },
      ],
    ],
    [
      "interrupted",
      error,
      [],
      [
        { type: "data-error", id: "error", data: interrupted },
        { type: "finish-step" },
        { type: "error", errorText: expect.stringContaining("ask again") as unknown },
      ],
    ],
    [
      "interrupted",
      null,
      [START, { type: "thought", kind: "math", text: "Key" }, CALL],
      [
        { type: "reasoning-end", id: "step-3" },
        {
          type: "tool-output-error",
          toolCallId: "r1-calculator-1",
          errorText: UNANSWERED,
          dynamic: true,
          providerExecuted: true,
        },
        { type: "data-step", id: "step-3", data: { ...STEP, state: "interrupted" } },
        { type: "data-error", id: "error", data: interrupted },
        { type: "finish-step" },
        { type: "error", errorText: expect.stringContaining("ask again") as unknown },
      ],
    ],
  ] as ["done" | "stopped" | "failed" | "interrupted", typeof error | null, TurnEvent[], unknown[]][])(
    "%s, with the error %o, after %o",
    async (outcome, withError, events, chunks) => {
      const last = piecesOf(events, { outcome, error: withError }).at(-1) ?? "";
      expect(await chunksOf(last)).toEqual(chunks);
      expect(last.endsWith("data: [DONE]\n\n")).toBe(true);
    },
  );
});
