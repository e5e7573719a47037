import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";
import { SettingsScreen } from "./settings-screen";
import { smallModels } from "./visitor";

const folder = mkdtempSync(path.join(tmpdir(), "memwell-settings-"));
let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let chat: SettingsScreen;

beforeAll(async () => {
  const settings = { ...(await smallModels(folder)), MEMWELL_SYSTEM_PROMPT: "allow" };
  [server, browser] = await Promise.all([startServer(settings), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  chat = await SettingsScreen.open(context, server.address);
});
afterEach(async () => {
  await context.close();
  expect(chat.errors).toEqual([]);
});

describe("settings for the agent", () => {
  test("count for a question, for one that is asked again, and for one that is changed; the rest is not sent", async () => {
    await chat.expectMark("Settings");
    await chat.change({ Thinking: "off", "Longest answer": "12" });
    await chat.expectMark("Settings, 2 changed");
    await chat.askToTheEnd("What is 3/4 + 1/8?");
    expect(await chat.trace.textContent()).toContain("ended at the token limit");
    expect(await chat.thought.count()).toBe(0);
    await chat.change({ Thinking: "own", Temperature: "0,5" });
    await chat.page.getByRole("button", { name: "Try again" }).click();
    await chat.log.getByTestId("branches").getByText("2 / 2").waitFor();
    await chat.waitForEnd();
    await chat.page.getByRole("button", { name: "Edit" }).click();
    await chat.page.getByLabel("Change your message").fill("What is 1/2 + 1/3?");
    await chat.page.keyboard.press("Enter");
    await chat.questions.getByText("What is 1/2 + 1/3?").waitFor();
    await chat.waitForEnd();
    const settings = chat.asked.map(({ id, message, parentId, trigger, ...rest }) => rest);
    expect(settings).toEqual([
      { max_thought_tokens: 0, max_tokens: 12 },
      { temperature: 0.5, max_tokens: 12 },
      { temperature: 0.5, max_tokens: 12 },
    ]);
  });

  test("outlive a reload, count in another tab too, and go back to the server's own", async () => {
    await chat.change({ "Longest answer": "12", "System prompt": "Answer in rhymes." });
    const first = chat;
    chat = await SettingsScreen.open(context, server.address);
    await chat.expectMark("Settings, 2 changed");
    await chat.change({ Temperature: "0" });
    await first.expectMark("Settings, 3 changed");
    await first.page.reload();
    await first.expectMark("Settings, 3 changed");
    await chat.button.click();
    await chat.page.getByRole("button", { name: "Back to the server's own" }).click();
    expect(await chat.page.getByLabel("System prompt").inputValue()).toBe("");
    expect(await chat.page.getByLabel("Temperature").inputValue()).toBe("");
    await chat.page.keyboard.press("Escape");
    await chat.expectMark("Settings");
    expect(await chat.button.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await chat.page.evaluate(() => localStorage.getItem("memwell.settings.agent"))).toBeNull();
  });

  test("a number that may not be is not used, and says so", async () => {
    await chat.button.click();
    const field = chat.page.getByLabel("Temperature");
    await field.fill("3");
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    await chat.page.getByText("It is not used: type a number from 0 to 2.").waitFor();
    await field.fill("2");
    expect(await field.getAttribute("aria-invalid")).toBe("false");
    await field.fill("warm");
    await chat.page.keyboard.press("Escape");
    await chat.expectMark("Settings");
  });

  test("a system prompt is read by the answering model", async () => {
    const tokens = async () =>
      Number(/^[\d,]+/.exec((await chat.context.textContent())?.replace("Context", "") ?? "")?.[0].replace(",", ""));
    await chat.change({ Thinking: "off", "Longest answer": "1" });
    await chat.askToTheEnd("What is 3/4 + 1/8?");
    const without = await tokens();
    expect(without).toBeGreaterThan(0);
    await chat.change({ "System prompt": "Answer in rhymes. ".repeat(20) });
    await chat.page.getByRole("button", { name: "Try again" }).click();
    await chat.log.getByTestId("branches").getByText("2 / 2").waitFor();
    await chat.waitForEnd();
    expect(await tokens()).toBeGreaterThan(without + 40);
  });

  test("a domain is not offered where the server has none", async () => {
    await chat.button.click();
    await chat.page.getByLabel("Temperature").waitFor();
    expect(await chat.page.getByLabel("Domain").count()).toBe(0);
  });
});

test("a model alone has settings of its own, and is told the system prompt first", async () => {
  await chat.change({ "Longest answer": "12" });
  const id = await chat.chooseLast();
  await chat.expectMark("Settings");
  await chat.change({ Temperature: "0", "Longest answer": "8", "System prompt": "Answer in rhymes." });
  await chat.askToTheEnd("Hello!");
  expect(chat.asked).toMatchObject([{ model: id, temperature: 0, max_tokens: 8 }]);
  expect(chat.asked[0]?.messages).toEqual([
    { role: "system", content: "Answer in rhymes." },
    { role: "user", content: "Hello!" },
  ]);
  expect(chat.asked[0]).not.toHaveProperty("max_thought_tokens");
});

describe.each(["light", "dark"] as const)("the open panel in %s", (theme) => {
  test.each([1200, 320])("%i pixels wide has nothing that axe finds, and does not scroll sideways", async (width) => {
    chat = await SettingsScreen.open(context, `${server.address}/?__theme=${theme}`);
    await chat.page.setViewportSize({ width, height: 640 });
    await chat.button.click();
    await chat.page.getByLabel("Thinking", { exact: true }).selectOption("number");
    await chat.page.getByLabel("Temperature").fill("3");
    const { violations } = await new AxeBuilder({ page: chat.page }).analyze();
    expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
    expect(await chat.sidewaysScroll()).toBeLessThanOrEqual(0);
    const dialog = chat.page.getByRole("dialog");
    expect(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
    await chat.page.getByLabel("System prompt").focus();
    await chat.page.getByRole("button", { name: "Close" }).click();
    expect(await dialog.count()).toBe(0);
  });
});
