import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";

import { launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";
import { SettingsScreen } from "./settings-screen";
import { visitorFetch } from "./visitor";

/** A server whose owner allows no system prompt, and a browser in which anything may be kept. */
let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let chat: SettingsScreen;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
beforeEach(async () => {
  context = await browser.newContext();
  chat = await SettingsScreen.open(context, server.address);
});
afterEach(async () => {
  await context.close();
  expect(chat.errors).toEqual([]);
});

/** As if it had been kept before. */
async function keep(text: string): Promise<void> {
  await chat.page.evaluate((kept) => localStorage.setItem("memwell.settings.agent", kept), text);
  await chat.page.reload({ waitUntil: "networkidle" });
}

test("whatever stands where settings are kept, the page is whole and asks for nothing odd", async () => {
  for (const text of ["{", "[]", '{"temperature":"<b>","answerTokens":-1,"systemPrompt":7,"domain":{}}', '"x"']) {
    await keep(text);
    await chat.expectMark("Settings");
  }
  await chat.setAgent({ max_tokens: 12 });
  await chat.askToTheEnd("Hello!");
  expect(Object.keys(chat.asked[0] ?? {}).sort()).toEqual(["id", "message", "parentId", "trigger"]);
});

test("a system prompt that was kept is neither offered nor sent", async () => {
  await keep('{"systemPrompt":"Rhyme.","answerTokens":5}');
  await chat.expectMark("Settings, 1 changed");
  await chat.button.click();
  expect(await chat.page.getByLabel("System prompt").count()).toBe(0);
  await chat.page.keyboard.press("Escape");
  await chat.askToTheEnd("Hello!");
  expect(chat.asked[0]).toMatchObject({ max_tokens: 5 });
  expect(chat.asked[0]).not.toHaveProperty("instructions");
});

test("a system prompt that is sent all the same is refused by name", async () => {
  const response = await visitorFetch(() => server.address)("/api/chat", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ id: "c1", message: "Hello!", instructions: "Rhyme." }),
  });
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ error: { code: "admin_only", param: "instructions" } });
});
