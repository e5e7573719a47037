import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { createParser } from "eventsource-parser";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { parseProgressComment } from "../../../app/_chat/progress";
import type { GenerateEvent } from "../../../lib/engine";
import {
  ChunkEncoder,
  collectChatCompletion,
  commentFrame,
  createCompletionIdentity,
  type WaitNotice,
} from "../../../lib/wire";

const usage = { promptTokens: 10, reusedTokens: 4, completionTokens: 3, thoughtTokens: 1 };
const events: GenerateEvent[] = [
  { type: "prompt", promptTokens: 10, reusedTokens: 4, slot: 0 },
  { type: "prefill", evaluated: 2, total: 6 },
  { type: "thought", text: "hm", tokens: 1 },
  { type: "text", text: 'Hel"\n', tokens: 1 },
  { type: "text", text: "lo \ud83d\ude00 \ud800", tokens: 1 },
  { type: "done", finishReason: "length", usage, prefillMs: 12, decodeMs: 30, slot: 0 },
];
/** What comes before the events of a generation whose model is not ready. */
const waits: WaitNotice[] = [
  { type: "queued", position: 1, waitingFor: { reason: "busy", models: ["other"] }, estimateMs: 4000 },
  { type: "loading", progress: { stage: "model", fraction: 0.5 } },
];
const timings = { prefill_ms: 12, decode_ms: 30, prompt_tokens_per_second: 500, tokens_per_second: 100 };
const encodedUsage = {
  prompt_tokens: 10,
  completion_tokens: 3,
  total_tokens: 13,
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 1 },
};
const identity = { id: "chatcmpl-1", created: 5, model: 'an "odd" id' };

async function* stream(list: (GenerateEvent | WaitNotice)[]) {
  yield* list;
}

function read(text: string) {
  const data: string[] = [];
  const comments: string[] = [];
  const parser = createParser({
    onEvent: (event) => data.push(event.data),
    onComment: (comment) => comments.push(comment),
  });
  parser.feed(text);
  return { data, comments };
}

describe("the whole answer", () => {
  test("has OpenAI's shape", async () => {
    const answer = await collectChatCompletion(identity, stream([...waits, ...events]));
    expect(answer).toEqual({
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 5,
      model: 'an "odd" id',
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: 'Hel"\nlo \ud83d\ude00 \ud800',
            refusal: null,
            reasoning_content: "hm",
          },
          logprobs: null,
          finish_reason: "length",
        },
      ],
      usage: encodedUsage,
      memwell: timings,
    });
  });

  test("fails with what the generation failed with", async () => {
    const failed: GenerateEvent = {
      type: "failed",
      error: { code: "engine_crashed", message: "It ended.", fields: {} },
    };
    await expect(collectChatCompletion(identity, stream([failed]))).rejects.toMatchObject({ code: "engine_crashed" });
    await expect(collectChatCompletion(identity, stream([]))).rejects.toMatchObject({ code: "engine_protocol" });
  });

  test("has an id of its own", () => {
    expect(createCompletionIdentity("m").id).toMatch(/^chatcmpl-[0-9a-f]{32}$/);
  });
});

describe("the streamed answer", () => {
  test("has OpenAI's chunks, ends with [DONE], and tells progress in comments", () => {
    const encoder = new ChunkEncoder(identity, { includeUsage: true });
    const { data, comments } = read(events.map((event) => encoder.encode(event)).join(""));
    expect(comments).toEqual(["prefill 2/6"]);
    expect(data.pop()).toBe("[DONE]");
    const shared = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 5, model: 'an "odd" id', usage: null };
    const choice = (delta: object, finish_reason: string | null = null) => [
      { index: 0, delta, logprobs: null, finish_reason },
    ];
    expect(data.map((chunk) => JSON.parse(chunk) as unknown)).toEqual([
      { ...shared, choices: choice({ role: "assistant", content: "" }) },
      { ...shared, choices: choice({ reasoning_content: "hm" }) },
      { ...shared, choices: choice({ content: 'Hel"\n' }) },
      { ...shared, choices: choice({ content: "lo \ud83d\ude00 \ud800" }) },
      { ...shared, choices: choice({}, "length"), memwell: timings },
      { ...shared, choices: [], usage: encodedUsage },
    ]);
  });

  test("has no usage unless it was asked for", () => {
    const encoder = new ChunkEncoder(identity, { includeUsage: false });
    expect(events.map((event) => encoder.encode(event)).join("")).not.toContain('"usage"');
  });

  test("tells progress at most four times a second", () => {
    let time = 0;
    const encoder = new ChunkEncoder(identity, { includeUsage: false, now: () => time });
    let shown = 0;
    for (; time < 1000; time += 10)
      if (encoder.encode({ type: "prefill", evaluated: time, total: 1000 }) !== "") shown += 1;
    expect(shown).toBe(4);
  });

  test("tells every change of the queue, each stage of a load, and percents at most four times a second", () => {
    let time = 0;
    const encoder = new ChunkEncoder(identity, { includeUsage: false, now: () => time });
    let queue = "";
    for (let position = 3; position > 0; position -= 1)
      queue += encoder.encode({
        type: "queued",
        position,
        waitingFor: { reason: "turn", models: ["a"] },
        estimateMs: null,
      });
    expect(read(queue)).toEqual({
      data: [],
      comments: [3, 2, 1].map(
        (position) => `queued {"position":${position},"estimate_ms":null,"reason":"turn","models":["a"]}`,
      ),
    });
    let load = "";
    for (const stage of ["process", "model", "context"] as const)
      for (let percent = 0; percent < 50; percent += 1, time += 10)
        load += encoder.encode({ type: "loading", progress: { stage, fraction: percent / 100 } });
    expect(read(load).comments).toEqual(
      ["process", "model", "context"].flatMap((stage) =>
        [0, 25].map((percent) => `loading {"stage":"${stage}","percent":${percent}}`),
      ),
    );
  });

  test("ends with one error frame and no [DONE] when the generation fails", () => {
    const encoder = new ChunkEncoder(identity, { includeUsage: true });
    const frame = encoder.encode({
      type: "failed",
      error: { code: "engine_crashed", message: "It ended.", fields: { exitCode: 9 } },
    });
    expect(read(frame).data.map((chunk) => JSON.parse(chunk) as unknown)).toEqual([
      { error: { code: "engine_crashed", message: "It ended.", type: "server_error", exitCode: 9 } },
    ]);
  });

  test("a comment stays one line, and only progress is read from it", () => {
    expect(commentFrame("a\nb")).toBe(": a b\n\n");
    expect(parseProgressComment("prefill 5/9")).toEqual({ evaluated: 5, total: 9 });
    expect(parseProgressComment("hello")).toBeNull();
  });
});

describe("the official client", () => {
  let respond: (encoder: ChunkEncoder) => string;
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/event-stream; charset=utf-8");
    response.end(respond(new ChunkEncoder(identity, { includeUsage: true })));
  });
  let client: OpenAI;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    client = new OpenAI({
      apiKey: "none",
      baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
      maxRetries: 0,
    });
  });
  afterAll(() => server.close());

  test("reads the stream to its end", async () => {
    respond = (encoder) => [...waits, ...events].map((event) => encoder.encode(event)).join("");
    const final = await client.chat.completions
      .stream({ model: "m", messages: [{ role: "user", content: "x" }], stream_options: { include_usage: true } })
      .finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe('Hel"\nlo \ud83d\ude00 \ud800');
    expect(final.usage?.prompt_tokens_details?.cached_tokens).toBe(4);
  });

  test("throws the error of a stream that failed half way", async () => {
    respond = (encoder) =>
      events
        .slice(0, 4)
        .map((event) => encoder.encode(event))
        .join("") +
      encoder.encode({ type: "failed", error: { code: "engine_crashed", message: "It ended.", fields: {} } });
    const chunks = await client.chat.completions.create({
      model: "m",
      messages: [{ role: "user", content: "x" }],
      stream: true,
    });
    await expect(async () => {
      for await (const _chunk of chunks);
    }).rejects.toMatchObject({ code: "engine_crashed", type: "server_error" });
  });
});
