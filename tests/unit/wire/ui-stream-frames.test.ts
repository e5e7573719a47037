import { describe, expect, test } from "vitest";

import {
  CALL,
  chunksOfLast,
  COST,
  decision,
  DONE,
  END,
  error,
  failedWith,
  NEXT,
  RESULT,
  START,
  STEP,
  TOOL,
  UNANSWERED,
} from "./ui-stream-events";
import { type TurnEvent } from "./ui-stream-reader";

describe("the frames of", () => {
  const cases: [string, TurnEvent[], unknown[]][] = [
    ["a step's beginning", [START], [{ type: "data-step", id: "step-3", data: { ...STEP, state: "running" } }]],
    [
      "a step's end",
      [START, END],
      [{ type: "data-step", id: "step-3", data: { ...STEP, ...COST, state: "done", error: null } }],
    ],
    [
      "a step's failure",
      [START, { ...END, outcome: "failed", error }],
      [
        {
          type: "data-step",
          id: "step-3",
          data: {
            ...STEP,
            ...COST,
            state: "failed",
            error: {
              code: "tool_failed",
              message: error.message,
              type: "server_error",
              parameter: "x",
              param: "x",
            },
          },
        },
      ],
    ],
    [
      "a place in the queue",
      [
        {
          type: "wait",
          role: "response",
          wait: {
            type: "queued",
            position: 2,
            waitingFor: { reason: "turn", models: ["m"] },
            estimateMs: 40,
          },
        },
      ],
      [
        {
          type: "data-wait",
          data: { role: "response", type: "queued", position: 2, estimate_ms: 40, reason: "turn", models: ["m"] },
          transient: true,
        },
      ],
    ],
    [
      "a load",
      [{ type: "wait", role: "reasoning", wait: { type: "loading", progress: { stage: "model", fraction: 0.256 } } }],
      [
        {
          type: "data-wait",
          data: { role: "reasoning", type: "loading", stage: "model", percent: 26 },
          transient: true,
        },
      ],
    ],
    [
      "a download",
      [
        {
          type: "wait",
          role: "reasoning",
          wait: {
            type: "fetching",
            progress: {
              type: "downloading",
              total_size: 10,
              total_received: 5,
              bytes_per_second: 1,
              remaining_ms: 5_000,
            },
          },
        },
      ],
      [
        {
          type: "data-wait",
          data: {
            role: "reasoning",
            type: "fetching",
            stage: "downloading",
            received: 5,
            total: 10,
            bytes_per_second: 1,
            remaining_ms: 5_000,
          },
          transient: true,
        },
      ],
    ],
    [
      "reading a prompt",
      [{ type: "prefill", evaluated: 3, total: 9 }],
      [{ type: "data-prefill", data: { evaluated: 3, total: 9 }, transient: true }],
    ],
    ["a decision", [{ type: "decision", decision }], [{ type: "data-decision", id: "decision-chart", data: decision }]],
    [
      "the first of a thought",
      [START, { type: "thought", kind: "math", text: "Key" }],
      [
        { type: "reasoning-start", id: "step-3", providerMetadata: { memwell: { kind: "math" } } },
        { type: "reasoning-delta", id: "step-3", delta: "Key" },
      ],
    ],
    [
      "the rest of a thought",
      [START, { type: "thought", kind: "math", text: "Key" }, { type: "thought", kind: "math", text: " term" }],
      [{ type: "reasoning-delta", id: "step-3", delta: " term" }],
    ],
    [
      "the end of a step that thought",
      [START, { type: "thought", kind: "math", text: "Key" }, END],
      [
        { type: "reasoning-end", id: "step-3" },
        { type: "data-step", id: "step-3", data: { ...STEP, ...COST, state: "done", error: null } },
      ],
    ],
    [
      "a thought of the next step",
      [START, { type: "thought", kind: "math", text: "Key" }, END, NEXT, { type: "thought", kind: "math", text: "So" }],
      [
        { type: "reasoning-start", id: "step-4", providerMetadata: { memwell: { kind: "math" } } },
        { type: "reasoning-delta", id: "step-4", delta: "So" },
      ],
    ],
    [
      "the end of a step whose tool has not answered",
      [START, CALL, END],
      [
        { type: "tool-output-error", errorText: UNANSWERED, ...TOOL },
        { type: "data-step", id: "step-3", data: { ...STEP, ...COST, state: "done", error: null } },
      ],
    ],
    [
      "the next step after a tool that has not answered",
      [START, CALL, END, NEXT],
      [{ type: "data-step", id: "step-4", data: { ...STEP, step: 4, state: "running" } }],
    ],
    [
      "the first of the answer",
      [{ type: "text", text: "One" }],
      [
        { type: "text-start", id: "text" },
        { type: "text-delta", id: "text", delta: "One" },
      ],
    ],
    [
      "the answer after a thought",
      [START, { type: "thought", kind: "response", text: "Hm" }, { type: "text", text: "One" }],
      [
        { type: "reasoning-end", id: "step-3" },
        { type: "text-start", id: "text" },
        { type: "text-delta", id: "text", delta: "One" },
      ],
    ],
    [
      "a thought between two pieces of the answer",
      [
        START,
        { type: "thought", kind: "response", text: "Hm" },
        { type: "text", text: "One" },
        { type: "thought", kind: "response", text: "No" },
      ],
      [
        { type: "reasoning-start", id: "step-3-2", providerMetadata: { memwell: { kind: "response" } } },
        { type: "reasoning-delta", id: "step-3-2", delta: "No" },
      ],
    ],
    [
      "a tool's call",
      [CALL],
      [{ type: "tool-input-available", toolName: "calculator", input: { expression: "1+1" }, ...TOOL }],
    ],
    [
      "a tool's result",
      [CALL, RESULT],
      [{ type: "tool-output-available", output: { text: "1 + 1 = 2", display: null }, ...TOOL }],
    ],
    [
      "a tool's failure",
      [CALL, { type: "tool-failed", call: "calculator-1", tool: "calculator", error }],
      [
        {
          type: "tool-output-error",
          errorText: error.message,
          providerMetadata: { memwell: { code: "tool_failed" } },
          ...TOOL,
        },
      ],
    ],
    [
      "a tool's failure before its call",
      [{ type: "tool-failed", call: "calculator-1", tool: "calculator", error }],
      [
        {
          type: "tool-input-error",
          toolName: "calculator",
          input: null,
          errorText: error.message,
          providerMetadata: { memwell: { code: "tool_failed" } },
          ...TOOL,
        },
      ],
    ],
    [
      "the end",
      [START, END, { type: "text", text: "Two." }, DONE],
      [
        { type: "text-end", id: "text" },
        {
          type: "data-turn",
          id: "turn",
          data: {
            finishReason: "stop",
            switches: ["GENERAL_FORMATTING"],
            omittedTurns: 1,
            steps: 1,
            duration_ms: 12,
            tokens: { prefilled: 10, reused: 20, generated: 5 },
            memory_bytes: 1_000,
            swaps: 0,
          },
        },
        { type: "finish-step" },
        { type: "finish", finishReason: "stop" },
      ],
    ],
    [
      "a failure in the middle of the answer",
      [{ type: "text", text: "Two." }, failedWith("engine_crashed")],
      [
        { type: "text-end", id: "text" },
        {
          type: "data-error",
          id: "error",
          data: { code: "engine_crashed", message: "It is over.", type: "server_error", model: "m" },
        },
        { type: "finish-step" },
        { type: "error", errorText: "It is over." },
      ],
    ],
    [
      "an abort in the middle of a thought",
      [START, { type: "thought", kind: "math", text: "Key" }, END, failedWith("aborted")],
      [{ type: "finish-step" }, { type: "abort", reason: "It is over." }],
    ],
  ];

  test.each(cases)("%s", async (_, events, chunks) => expect(await chunksOfLast(events)).toEqual(chunks));

  test.each([
    ["stop", { type: "finish", finishReason: "stop" }],
    ["length", { type: "finish", finishReason: "length" }],
    ["aborted", { type: "abort", reason: "The answer was stopped." }],
  ] as const)("a turn done with %s", async (finishReason, last) => {
    expect((await chunksOfLast([{ ...DONE, finishReason }])).at(-1)).toEqual(last);
  });
});
