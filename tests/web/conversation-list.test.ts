import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { longConversation } from "../fixtures/long-conversation";
import { ChatScreen, launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

/** More than the list shows at first. */
const MANY = 60;

test("older conversations that were asked for stay when one is renamed; a search looks among all", async () => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const chat = new ChatScreen(page);
  await page.goto(server.address);
  for (let number = 1; number <= MANY; number += 1) {
    const data = { ...longConversation(2), title: `Chat ${number}` };
    const response = await page.request.post(`${server.address}/api/conversations/import`, { data });
    expect(response.status()).toBe(201);
  }
  await page.goto(server.address);
  const rows = page
    .getByRole("complementary")
    .getByRole("listitem")
    .filter({ hasText: /^Chat \d+/ });
  await rows.first().waitFor();
  expect(await rows.count()).toBeLessThan(MANY);
  await page.getByRole("button", { name: "Show older ones" }).click();
  await page.waitForFunction((all) => document.querySelectorAll("aside li").length === all, MANY);
  await rows.last().getByRole("button").last().click();
  await page.getByRole("button", { name: "Rename" }).click();
  await page.keyboard.type("Renamed");
  await page.keyboard.press("Enter");
  await page.getByText("Renamed").waitFor();
  await chat.page.waitForLoadState("networkidle");
  expect(await page.locator("aside li").count()).toBe(MANY);
  await page.getByRole("searchbox").fill("Chat 7");
  await page.waitForFunction(() => document.querySelectorAll("aside li").length === 1);
  await page.close();
});
