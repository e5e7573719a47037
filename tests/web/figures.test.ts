import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { ConversationBody, MemoryBody, ModelList, StepData } from "../../lib/wire";
import { ChatScreen, launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";
import { SHORT, smallModels } from "./visitor";

type Figures = Record<"prefilled" | "reused" | "generated" | "decode_ms", number>;

const CONTEXT = 1024;
const folder = mkdtempSync(path.join(tmpdir(), "memwell-figures-"));
let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let chat: ChatScreen;

beforeAll(async () => {
  const settings = { ...(await smallModels(folder)), MEMWELL_CONTEXT_SIZE: String(CONTEXT) };
  [server, browser] = await Promise.all([startServer(settings), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-GB", timezoneId: "UTC" });
  chat = new ChatScreen(await context.newPage());
  await chat.setAgent(SHORT);
  await chat.page.goto(server.address, { waitUntil: "networkidle" });
});
afterEach(async () => {
  await context.close();
});

const read = <Body>(route: string) =>
  chat.page.evaluate((address) => fetch(address).then((response) => response.json()), route) as Promise<Body>;

/** The newest answer's last step, in which the response model wrote it. */
async function lastResponse(): Promise<Figures> {
  const { messages } = await read<ConversationBody>(`/api/conversations/${await chat.conversation()}`);
  const steps = messages.at(-1)!.parts.flatMap((part) => (part.type === "data-step" ? [part.data] : []));
  return steps.findLast(({ name }) => name === "response") as StepData & Figures;
}

describe("under an answer", () => {
  test("its line says how fast it was written, as its step does", async () => {
    await chat.askToTheEnd("What is 3/4 + 1/8?");
    const { generated, decode_ms } = await lastResponse();
    const rate = (generated / decode_ms) * 1000;
    const shown = Number(/([\d.,]+) tokens\/s/.exec((await chat.trace.textContent()) ?? "")?.[1]?.replace(",", ""));
    expect(Math.abs(shown - rate)).toBeLessThanOrEqual(0.5);
  });

  test("and under a question stands when it was said, with the whole date as a title", async () => {
    await chat.askToTheEnd("What is 3/4 + 1/8?");
    const { details } = await read<ConversationBody>(`/api/conversations/${await chat.conversation()}`);
    const times = chat.log.locator("time");
    expect(await times.count()).toBe(2);
    for (const [index, time] of (await times.all()).entries()) {
      const said = new Date((await time.getAttribute("dateTime"))!);
      expect(Math.abs(said.getTime() - details[index]!.created_at)).toBeLessThan(60_000);
      expect(await time.textContent()).toBe(said.toISOString().slice(11, 16));
      expect(await time.getAttribute("title")).toContain(String(said.getUTCFullYear()));
    }
  });
});

describe("the context meter", () => {
  test("tells what the next turn begins with, the same after a reload; none before there is an answer", async () => {
    expect(await chat.context.count()).toBe(0);
    await chat.askToTheEnd("What is 3/4 + 1/8?");
    const { prefilled, reused, generated } = await lastResponse();
    const tokens = prefilled + reused + generated;
    const { data } = await read<ModelList>("/v1/models");
    expect(data[0]?.memwell.context_size).toBe(CONTEXT);
    const words = `${tokens.toLocaleString("en-US")} of ${CONTEXT.toLocaleString("en-US")} tokens`;
    await chat.context.getByText(words, { exact: true }).waitFor();
    const meter = chat.page.getByRole("meter", { name: "Context in use" });
    expect(await meter.getAttribute("aria-valuenow")).toBe(String(tokens));
    expect(await meter.getAttribute("aria-valuemax")).toBe(String(CONTEXT));
    await chat.page.reload();
    await chat.context.getByText(words, { exact: true }).waitFor();
    await chat.page.getByRole("button", { name: "New chat" }).first().click();
    await chat.context.waitFor({ state: "detached" });
  });

  test("grows with the conversation, until it says that the oldest turns did not fit", async () => {
    const question = (number: number) =>
      `Number ${number}: ${"tell me more about fractions and decimals ".repeat(2)}`.trim();
    const left = chat.context.getByText(/written without the .*oldest turn/);
    const seen: number[] = [];
    for (let number = 1; number <= 12 && (await left.count()) === 0; number++) {
      await chat.askToTheEnd(question(number));
      seen.push(Number(await chat.page.getByRole("meter").getAttribute("aria-valuenow")));
    }
    expect(await left.count()).toBe(1);
    expect(seen.length).toBeGreaterThan(2);
    expect(seen[1]).toBeGreaterThan(seen[0]!);
    expect(await chat.trace.last().textContent()).toMatch(/earlier turns? did not fit/);
  });

  test("is there for a model alone, too", async () => {
    await chat.chooseLast();
    await chat.makeAnswersLong(2);
    await chat.ask("Hello!");
    await chat.facts.waitFor();
    await chat.context.getByText(/^\d+ of 1,024 tokens$/).waitFor();
  });
});

describe("the header's memory", () => {
  test.each([1280, 320])("names who is resident with its bytes, and the budget, %i pixels wide", async (width) => {
    await chat.page.setViewportSize({ width, height: 700 });
    await chat.askToTheEnd("What is 3/4 + 1/8?");
    const { models, budget } = await read<MemoryBody>("/api/memory");
    expect(models.length).toBeGreaterThan(0);
    const memory = chat.page.getByTestId("memory");
    await memory.getByText(models[0]!.ids[0]!).waitFor();
    const text = await memory.innerText();
    for (const { ids } of models) expect(text).toMatch(new RegExp(`${ids[0]} [\\d.]+ (MB|GB)`));
    expect(text).toMatch(/held of a budget of [\d.]+ (MB|GB)/);
    expect(budget).toBeGreaterThan(0);
    expect(await chat.sidewaysScroll()).toBeLessThanOrEqual(0);
  });
});
