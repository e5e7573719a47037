import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentCompletionFacts, ChatCompletion, ConversationBody } from "../../lib/wire";
import { ensureFixtureAdapter } from "../fixtures/models";
import { launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";
import { SettingsScreen } from "./settings-screen";
import { SHORT, smallModels, visitorFetch } from "./visitor";

/** A model that knows nothing takes the shortest answer for the likeliest by far: `law`, whatever is asked. */
const SURE = "law";
const folder = mkdtempSync(path.join(tmpdir(), "memwell-domain-routing-"));
let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const [law, leadership] = [
    await ensureFixtureAdapter("small", { seed: 1 }),
    await ensureFixtureAdapter("small", { seed: 2 }),
  ];
  const domains = { MEMWELL_DOMAINS: `leadership=${leadership},${SURE}=${law}` };
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

describe("a domain that is chosen from the message, over HTTP", () => {
  const ask = visitorFetch(() => server.address);
  const factsOf = async (messages: object[], domain?: string): Promise<AgentCompletionFacts> => {
    const body = { model: "memwell", messages, temperature: 0, seed: 1, domain, ...SHORT };
    const completion = (await (await post(ask, "/v1/chat/completions", body)).json()) as ChatCompletion;
    return completion.memwell as AgentCompletionFacts;
  };
  const decidedIn = ({ trace }: AgentCompletionFacts) => trace.decisions.filter(({ id }) => id === "domain");
  const answeredIn = ({ trace }: AgentCompletionFacts) =>
    trace.steps.flatMap(({ name, domain }) => (name === "response" ? [domain ?? null] : []));

  it("is asked of the reasoning model where a call says so, and answers without another swap", async () => {
    const messages = [{ role: "user", content: "What is a margin?" }];
    const [named, chosen] = [await factsOf(messages, "leadership"), await factsOf(messages, "auto")];
    expect(decidedIn(named)).toEqual([]);
    expect(answeredIn(named)).toEqual(["leadership"]);
    expect(decidedIn(chosen)).toMatchObject([{ answer: SURE, source: "model", switches: [] }]);
    expect(answeredIn(chosen)).toEqual([SURE]);
    expect(chosen.trace.steps.flatMap(({ swapped_out: out }) => out)).toEqual([]);
    expect(decidedIn(await factsOf(messages))).toEqual([]);
  });

  it("is kept for what goes on, also for clients that keep their conversation themselves", async () => {
    const body = { model: "memwell", temperature: 0, seed: 1, ...SHORT };
    const messages = [{ role: "user", content: "What is a plot?" }];
    const first = (await (
      await post(ask, "/v1/chat/completions", { ...body, messages, domain: "leadership" })
    ).json()) as ChatCompletion;
    const answer = { role: "assistant", content: first.choices[0].message.content };
    const next = await factsOf([...messages, answer, { role: "user", content: "why?" }], "auto");
    expect(decidedIn(next)).toMatchObject([{ answer: "leadership", source: "rule", probability: null }]);
    expect(answeredIn(next)).toEqual(["leadership"]);
  });

  it("stays with its conversation, and is none for a greeting", async () => {
    const said: unknown[] = [];
    for (const [message, domain] of [
      ["What is a margin?", "leadership"],
      ["why?", "auto"],
      ["What is a plot?", "auto"],
      ["thanks", "auto"],
    ]) {
      await (await post(ask, "/api/chat", { id: "r1", message, domain, ...SHORT })).text();
      const { messages } = (await (await ask("/api/conversations/r1")).json()) as ConversationBody;
      const parts = messages.at(-1)?.parts ?? [];
      said.push(
        parts.flatMap((part) => (part.type === "data-decision" && part.data.id === "domain" ? [part.data.answer] : [])),
      );
      said.push(
        parts.flatMap((part) => (part.type === "data-step" && part.data.name === "response" ? [part.data] : []))[0],
      );
    }
    expect(said).toMatchObject([
      [],
      { domain: "leadership" },
      ["leadership"],
      { domain: "leadership" },
      [SURE],
      { domain: SURE },
      ["general"],
      {},
    ]);
    expect(said.at(-1)).not.toHaveProperty("domain");
  });

  it("asks nothing where a model is asked alone", async () => {
    const body = { model: "demo-reasoning", messages: [{ role: "user", content: "Why?" }], domain: "auto", ...SHORT };
    expect((await post(ask, "/v1/chat/completions", body)).status).toBe(400);
  });
});

describe("a domain that is chosen from the message, in the chat", () => {
  const withScreen = async (use: (chat: SettingsScreen, context: BrowserContext) => Promise<void>): Promise<void> => {
    const context = await browser.newContext();
    const chat = await SettingsScreen.open(context, server.address);
    await use(chat, context);
    expect(chat.errors).toEqual([]);
    await context.close();
  };

  it("is what the page asks for unless it is told otherwise, and its trace tells who chose", async () => {
    await withScreen(async (chat) => {
      await chat.change({ "Longest answer": "12", Thinking: "off" });
      await chat.askToTheEnd("What is a margin?");
      expect(chat.asked.map(({ domain }) => domain)).toEqual(["auto"]);
      for (const isAgain of [false, true]) {
        if (isAgain) await chat.page.reload();
        await chat.trace.getByRole("button").first().click();
        await chat.trace.getByText(`Domain: ${SURE}, chosen from the message`).waitFor();
        await chat.trace.getByText(`answered in the domain ${SURE}`).waitFor();
        await chat.trace.getByText("an adapter on its base, no swap").waitFor();
      }
    });
  });

  it("is the first choice of the settings, before none and each domain", async () => {
    await withScreen(async (chat) => {
      await chat.button.click();
      const field = chat.page.getByLabel("Domain", { exact: true });
      expect(await field.locator("option").allTextContents()).toEqual([
        "Chosen from the message",
        "None",
        "leadership",
        SURE,
      ]);
      expect(await field.inputValue()).toBe("");
      await chat.page.keyboard.press("Escape");
      await chat.change({ Domain: "None", "Longest answer": "12", Thinking: "off" });
      await chat.askToTheEnd("What is a margin?");
      await chat.change({ Domain: "leadership" });
      await chat.askToTheEnd("What is a plot?");
      await chat.change({ Domain: "Chosen from the message" });
      await chat.askToTheEnd("why?");
      expect(chat.asked.map(({ domain }) => domain)).toEqual(["none", "leadership", "auto"]);
      await chat.trace.getByRole("button").last().click();
      await chat.trace
        .getByText("Domain: leadership, by a rule: the message goes on with what was before it")
        .waitFor();
    });
  });
});
