import { describe, expect, it, test } from "vitest";

import type { StepCost, StepId } from "../../../lib/agent";
import { chunksOf, messageOf, piecesOf, type TurnEvent } from "./ui-stream-reader";

const STEP: StepId = { step: 3, name: "thinking", detail: "math", role: "reasoning" };
const COST: StepCost = {
  model: "m",
  swapped_out: [],
  duration_ms: 12,
  prefill_ms: 2,
  decode_ms: 9,
  prefilled: 10,
  reused: 20,
  generated: 5,
  memory_bytes: 1_000,
};
const START: TurnEvent = { type: "step-start", ...STEP };
const END: TurnEvent = { type: "step-end", outcome: "done", error: null, ...STEP, ...COST };
const NEXT: TurnEvent = { type: "step-start", ...STEP, step: 4 };
const UNANSWERED = "The step ended before this tool had answered. Ask again.";
const CALL: TurnEvent = { type: "tool-call", call: "calculator-1", tool: "calculator", input: { expression: "1+1" } };
const RESULT: TurnEvent = {
  type: "tool-result",
  call: "calculator-1",
  tool: "calculator",
  text: "1 + 1 = 2",
  display: null,
};
const DONE: TurnEvent = {
  type: "done",
  finishReason: "stop",
  text: "Two.",
  sent: "1+1?",
  switches: ["GENERAL_FORMATTING"],
  decisions: [],
  omittedTurns: 1,
};
const error = { code: "tool_failed" as const, message: "Division by zero. Ask again.", fields: { parameter: "x" } };
const failedWith = (code: "aborted" | "engine_crashed"): TurnEvent => ({
  type: "failed",
  error: { code, message: "It is over.", fields: { model: "m" } },
  text: "",
});
const TOOL = { toolCallId: "r1-calculator-1", dynamic: true, providerExecuted: true };
const decision = {
  id: "chart" as const,
  answer: "no",
  probability: 0.9,
  source: "model" as const,
  reason: null,
  switches: [],
};

/** The chunks of the last of `events`. */
async function chunksOfLast(events: TurnEvent[]) {
  return await chunksOf(piecesOf(events).at(-2) ?? "");
}

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

describe("the stream", () => {
  it("names an event only with its last frame, and the beginning 0", () => {
    const [begin = "", thought = "", , end = ""] = piecesOf([{ type: "thought", kind: "math", text: "a" }, DONE]);
    const ids = (text: string) => text.split("\n\n").map((frame) => /^id: (\d+)\n/.exec(frame)?.[1] ?? null);
    expect(ids(begin)).toEqual([null, "0", null]);
    expect(ids(thought)).toEqual([null, "1", null]);
    expect(end).toBe("data: [DONE]\n\n");
  });

  it("begins with the message's id and metadata", async () => {
    expect(await chunksOf(piecesOf([])[0] ?? "")).toEqual([
      { type: "start", messageId: "a1", messageMetadata: { run: "r1", conversation: "c1", userMessage: "u1" } },
      { type: "start-step" },
    ]);
  });

  it("counts a swap for each step that a model left memory for, and the highest memory", async () => {
    const step = (swapped_out: string[], memory_bytes: number | null): TurnEvent => ({
      ...END,
      swapped_out,
      memory_bytes,
    });
    const chunks = await chunksOfLast([
      step([], null),
      step([], 5),
      step([], null),
      step([], 9),
      step(["a"], 7),
      step(["b", "c"], null),
      DONE,
    ]);
    expect(chunks[0]).toMatchObject({
      data: { steps: 6, swaps: 2, memory_bytes: 9, duration_ms: 72, tokens: { prefilled: 60 } },
    });
  });

  it.each([
    ["line breaks", "a\nb\r\nc\rd\n\ndata: x\n\n"],
    ["the separators of JavaScript", "a\u2028b\u2029c\u0085d"],
    ["control characters", "\u0000\u0007\u001b[2J\u007f"],
    ["a byte order mark", "\ufeffa"],
    ["half a surrogate pair", "a\ud83d"],
    ["a megabyte", "é".repeat(1_000_000)],
  ])("carries %s unharmed", async (_, text) => {
    const events: TurnEvent[] = [
      { type: "text", text },
      { ...RESULT, text },
    ];
    const chunks = await chunksOf(piecesOf([CALL, ...events, DONE]).join(""));
    expect(chunks).toContainEqual({ type: "text-delta", id: "text", delta: text });
    expect(chunks).toContainEqual(expect.objectContaining({ output: { text, display: null } }));
  });

  it("leaves out names that the AI SDK's reader takes for an attack, and keeps texts that look like them", async () => {
    const input = JSON.parse(
      '{"a": [{"__proto__": {"x": 1}, "b": 2}], "constructor": {"prototype": 1}, "c": "\\"__proto__\\":"}',
    ) as unknown;
    const { message, errors } = await messageOf(piecesOf([{ ...CALL, input }, RESULT, DONE]).join(""));
    expect(errors).toEqual([]);
    expect(message?.parts).toContainEqual(
      expect.objectContaining({ type: "dynamic-tool", input: { a: [{ b: 2 }], c: '"__proto__":' } }),
    );
  });

  it("shows a call that is made again in the place of the first", async () => {
    const { message, errors } = await messageOf(piecesOf([CALL, RESULT, CALL, RESULT, DONE]).join(""));
    expect(errors).toEqual([]);
    expect(message?.parts.filter(({ type }) => type === "dynamic-tool")).toHaveLength(1);
  });
});
