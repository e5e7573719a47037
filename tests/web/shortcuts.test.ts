import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { ChatScreen, launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";

let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let chat: ChatScreen;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer({ MEMWELL_THREADS: "1" }), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});
beforeEach(async () => {
  context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    permissions: ["clipboard-read", "clipboard-write"],
  });
  chat = await openPage("/");
});
afterEach(async () => {
  await context.close();
});

async function openPage(address: string): Promise<ChatScreen> {
  const screen = new ChatScreen(await context.newPage());
  await screen.setAgent({ max_tokens: 12, max_thought_tokens: 0 });
  await screen.page.goto(server.address + address, { waitUntil: "networkidle" });
  return screen;
}

const press = (keys: string) => chat.page.keyboard.press(keys);
const dialog = (): Locator => chat.page.getByRole("dialog", { name: "Keyboard shortcuts" });
const hasFocus = (element: Locator) => element.evaluate((node) => node === document.activeElement);
const copied = () => chat.page.evaluate(() => navigator.clipboard.readText());

describe("the list of shortcuts", () => {
  test("opens by its key and by a button, names every key, and closes by Escape", async () => {
    await press("?");
    await dialog().waitFor();
    const words = await dialog().locator("dd").allTextContents();
    expect(words).toEqual([
      "Send the message",
      "Begin a new line in the message",
      "Stop the answer; close a window",
      "Go to the message",
      "Begin a new chat",
      "Search the conversations",
      "Copy the last answer",
      "Show this list",
    ]);
    await press("Escape");
    await dialog().waitFor({ state: "detached" });
    await chat.page.getByRole("button", { name: "Shortcuts" }).click();
    await dialog().waitFor();
    await dialog().getByRole("button", { name: "Close" }).click();
    await dialog().waitFor({ state: "detached" });
  });

  test.each([
    ["light", 1200],
    ["dark", 1200],
    ["light", 320],
    ["dark", 320],
  ] as const)("in %s, %i pixels wide, has nothing that axe finds", async (theme, width) => {
    chat = await openPage(`/?__theme=${theme}`);
    await chat.page.setViewportSize({ width, height: 640 });
    await press("?");
    await dialog().waitFor();
    const { violations } = await new AxeBuilder({ page: chat.page }).analyze();
    expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
    expect(await dialog().evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
  });
});

describe("keys alone", () => {
  test("/ goes to the message; in a text field they are text", async () => {
    await press("/");
    expect(await hasFocus(chat.field)).toBe(true);
    expect(await chat.field.inputValue()).toBe("");
    await chat.page.keyboard.type("3/4?");
    expect(await chat.field.inputValue()).toBe("3/4?");
    expect(await dialog().count()).toBe(0);
    await chat.page.getByLabel("Search conversations").fill("");
    await chat.page.keyboard.type("/?");
    expect(await chat.page.getByLabel("Search conversations").inputValue()).toBe("/?");
  });

  test("do nothing once they are switched off, after a reload too; those with Ctrl still do", async () => {
    await press("?");
    await dialog().getByLabel("Use / and ? alone, outside text fields").uncheck();
    await press("Escape");
    await chat.page.reload({ waitUntil: "networkidle" });
    await press("?");
    await press("/");
    expect(await dialog().count()).toBe(0);
    expect(await hasFocus(chat.field)).toBe(false);
    await press("Control+Shift+F");
    expect(await hasFocus(chat.page.getByLabel("Search conversations"))).toBe(true);
  });

  test("do nothing while a window is open over the page", async () => {
    await chat.page.getByRole("button", { name: "Use via API" }).click();
    await press("/");
    await press("?");
    await press("Control+Shift+O");
    expect(await dialog().count()).toBe(0);
    expect(await chat.page.getByRole("dialog", { name: "Use via API" }).isVisible()).toBe(true);
  });
});

describe("keys with Ctrl and Shift", () => {
  test("O begins a new chat, while the visitor types too", async () => {
    await chat.ask("Hello!");
    await chat.waitForEnd();
    expect(await chat.conversation()).not.toBeNull();
    await chat.field.fill("And");
    await press("Control+Shift+O");
    await chat.page.getByText("Ask something, or begin with an example").waitFor();
    expect(await chat.conversation()).toBeNull();
    expect(await hasFocus(chat.field)).toBe(true);
    expect(await chat.field.inputValue()).toBe("");
  });

  test("F goes to the search, also where the list is folded away", async () => {
    await chat.field.focus();
    await press("Control+Shift+F");
    const search = chat.page.getByLabel("Search conversations");
    expect(await hasFocus(search)).toBe(true);
    await chat.page.setViewportSize({ width: 400, height: 700 });
    await chat.field.focus();
    await press("Control+Shift+F");
    const drawer = chat.page.getByRole("dialog", { name: "Your conversations" });
    await drawer.waitFor();
    expect(await hasFocus(drawer.getByLabel("Search conversations"))).toBe(true);
  });

  test("L copies the last answer of the agent, and of a model alone", async () => {
    await press("Control+Shift+L");
    await chat.page.getByText("There is no answer to copy yet.").waitFor();
    await chat.ask("Hello!");
    await chat.waitForEnd();
    await press("Control+Shift+L");
    await chat.page.getByText("The last answer was copied.").waitFor();
    const shown = await chat.answers.last().textContent();
    const plain = (text: string | null) => text?.replaceAll(/\s+/g, "");
    expect(plain(await copied())).toBe(plain(shown));
    expect(plain(shown)).not.toBe("");

    await chat.choose("demo-response");
    await chat.makeAnswersLong(2);
    await chat.ask("Hello!");
    await chat.facts.last().waitFor();
    await press("Control+Shift+L");
    await chat.page.waitForFunction(
      (before) => navigator.clipboard.readText().then((now) => now !== before),
      await copied(),
    );
    expect(plain(await copied())).toBe(plain(await chat.answers.last().textContent()));
  });
});
