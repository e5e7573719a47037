import OpenAI, { BadRequestError, NotFoundError } from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startServer, type TestServer } from "./server";

let server: TestServer;
let client: OpenAI;
/** One model alone; what the agent adds to it has tests of its own. */
const model = "demo-response";
const messages = [{ role: "user" as const, content: "Hello!" }];

beforeAll(async () => {
  // A fixed number: sums of another order are other sums, and an answer with a seed another answer.
  server = await startServer({ MEMWELL_THREADS: "1" });
  client = new OpenAI({ apiKey: "none", baseURL: `${server.address}/v1`, maxRetries: 0 });
});
afterAll(async () => {
  expect(await server?.stop()).toBe(0);
});

describe("the official client", () => {
  test("lists the models, the agent first", async () => {
    const models = (await client.models.list()).data.map((model) => model.id);
    expect(models[0]).toBe("memwell");
    expect(models).toContain("demo-reasoning");
    expect((await client.models.retrieve("demo-reasoning")).id).toBe("demo-reasoning");
    await expect(client.models.retrieve("nobody")).rejects.toBeInstanceOf(NotFoundError);
  });

  test("gets a whole answer, and the same one streamed, for the same seed", async () => {
    const call = { model, messages, seed: 7, temperature: 0.8, max_tokens: 40 };
    const whole = await client.chat.completions.create(call);
    const stream = await client.chat.completions.create({
      ...call,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = "";
    let last: OpenAI.ChatCompletionChunk | undefined;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? "";
      last = chunk;
    }
    expect(text).toBe(whole.choices[0]?.message.content);
    expect(last?.choices).toEqual([]);
    expect(last?.usage?.completion_tokens).toBe(whole.usage?.completion_tokens);
  });

  test("gets JSON of its schema", async () => {
    const schema = {
      type: "object",
      properties: { age: { type: "integer" }, ok: { type: "boolean" } },
      required: ["age"],
      additionalProperties: false,
    };
    const answer = await client.chat.completions.create({
      model,
      messages,
      response_format: { type: "json_schema", json_schema: { name: "person", strict: true, schema } },
    });
    const value = JSON.parse(answer.choices[0]?.message.content ?? "") as { age: unknown; ok: unknown };
    expect(Number.isInteger(value.age)).toBe(true);
    expect(typeof value.ok).toBe("boolean");
  });

  test("tells a model how long it may think", async () => {
    const thinks = async (max_thought_tokens: number): Promise<number | undefined> => {
      const call = { model: "demo-reasoning", messages, max_tokens: 30, seed: 1, max_thought_tokens };
      const { usage } = await client.chat.completions.create(call);
      return usage?.completion_tokens_details?.reasoning_tokens;
    };
    expect(await thinks(0)).toBe(0);
    expect(await thinks(20)).toBeGreaterThan(0);
  });

  test("is told which parameter is at fault", async () => {
    const failed = await client.chat.completions
      .create({ model, messages, tools: [] })
      .catch((thrown: unknown) => thrown);
    expect(failed).toBeInstanceOf(BadRequestError);
    expect(failed).toMatchObject({
      status: 400,
      code: "unsupported_parameter",
      param: "tools",
      type: "invalid_request_error",
    });
    await expect(client.chat.completions.create({ model: "nobody", messages })).rejects.toMatchObject({
      status: 404,
      code: "model_not_found",
    });
  });

  test("gets a plain error, not a stream, when the conversation is too long", async () => {
    const content = "word ".repeat(20_000);
    await expect(
      client.chat.completions.create({ model, messages: [{ role: "user", content }], stream: true }),
    ).rejects.toMatchObject({ status: 400, code: "context_length_exceeded" });
  });

  test("that leaves in the middle leaves the model to the next, more often than there are sequences", async () => {
    for (let leaver = 0; leaver < 6; leaver += 1) {
      const stream = await client.chat.completions.create({ model, messages, seed: leaver, stream: true });
      for await (const chunk of stream) if (chunk.choices[0]?.delta.content) break;
    }
    const answer = await client.chat.completions.create({ model, messages, max_tokens: 1 });
    expect(answer.usage?.completion_tokens).toBe(1);
  });

  test("that stops one of four answers leaves the other three whole", async () => {
    const question = (seed: number) => ({ model, messages, seed, max_tokens: 60, stream: true as const });
    const read = async (seed: number): Promise<string> => {
      let finish = "";
      for await (const chunk of await client.chat.completions.create(question(seed)))
        finish = chunk.choices[0]?.finish_reason ?? finish;
      return finish;
    };
    const stopped = client.chat.completions.create(question(4)).then(async (stream) => {
      for await (const chunk of stream) if (chunk.choices[0]?.delta.content) stream.controller.abort();
    });
    const finishes = await Promise.all([read(1), read(2), read(3), stopped]);
    expect(finishes.slice(0, 3).every((finish) => finish === "stop" || finish === "length")).toBe(true);
  });
});

describe("over plain HTTP", () => {
  const post = (path: string, body: BodyInit | null, headers: Record<string, string> = {}) =>
    fetch(server.address + path, { method: "POST", body, headers });
  const errorOf = async (response: Response) => ((await response.json()) as { error: Record<string, unknown> }).error;

  test("health and readiness are told", async () => {
    expect(await (await fetch(`${server.address}/healthz`)).json()).toMatchObject({ status: "ok" });
    expect((await fetch(`${server.address}/readyz`)).status).toBe(200);
  });

  test("a stream's headers keep proxies from holding it back", async () => {
    const response = await post(
      "/v1/chat/completions",
      JSON.stringify({ model, messages, stream: true, max_tokens: 3 }),
      {
        "accept-encoding": "gzip, br",
      },
    );
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(response.headers.get("cache-control")).toContain("no-cache");
    expect(response.headers.get("x-accel-buffering")).toBe("no");
    expect(response.headers.get("content-encoding")).toBeNull();
    expect(await response.text()).toMatch(/data: \[DONE\]\n\n$/);
  });

  test("a page of another origin may call /v1", async () => {
    const asked = await fetch(`${server.address}/v1/chat/completions`, { method: "OPTIONS" });
    expect(asked.status).toBe(204);
    expect(asked.headers.get("access-control-allow-origin")).toBe("*");
    expect((await fetch(`${server.address}/v1/models`)).headers.get("access-control-allow-origin")).toBe("*");
    expect((await post("/v1/chat/completions", "{")).headers.get("access-control-allow-origin")).toBe("*");
  });

  test("broken JSON is refused with the position", async () => {
    const response = await post("/v1/chat/completions", '{"model": oops}');
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toMatchObject({ code: "invalid_json", position: 10 });
  });

  test("a body of more than 8 MiB is refused, announced or not", async () => {
    const large = `"${"x".repeat(9_000_000)}"`;
    expect((await post("/v1/chat/completions", large)).status).toBe(413);
    const unannounced = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(large));
        controller.close();
      },
    });
    const response = await fetch(`${server.address}/v1/chat/completions`, {
      method: "POST",
      body: unannounced,
      duplex: "half",
    } as RequestInit);
    expect(await errorOf(response)).toMatchObject({ code: "request_too_large" });
    // The connection is not left with the rest of that body in front of the next request.
    const started = performance.now();
    for (let next = 0; next < 4; next += 1) expect((await post("/v1/chat/completions", "{}")).status).toBe(400);
    expect(performance.now() - started).toBeLessThan(3000);
  });

  test("an unknown path or method answers JSON", async () => {
    for (const path of ["/v1", "/v1/embeddings", "/api/nothing", "/v1/chat/completions"]) {
      const response = await fetch(server.address + path);
      expect(response.status).toBe(404);
      expect(await errorOf(response)).toMatchObject({ code: "not_found" });
    }
  });

  test("a pinned model says so, and pinning is for this machine only", async () => {
    const pinned = async (action: string) => (await post(`/api/models/demo-response/${action}`, null)).json();
    expect(await pinned("pin")).toMatchObject({ id: "demo-response", memwell: { pinned: true } });
    const list = (await (await fetch(`${server.address}/v1/models`)).json()) as { data: object[] };
    expect(list.data).toContainEqual(
      expect.objectContaining({ id: "demo-response", memwell: expect.objectContaining({ pinned: true }) as object }),
    );
    expect(await pinned("unpin")).toMatchObject({ memwell: { pinned: false } });
    expect((await post("/api/models/nobody/pin", null)).status).toBe(404);
    for (const action of ["pin", "unpin"]) {
      const refused = await post(`/api/models/demo-response/${action}`, null, { "x-forwarded-for": "203.0.113.7" });
      expect(refused.status).toBe(403);
    }
  });

  test("loading and unloading is for this machine only, and only when asked directly", async () => {
    expect((await post("/api/models/demo-response/load", null)).status).toBe(200);
    expect(await (await post("/api/models/demo-response/unload", null)).json()).toMatchObject({
      memwell: { state: "stopped" },
    });
    const refused = [
      { "x-forwarded-for": "127.0.0.1" },
      { forwarded: "for=127.0.0.1" },
      { origin: "http://elsewhere.example" },
    ];
    for (const headers of refused) {
      const response = await post("/api/models/demo-response/unload", null, headers);
      expect(response.status).toBe(403);
      expect(await errorOf(response)).toMatchObject({ code: "admin_only" });
    }
  });
});

describe("with an admin token", () => {
  test("whoever sends it may load and unload from anywhere, and this machine needs none", async () => {
    const guarded = await startServer({ MEMWELL_ADMIN_TOKEN: "a-long-token" });
    const unload = (headers: Record<string, string>) =>
      fetch(`${guarded.address}/api/models/demo-response/unload`, { method: "POST", headers });
    const elsewhere = { "x-forwarded-for": "203.0.113.7" };
    expect((await unload(elsewhere)).status).toBe(403);
    expect((await unload({ ...elsewhere, authorization: "Bearer wrong" })).status).toBe(403);
    expect((await unload({ ...elsewhere, authorization: "Bearer a-long-token" })).status).toBe(200);
    expect((await unload({})).status).toBe(200);
    expect(await guarded.stop()).toBe(0);
  });
});
