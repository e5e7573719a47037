import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentCompletionFacts, ChatCompletion, ConversationBody } from "../../lib/wire";
import { ensureFixtureAdapter } from "../fixtures/models";
import { ChatScreen, launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";
import { SettingsScreen } from "./settings-screen";
import { SHORT, smallModels, visitorFetch } from "./visitor";

const folder = mkdtempSync(path.join(tmpdir(), "memwell-domains-"));
let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const [education, business] = [
    await ensureFixtureAdapter("small", { seed: 1 }),
    await ensureFixtureAdapter("small", { seed: 2 }),
  ];
  const domains = { MEMWELL_DOMAINS: `education=${education},business=${business}` };
  server = await startServer({ ...(await smallModels(folder)), ...domains });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const post = (ask: typeof fetch, route: string, body: object): Promise<Response> =>
  ask(route, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });

/** What the answer's steps say of domains, where they say something. */
const domainsOf = ({ memwell }: ChatCompletion): string[] =>
  (memwell as AgentCompletionFacts).trace.steps.flatMap(({ name, domain }) =>
    name === "response" ? [domain ?? "none"] : [],
  );

describe("a domain over HTTP", () => {
  const ask = visitorFetch(() => server.address);
  const messages = [{ role: "user", content: "Hello" }];
  const steady = { model: "memwell", messages, temperature: 0, seed: 1, ...SHORT };

  it("answers in its own way to OpenAI's clients, and its step names it", async () => {
    const texts: string[] = [];
    for (const domain of ["education", "business", "none", undefined]) {
      const completion = (await (
        await post(ask, "/v1/chat/completions", { ...steady, domain })
      ).json()) as ChatCompletion;
      expect(domainsOf(completion)).toEqual([domain ?? "none"]);
      texts.push(completion.choices[0].message.content);
    }
    expect(new Set(texts.slice(0, 3)).size).toBe(3);
    expect(texts[3]).toBe(texts[2]);
  });

  it("is refused by name when nobody knows it, or another model is asked", async () => {
    const call = { id: "c1", message: "Hello", domain: "law" };
    for (const [route, body] of [
      ["/api/chat", call],
      ["/v1/chat/completions", { ...steady, domain: "law" }],
    ] as const) {
      const refused = await post(ask, route, body);
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({
        error: { code: "invalid_request", parameter: "domain", known: ["education", "business"] },
      });
    }
    const alone = await post(ask, "/v1/chat/completions", { ...steady, model: "demo-reasoning", domain: "education" });
    expect(alone.status).toBe(400);
    expect(await alone.json()).toMatchObject({ error: { parameter: "domain" } });
  });

  it("stays with its conversation until a turn says otherwise", async () => {
    const said: (string | undefined)[] = [];
    for (const domain of ["business", undefined, "none", undefined]) {
      await (await post(ask, "/api/chat", { id: "c2", message: "Hello", domain, ...SHORT })).text();
      const { messages: kept } = (await (await ask("/api/conversations/c2")).json()) as ConversationBody;
      const steps = kept.at(-1)?.parts.flatMap((part) => (part.type === "data-step" ? [part.data] : [])) ?? [];
      said.push(steps.flatMap((step) => (step.name === "response" && "domain" in step ? [step.domain] : []))[0]);
    }
    expect(said).toEqual(["business", "business", undefined, undefined]);
  });
});

describe("a domain in the chat", () => {
  it("is named in the trace of its answer, also after a reload", async () => {
    const page = await browser.newPage();
    const chat = new ChatScreen(page);
    await page.goto(server.address);
    await chat.setAgent({ domain: "business", ...SHORT });
    await chat.ask("Hello");
    await chat.waitForEnd();
    for (const isAgain of [false, true]) {
      if (isAgain) await page.reload();
      await chat.trace.getByRole("button").first().click();
      await chat.trace.getByText("answered in the domain business").waitFor();
    }
    await page.close();
  });

  it("is chosen in the settings, and ended there", async () => {
    const context = await browser.newContext();
    const chat = await SettingsScreen.open(context, server.address);
    const answers = chat.page.getByText("answered in the domain education");
    await chat.change({ Domain: "education", "Longest answer": "12", Thinking: "off" });
    await chat.askToTheEnd("Hello");
    await chat.trace.getByRole("button").first().click();
    await answers.first().waitFor();
    await chat.change({ Domain: "None" });
    await chat.askToTheEnd("Hello again");
    expect(chat.asked.map(({ domain }) => domain)).toEqual(["education", "none"]);
    await chat.trace.getByRole("button").last().click();
    await chat.trace.getByText("prompt tokens read").last().waitFor();
    expect(await answers.count()).toBe(1);
    expect(chat.errors).toEqual([]);
    await context.close();
  });
});
