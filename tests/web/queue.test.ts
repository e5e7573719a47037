import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { MemoryBody } from "../../lib/wire";
import { startServer, type TestServer } from "./server";
import { slowModels } from "./slow-models";

/** Two models in a memory budget that holds one, over HTTP. */
let server: TestServer;

beforeAll(async () => {
  const { own, model } = await measure();
  const limit = Math.round((own + 1.75 * model) / 0.8);
  server = await startServer({ MEMWELL_MEMORY_BUDGET: String(limit) });
});
afterAll(async () => {
  expect(await server?.stop()).toBe(0);
});

/** What the server with its spare process and one demo model hold, in bytes. */
async function measure(): Promise<{ own: number; model: number }> {
  const roomy = await startServer();
  await fetch(`${roomy.address}/api/models/demo-response/load`, { method: "POST" });
  const read = async () => (await (await fetch(`${roomy.address}/api/memory`)).json()) as MemoryBody;
  // The load has taken the spare process, and the next one grows for a while before it waits.
  let memory = await read();
  for (let before = -1; (memory.spare?.anonymous ?? 0) !== before || before === 0; memory = await read()) {
    before = memory.spare?.anonymous ?? 0;
    await new Promise((done) => setTimeout(done, 250));
  }
  const { server, spare, models } = memory;
  await roomy.stop();
  return { own: (server?.anonymous ?? 0) + (spare?.anonymous ?? 0), model: models[0]?.peak ?? 0 };
}

const items = { type: "string", minLength: 8, maxLength: 12 };
/** Keeps the demo model, which ends when chance has it, busy for a while. */
const long = {
  response_format: {
    type: "json_schema",
    json_schema: { name: "long", schema: { type: "array", items, minItems: 400, maxItems: 400 } },
  },
};

function ask(model: string, more: object = {}, signal?: AbortSignal): Promise<Response> {
  const messages = [{ role: "user", content: "Hello!" }];
  return fetch(`${server.address}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model, messages, stream: true, max_tokens: 3, ...more }),
    signal: signal ?? null,
  });
}

/** Reads on until the text holds this, or to the end; all that was read so far. */
async function readUntil(reader: ReadableStreamDefaultReader<string>, wanted: string): Promise<string> {
  let text = "";
  while (!text.includes(wanted)) {
    const { value, done } = await reader.read();
    if (done) break;
    text += value;
  }
  return text;
}
const readerOf = (response: Response) => response.body!.pipeThrough(new TextDecoderStream()).getReader();

describe("a stream whose model has no room yet", () => {
  test("begins with its place in the queue, goes on with the load, and then answers", async () => {
    const caller = new AbortController();
    const busy = readerOf(await ask("demo-response", { ...long, max_tokens: 4000 }, caller.signal));
    await readUntil(busy, '"content":"');
    const makeQuick = slowModels(server);
    const waiting = await ask("demo-reasoning");
    expect(waiting.status).toBe(200);
    const reader = readerOf(waiting);
    const queued = await readUntil(reader, '"busy"');
    expect(queued).toContain('"models":["demo-response"]');
    const memory = (await (await fetch(`${server.address}/api/memory`)).json()) as MemoryBody;
    expect(memory.queue).toMatchObject({ length: 1, waiting: [{ model: "demo-reasoning" }] });
    caller.abort();
    makeQuick();
    const rest = await readUntil(reader, "[DONE]");
    expect(rest).toContain(": loading {");
    expect(rest).toMatch(/data: \[DONE\]\n\n$/);
  });

  test("is read by the official client as if it had not waited", async () => {
    const client = new OpenAI({ apiKey: "none", baseURL: `${server.address}/v1`, maxRetries: 0 });
    const messages = [{ role: "user" as const, content: "Hello!" }];
    const answers = ["demo-response", "demo-reasoning", "demo-response"].map(async (model) => {
      const stream = client.chat.completions.stream({ model, messages, max_tokens: 3 });
      return (await stream.finalChatCompletion()).choices[0]?.finish_reason;
    });
    expect(await Promise.all(answers)).toEqual(["length", "length", "length"]);
  });

  test("that can never be answered is an error with its status, and a pinned model in the way is named", async () => {
    await fetch(`${server.address}/api/models/demo-response/load`, { method: "POST" });
    await fetch(`${server.address}/api/models/demo-response/pin`, { method: "POST" });
    const refused = await ask("demo-reasoning");
    expect(refused.status).toBe(507);
    expect(await refused.json()).toMatchObject({ error: { code: "memory_exceeded" } });
    await fetch(`${server.address}/api/models/demo-response/unpin`, { method: "POST" });
    expect((await ask("demo-reasoning")).status).toBe(200);
  });
});
