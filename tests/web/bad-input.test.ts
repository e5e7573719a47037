import { afterAll, describe, expect, it } from "vitest";
import { ensureFixtureAdapter, ensureFixtureModel } from "../fixtures/models";
import { startServer, type TestServer } from "./server";

/** A server whose owner or visitors got something wrong: each mistake is told clearly, and everything else works. */
const servers: TestServer[] = [];
afterAll(async () => {
  for (const server of servers) await server.stop();
});

async function serverWith(environment: Record<string, string>): Promise<TestServer> {
  const server = await startServer(environment);
  servers.push(server);
  return server;
}

async function ask(server: TestServer, model: string, content: string, more: Record<string, unknown> = {}) {
  const response = await fetch(`${server.address}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model, max_tokens: 3, messages: [{ role: "user", content }], ...more }),
  });
  return { status: response.status, body: (await response.json()) as { error?: { code: string; message: string } } };
}

describe("a model file that is missing", () => {
  it("is named in the answer and in /readyz, while the page and the other model work", async () => {
    const server = await serverWith({ MEMWELL_RESPONSE_MODEL: "/nowhere/model.gguf" });
    expect((await fetch(server.address)).status).toBe(200);
    const refused = await ask(server, "memwell", "Hello");
    expect(refused.status).toBeGreaterThanOrEqual(500);
    expect(refused.body.error).toMatchObject({ code: "model_file_missing" });
    expect(refused.body.error?.message).toContain("model.gguf: there is no such file");
    const ready = await fetch(`${server.address}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).toContain("model_file_missing");
    expect((await ask(server, "demo-reasoning", "Hello")).status).toBe(200);
  });
});

describe("an adapter of another base", () => {
  it("is refused with the reason, and the server lives on", async () => {
    const server = await serverWith({
      MEMWELL_RESPONSE_MODEL: await ensureFixtureModel("small"),
      MEMWELL_RESPONSE_ADAPTER: await ensureFixtureAdapter("tiny"),
    });
    expect((await ask(server, "memwell", "Hello")).body.error).toMatchObject({ code: "adapter_invalid" });
    expect((await ask(server, "demo-reasoning", "Hello")).status).toBe(200);
  });
});

describe("a message that is too long", () => {
  it("of a million words is refused by its length, and the next one is answered", async () => {
    const server = await serverWith({});
    const refused = await ask(server, "demo-response", "word ".repeat(1_000_000));
    expect(refused.status).toBe(400);
    expect(refused.body.error).toMatchObject({ code: "context_length_exceeded" });
    expect((await ask(server, "demo-response", "Hello")).status).toBe(200);
  });

  it.each([{}, { stream: true }])("is refused by the agent before any model is loaded (%o)", async (more) => {
    const server = servers.at(-1) ?? (await serverWith({}));
    const refused = await ask(server, "memwell", "word ".repeat(1_000_000), more);
    expect(refused.status).toBe(413);
    expect(refused.body.error).toMatchObject({ code: "request_too_large", parameter: "message" });
  });

  it("of more bytes than a request may have is refused by its size", async () => {
    const server = servers.at(-1) ?? (await serverWith({}));
    const refused = await ask(server, "memwell", "word ".repeat(2_000_000));
    expect(refused.status).toBe(413);
    expect(refused.body.error).toMatchObject({ code: "request_too_large" });
    expect((await ask(server, "memwell", "Hello")).status).toBe(200);
  });
});
