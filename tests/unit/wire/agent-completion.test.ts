import { createParser } from "eventsource-parser";
import { describe, expect, test } from "vitest";
import type { AgentEvent, Decision } from "../../../lib/agent";
import {
  AgentChunkEncoder,
  collectAgentCompletion,
  type AgentCompletionFacts,
  type ChatCompletionChunk,
  type WaitNotice,
} from "../../../lib/wire";

type Event = AgentEvent<WaitNotice>;
type StepEnd = Extract<Event, { type: "step-end" }>;

const identity = { id: "chatcmpl-1", created: 5, model: "memwell" };
const decision: Decision = {
  id: "practice",
  answer: "no",
  probability: 0.9,
  source: "model",
  reason: null,
  switches: [],
};
const failure = { code: "engine_crashed", message: "It ended.", fields: { exitCode: 9 } } as const;
const toolFailure = { code: "tool_failed", message: "Too long.", fields: { tool: "calculator" } } as const;

const rules = { step: 1, name: "rules", detail: null, role: null } as const;
const start = (step: number, name: StepEnd["name"], role: StepEnd["role"], detail: string | null = null): Event => ({
  type: "step-start",
  step,
  name,
  role,
  detail,
});
/** A step that read and wrote so many tokens, at a token a millisecond. */
const end = (
  begun: Event,
  [prefilled, reused, generated]: [number, number, number] = [0, 0, 0],
  more: Partial<StepEnd> = {},
): Event => {
  if (begun.type !== "step-start") throw new Error("no step");
  const cost = {
    swapped_out: [],
    duration_ms: 20,
    prefill_ms: prefilled,
    decode_ms: generated,
    prefilled,
    reused,
    generated,
  };
  const { step, name, detail, role } = begun;
  const model = role === null ? null : `the ${role} model`;
  const memory_bytes = role === null ? null : 1e6;
  return {
    type: "step-end",
    step,
    name,
    detail,
    role,
    outcome: "done",
    error: null,
    model,
    memory_bytes,
    ...cost,
    ...more,
  };
};
const [slot, decide, tool, think, respond] = [
  start(2, "slot", "reasoning", "reasoning"),
  start(3, "decision", "reasoning", "practice"),
  start(4, "tool", null, "calculator"),
  start(5, "thinking", "reasoning", "MATH_THINKING"),
  start(6, "response", "response"),
];
const done: Event = {
  type: "done",
  finishReason: "length",
  text: "The sum is 7/8.",
  sent: "shown",
  switches: ["GENERAL_FORMATTING"],
  decisions: [decision],
  omittedTurns: 2,
};
const turn: Event[] = [
  { type: "step-start", ...rules },
  end({ type: "step-start", ...rules }),
  slot,
  { type: "wait", role: "reasoning", wait: { type: "loading", progress: { stage: "model", fraction: 0.5 } } },
  end(slot),
  decide,
  { type: "prefill", evaluated: 2, total: 6 },
  { type: "decision", decision },
  end(decide, [10, 30, 1]),
  tool,
  { type: "tool-call", call: "calculator-1", tool: "calculator", input: { expression: "3/4 + 1/8" } },
  { type: "tool-result", call: "calculator-1", tool: "calculator", text: "7/8", display: null },
  end(tool),
  think,
  { type: "prefill", evaluated: 1, total: 2 },
  { type: "thought", kind: "math", text: "Add " },
  { type: "thought", kind: "math", text: "them." },
  end(think, [5, 40, 4]),
  respond,
  { type: "thought", kind: "response", text: "hm" },
  { type: "text", text: "The sum " },
  { type: "text", text: "is 7/8." },
  end(respond, [20, 4, 8]),
  done,
];
const usage = {
  prompt_tokens: 109,
  completion_tokens: 13,
  total_tokens: 122,
  prompt_tokens_details: { cached_tokens: 74 },
  completion_tokens_details: { reasoning_tokens: 4 },
};
const timings = { prefill_ms: 20, decode_ms: 8, prompt_tokens_per_second: 1000, tokens_per_second: 1000 };

async function* stream(events: Event[]) {
  yield* events;
}

function streamed(events: Event[], includeUsage = true) {
  const encoder = new AgentChunkEncoder(identity, { includeUsage, now: () => 0 });
  const data: string[] = [];
  const comments: string[] = [];
  const parser = createParser({
    onEvent: (event) => data.push(event.data),
    onComment: (comment) => comments.push(comment),
  });
  parser.feed(events.map((event) => encoder.encode(event)).join(""));
  const isWhole = data.at(-1) === "[DONE]";
  if (isWhole) data.pop();
  const chunks = data.map((chunk) => JSON.parse(chunk) as ChatCompletionChunk);
  return { chunks, comments, isWhole };
}
const deltasOf = (chunks: ChatCompletionChunk[]) => chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta));
const toldIn = (chunks: ChatCompletionChunk[]) =>
  chunks.flatMap(({ memwell }) => (memwell !== undefined && "event" in memwell ? [memwell.event] : []));

describe("a turn as a stream", () => {
  test("begins with its role at the first event, has thinking and text where OpenAI's clients look, and ends whole", () => {
    const { chunks, isWhole } = streamed(turn);
    expect(isWhole).toBe(true);
    const said = deltasOf(chunks).filter((delta) => Object.keys(delta).length > 0);
    expect(deltasOf(chunks)[0]).toEqual({ role: "assistant", content: "" });
    expect(said.slice(1)).toEqual([
      { reasoning_content: "Add " },
      { reasoning_content: "them." },
      { reasoning_content: "\n\nhm" },
      { content: "The sum " },
      { content: "is 7/8." },
    ]);
    expect(chunks.map(({ choices }) => choices[0]?.finish_reason ?? null).filter(Boolean)).toEqual(["length"]);
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage });
  });

  test("tells steps, decisions and tools as they happen, in chunks that add nothing to the answer", () => {
    const { chunks } = streamed(turn);
    const named = (event: Event) =>
      ["step-start", "step-end", "decision", "tool-call", "tool-result"].includes(event.type);
    expect(toldIn(chunks)).toEqual(turn.filter(named));
  });

  test("tells waits with the role they are for, and progress, in comments", () => {
    expect(streamed(turn).comments).toEqual([
      'loading {"stage":"model","percent":50,"role":"reasoning"}',
      "prefill 2/6",
      // Of another step: told although no time has passed.
      "prefill 1/2",
    ]);
  });

  test("whose first event is a wait has a role all the same", () => {
    const wait: Event = {
      type: "wait",
      role: "response",
      wait: { type: "queued", position: 1, waitingFor: { reason: "busy", models: ["m"] }, estimateMs: null },
    };
    const { chunks, comments } = streamed([wait]);
    expect(deltasOf(chunks)).toEqual([{ role: "assistant", content: "" }]);
    expect(comments).toEqual([expect.stringContaining('"role":"response"')]);
  });

  test("that failed ends with the error, and no [DONE]", () => {
    const failed: Event = { type: "failed", error: failure, text: "" };
    const ended = end(respond, [0, 0, 0], { outcome: "failed", error: failure });
    const { chunks, isWhole } = streamed([respond, ended, failed]);
    const error = { code: "engine_crashed", message: "It ended.", type: "server_error", exitCode: 9 };
    expect(toldIn(chunks)[1]).toMatchObject({ type: "step-end", outcome: "failed", error });
    expect(chunks.at(-1)).toEqual({ error });
    expect(isWhole).toBe(false);
  });

  test("has no usage unless it was asked for", () => {
    expect(JSON.stringify(streamed(turn, false).chunks)).not.toContain('"usage"');
  });
});

describe("a turn as a whole answer", () => {
  test("has the text, all thinking, token counts of all steps, the times of the answer, and the trace", async () => {
    const answer = await collectAgentCompletion(identity, stream(turn));
    const message = {
      role: "assistant",
      content: "The sum is 7/8.",
      refusal: null,
      reasoning_content: "Add them.\n\nhm",
    };
    expect(answer).toMatchObject({ model: "memwell", choices: [{ message, finish_reason: "length" }], usage });
    expect(answer.memwell).toMatchObject(timings);
    const { trace } = answer.memwell as AgentCompletionFacts;
    expect(trace.steps.map(({ name }) => name)).toEqual(["rules", "slot", "decision", "tool", "thinking", "response"]);
    expect(trace).toMatchObject({ decisions: [decision], switches: ["GENERAL_FORMATTING"], omitted_turns: 2 });
    expect(trace.tools).toEqual([
      {
        call: "calculator-1",
        tool: "calculator",
        input: { expression: "3/4 + 1/8" },
        text: "7/8",
        display: null,
        error: null,
      },
    ]);
    expect(streamed(turn).chunks.at(-2)?.memwell).toEqual(answer.memwell);
  });

  test("tells a tool that failed, called or not", async () => {
    const events: Event[] = [
      { type: "tool-call", call: "calculator-1", tool: "calculator", input: 1 },
      { type: "tool-failed", call: "calculator-1", tool: "calculator", error: toolFailure },
      { type: "tool-failed", call: "create_graph-2", tool: "create_graph", error: toolFailure },
      done,
    ];
    const { memwell } = await collectAgentCompletion(identity, stream(events));
    const error = { code: "tool_failed", message: "Too long.", tool: "calculator" };
    expect((memwell as AgentCompletionFacts).trace.tools).toMatchObject([
      { call: "calculator-1", input: 1, text: null, error },
      { call: "create_graph-2", input: null, text: null, error },
    ]);
  });

  test.each([
    ["what the turn failed with", [{ type: "failed", error: failure, text: "half" }], "engine_crashed"],
    ["that it was stopped", [{ ...done, finishReason: "aborted" }], "aborted"],
    ["that it never ended", [{ type: "text", text: "half" }], "engine_protocol"],
  ] as [string, Event[], string][])("fails with %s", async (_name, events, code) => {
    await expect(collectAgentCompletion(identity, stream(events))).rejects.toMatchObject({ code });
  });
});
