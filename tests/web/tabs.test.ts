import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ChatScreen, launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";
import { slowModels } from "./slow-models";
import { LONG, loadModels, smallModels } from "./visitor";

/** The tabs on top of the pages. */
const folder = mkdtempSync(path.join(tmpdir(), "memwell-web-tabs-"));
let settings: Record<string, string>;
let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let chat: ChatScreen;

beforeAll(async () => {
  settings = { ...(await smallModels(folder)), HF_HOME: path.join(folder, "hf") };
  [server, browser] = await Promise.all([startServer(settings), launchBrowser()]);
  await loadModels(server);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  context = await browser.newContext();
  chat = new ChatScreen(await context.newPage());
  await chat.page.addInitScript(() => {
    const found: string[] = [];
    Object.assign(window, { violations: found });
    document.addEventListener("securitypolicyviolation", (event) => found.push(event.effectiveDirective));
  });
});
afterEach(async () => {
  expect(await chat.page.evaluate(() => (window as unknown as { violations: string[] }).violations)).toEqual([]);
  await context.close();
});

const tab = (name: string) => chat.page.getByRole("navigation").getByRole("link", { name, exact: true });
const isCurrent = (name: string) => tab(name).getAttribute("aria-current");
const place = () => new URL(chat.page.url()).pathname;

test("lead from page to page; each part of Analytics has an address of its own", async () => {
  await chat.page.goto(server.address);
  expect(await isCurrent("Chat")).toBe("page");
  await tab("Analytics").click();
  await chat.page.waitForURL("**/analytics/cache");
  expect([await isCurrent("Analytics"), await isCurrent("Cache"), await isCurrent("Chat")]).toEqual([
    "page",
    "page",
    null,
  ]);
  await tab("Memory").click();
  await chat.page.waitForURL("**/analytics/memory");
  await chat.page.getByRole("heading", { name: "Resident now" }).waitFor();
  await chat.page.reload();
  expect(await isCurrent("Memory")).toBe("page");
  await chat.page.goBack();
  await chat.page.waitForURL("**/analytics/cache");
  await chat.page.goto(`${server.address}/analytics`);
  expect(place()).toBe("/analytics/cache");
  await tab("Chat").click();
  await chat.field.waitFor();
});

test("keep the theme that the page was opened with", async () => {
  await chat.page.goto(`${server.address}/?__theme=dark`);
  await tab("Analytics").click();
  await chat.page.waitForURL("**/analytics/cache?__theme=dark");
  await tab("Memory").click();
  await chat.page.waitForURL("**/analytics/memory?__theme=dark");
  await chat.page.reload();
  expect(await chat.page.evaluate(() => document.documentElement.dataset["theme"])).toBe("dark");
  await tab("Chat").click();
  await chat.page.waitForURL("**/?__theme=dark");
});

describe("while another page is looked at", () => {
  test("the agent's answer goes on, and the chat is where it was left", async () => {
    await chat.page.goto(server.address);
    slowModels(server);
    await chat.setAgent(LONG);
    await chat.ask("What is a fraction?");
    const before = await chat.waitForAnswerLongerThan(20);
    const id = await chat.conversation();
    await chat.field.fill("a draft");
    await tab("Analytics").click();
    await chat.page.waitForURL("**/analytics/cache");
    await tab("Chat").click();
    await chat.waitForAnswerLongerThan(before);
    expect(await chat.conversation()).toBe(id);
    expect(await chat.field.inputValue()).toBe("a draft");
    await chat.stop.click();
    await chat.waitForEnd();
    expect(await chat.questions.allTextContents()).toEqual(["What is a fraction?"]);
  });

  test("the answer of a model alone goes on too, which no server keeps", async () => {
    await chat.page.goto(server.address);
    const model = path.basename(settings["MEMWELL_RESPONSE_MODEL"] ?? "", ".gguf").toLowerCase();
    await chat.choose(model);
    slowModels(server);
    await chat.makeAnswersLong();
    await chat.ask("Hello");
    const before = await chat.waitForAnswerLongerThan(20);
    await tab("Analytics").click();
    await chat.page.waitForURL("**/analytics/cache");
    await tab("Chat").click();
    await chat.waitForAnswerLongerThan(before);
    expect(await chat.model.inputValue()).toBe(model);
    await chat.stop.click();
  });

  test("the browser's own back button leads to the conversation too", async () => {
    await chat.page.goto(server.address);
    await chat.setAgent({ max_tokens: 8, max_thought_tokens: 0 });
    await chat.ask("One");
    await chat.waitForEnd();
    await tab("Analytics").click();
    await chat.page.waitForURL("**/analytics/cache");
    await chat.page.goBack();
    await chat.questions.getByText("One").waitFor();
  });
});

test("the chat's own tab leads nowhere: a conversation stays open", async () => {
  await chat.page.goto(server.address);
  await chat.setAgent({ max_tokens: 8, max_thought_tokens: 0 });
  await chat.ask("One");
  await chat.waitForEnd();
  const address = chat.page.url();
  await tab("Chat").click();
  expect(chat.page.url()).toBe(address);
  expect(await chat.questions.allTextContents()).toEqual(["One"]);
});
