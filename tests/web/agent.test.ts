import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { AgentCompletionFacts, AgentTraceEvent, MemoryLogBody } from "../../lib/wire";
import { startServer, type TestServer } from "./server";

/** The agent as OpenAI's clients meet it: the model `memwell`, through the server as it ships. */
let server: TestServer;
let client: OpenAI;

beforeAll(async () => {
  server = await startServer({ MEMWELL_THREADS: "1" });
  client = new OpenAI({ apiKey: "none", baseURL: `${server.address}/v1`, maxRetries: 0 });
});
afterAll(async () => {
  expect(await server?.stop()).toBe(0);
});

type Messages = OpenAI.ChatCompletionMessageParam[];
const asked = (content: string): Messages => [{ role: "user", content }];
const SUM = "What is 3/4 + 1/8?";
/** The demo models do not stop by themselves, and think as long as they may. */
const call = (messages: Messages, limits: { max_tokens?: number; max_thought_tokens?: number } = {}) => ({
  model: "memwell",
  messages,
  temperature: 0,
  max_tokens: 12,
  max_thought_tokens: 8,
  ...limits,
});
const factsOf = (answer: object) => (answer as { memwell: AgentCompletionFacts }).memwell;
const eventOf = (chunk: object) => (chunk as { memwell?: { event?: AgentTraceEvent } }).memwell?.event;
const thoughtOf = (message: object | undefined) => (message as { reasoning_content?: string }).reasoning_content ?? "";

async function whole(messages: Messages) {
  const answer = await client.chat.completions.create(call(messages));
  const message = answer.choices[0]?.message;
  return { answer, text: message?.content ?? "", thought: thoughtOf(message), ...factsOf(answer) };
}

describe("a turn", () => {
  test("as a whole answer: calculated, thought about, and with the trace of every step", async () => {
    const { answer, text, thought, trace, tokens_per_second } = await whole(asked(SUM));
    expect(text.length).toBeGreaterThan(0);
    expect(thought.length).toBeGreaterThan(0);
    expect(tokens_per_second).toBeGreaterThan(0);
    expect(trace.tools).toMatchObject([{ tool: "calculator", display: { result: "7/8" }, error: null }]);
    expect(trace.switches).toEqual(expect.arrayContaining(["GENERAL_FORMATTING", "LATEX_FORMATTING", "MATH_THINKING"]));
    expect(trace.decisions.map(({ id }) => id).sort()).toEqual([
      "chart",
      "clarity",
      "followup",
      "practice",
      "teaching",
    ]);
    expect(trace.steps[0]?.name).toBe("rules");
    expect(trace.steps.at(-1)).toMatchObject({ name: "response", role: "response", outcome: "done" });
    expect(trace.omitted_turns).toBe(0);

    const sum = (tokens: (step: (typeof trace.steps)[number]) => number) =>
      trace.steps.reduce((total, step) => total + tokens(step), 0);
    expect(answer.usage).toMatchObject({
      prompt_tokens: sum(({ prefilled, reused }) => prefilled + reused),
      completion_tokens: sum(({ generated }) => generated),
      prompt_tokens_details: { cached_tokens: sum(({ reused }) => reused) },
      completion_tokens_details: { reasoning_tokens: sum((step) => (step.name === "thinking" ? step.generated : 0)) },
    });
  });

  test("streamed: begins with the rules, says the same at the end as it told on the way", async () => {
    const stream = await client.chat.completions.create({
      ...call(asked(SUM)),
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks[0]?.choices[0]?.delta.role).toBe("assistant");
    expect(eventOf(chunks[0]!)).toMatchObject({ type: "step-start", name: "rules" });
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("").length).toBeGreaterThan(0);
    expect(chunks.map((chunk) => thoughtOf(chunk.choices[0]?.delta ?? {})).join("").length).toBeGreaterThan(0);

    const events = chunks.flatMap((chunk) => eventOf(chunk) ?? []);
    expect(events.filter(({ type }) => type.startsWith("tool-"))).toMatchObject([
      { type: "tool-call", input: { expression: "3/4 + 1/8" } },
      { type: "tool-result", text: expect.stringContaining("7/8") as string },
    ]);
    const last = chunks.at(-2);
    expect(last?.choices[0]?.finish_reason).toMatch(/^(length|stop)$/);
    const ended = events.flatMap((event) => (event.type === "step-end" ? [event] : []));
    const { trace } = factsOf(last!);
    expect(trace.steps).toEqual(ended.map(({ type: _type, ...step }) => step));
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: expect.any(Number) as number } });
  });

  test("is read by the client's own helper, which knows nothing of steps", async () => {
    const final = await client.chat.completions.stream(call(asked("Why is the sky blue?"))).finalChatCompletion();
    expect(final.choices[0]?.message.content?.length).toBeGreaterThan(0);
    expect(final.choices[0]?.finish_reason).toMatch(/^(length|stop)$/);
  });

  test("goes on from the last one: what the response model was shown then is not read again", async () => {
    const first = await whole(asked(SUM));
    const messages: Messages = [...asked(SUM), { role: "assistant", content: first.text }, ...asked("And 1/2 + 1/3?")];
    const second = await whole(messages);
    const response = (of: typeof first) => of.trace.steps.find(({ name }) => name === "response")!;
    // All that was evaluated for the first question, but the tokens around its end.
    const evaluated = response(first).prefilled + response(first).reused;
    expect(response(second).reused).toBeGreaterThan(evaluated - 16);
    expect(second.trace.tools).toMatchObject([{ display: { result: "5/6" } }]);
  });

  test("takes a system prompt as further instructions of the response model", async () => {
    const read = (of: Awaited<ReturnType<typeof whole>>) => {
      const { prefilled, reused } = of.trace.steps.find(({ name }) => name === "response")!;
      return prefilled + reused;
    };
    const plain = await whole(asked("Hi"));
    const instructed = await whole([{ role: "system", content: "Speak of ships and the sea only." }, ...asked("Hi")]);
    expect(read(instructed)).toBeGreaterThan(read(plain) + 5);
  });

  test("without a token of notes thinks about nothing", async () => {
    const answer = await client.chat.completions.create(call(asked(SUM), { max_thought_tokens: 0 }));
    expect(thoughtOf(answer.choices[0]?.message)).toBe("");
    expect(factsOf(answer).trace.steps.filter(({ name }) => name === "thinking")).toEqual([]);
  });
});

describe("a turn that ends early", () => {
  const logOf = async (model: string): Promise<MemoryLogBody["records"]> => {
    const response = await fetch(`${server.address}/api/memory/log?model=${model}`);
    return ((await response.json()) as MemoryLogBody).records;
  };

  test.each([
    ["thought", "demo-reasoning"],
    ["text", "demo-response"],
  ])("when its reader leaves at its first %s: %s stops writing and is free for the next", async (what, writer) => {
    const before = (await logOf(writer)).length;
    for (let leaver = 0; leaver < 5; leaver += 1) {
      const limits = { max_tokens: 2000, max_thought_tokens: 200 };
      const stream = await client.chat.completions.create({ ...call(asked(SUM), limits), stream: true });
      for await (const { choices } of stream)
        if (what === "text" ? choices[0]?.delta.content : thoughtOf(choices[0]?.delta ?? {})) break;
    }
    // Unloading waits for whoever still uses a model.
    for (const model of ["demo-reasoning", "demo-response"]) {
      const unloaded = await fetch(`${server.address}/api/models/${model}/unload`, { method: "POST" });
      expect(await unloaded.json()).toMatchObject({ memwell: { state: "stopped" } });
    }
    const writing = (await logOf(writer))
      .slice(before)
      .filter(({ step, phase }) => step === "decode" && phase === "end");
    // A short answer may be complete before its reader's leaving is known.
    expect(writing.map(({ outcome }) => outcome)).toContain("aborted");
    expect((await whole(asked("Hi"))).text.length).toBeGreaterThan(0);
  });

  test.each([
    ["an empty message", { messages: asked(" \n ") }, 400, "invalid_request", "message"],
    ["a message of a million letters", { messages: asked("x".repeat(1_000_000)) }, 413, "request_too_large", "message"],
    [
      "an answer as the last message",
      { messages: [...asked("a"), { role: "assistant" as const, content: "b" }] },
      400,
      "invalid_request",
      "messages[1].role",
    ],
    [
      "JSON of a schema",
      { messages: asked("a"), response_format: { type: "json_object" as const } },
      400,
      "unsupported_parameter",
      "response_format",
    ],
  ])("%s is refused by its name, streamed or not", async (_name, more, status, code, parameter) => {
    for (const stream of [false, true]) {
      const refused = client.chat.completions.create({ ...call([]), ...more, stream });
      await expect(refused).rejects.toMatchObject({ status, code, param: parameter });
    }
  });
});

describe("a response model that cannot be had", () => {
  test("is an error with its status, and in a stream one clear frame after the steps before it", async () => {
    const broken = await startServer({ MEMWELL_RESPONSE_MODEL: "/nowhere/model.gguf" });
    const asker = new OpenAI({ apiKey: "none", baseURL: `${broken.address}/v1`, maxRetries: 0 });
    await expect(asker.chat.completions.create(call(asked("Hi")))).rejects.toMatchObject({
      status: 500,
      code: "model_file_missing",
    });
    const stream = await asker.chat.completions.create({ ...call(asked("Hi")), stream: true });
    const told: AgentTraceEvent[] = [];
    await expect(async () => {
      for await (const chunk of stream) told.push(...[eventOf(chunk) ?? []].flat());
    }).rejects.toMatchObject({ code: "model_file_missing" });
    expect(told.at(-1)).toMatchObject({
      type: "step-end",
      name: "slot",
      outcome: "failed",
      error: { code: "model_file_missing" },
    });
    expect(await broken.stop()).toBe(0);
  });
});
