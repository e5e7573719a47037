import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { ChatScreen, launchBrowser } from "./browser";
import { readPicture, saved } from "./downloads";
import { openPractice } from "./practice-conversation";
import { startServer, type TestServer } from "./server";
import { SHORT } from "./visitor";

let server: TestServer;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterEach(() => context?.close());
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const LOOKS = [
  ["light", 1200],
  ["dark", 1200],
  ["light", 320],
  ["dark", 320],
] as const;

async function open(theme: string, width: number) {
  context = await browser.newContext({ viewport: { width, height: 720 } });
  const chat = new ChatScreen(await context.newPage());
  await chat.setAgent(SHORT);
  await chat.page.goto(`${server.address}/?__theme=${theme}`, { waitUntil: "networkidle" });
  /** Axe finds nothing, and nothing is wider than the window. */
  const expectClean = async (state: string) => {
    const { violations } = await new AxeBuilder({ page: chat.page }).analyze();
    const found = violations.map(({ id, nodes }) => ({ state, id, nodes: nodes.map(({ html }) => html) }));
    expect(found).toEqual([]);
    expect(await chat.sidewaysScroll(), state).toBeLessThanOrEqual(0);
  };
  return { chat, expectClean };
}

test.each(LOOKS)("in %s, %i pixels wide: a chart, a calculation and the whole trace", async (theme, width) => {
  const { chat, expectClean } = await open(theme, width);
  const { page } = chat;
  await chat.ask("Draw a bar chart of apples 3, pears 5, plums 2.");
  await chat.questions.first().waitFor();
  await chat.waitForEnd();
  await page.locator("button:enabled", { hasText: "Save as PNG" }).waitFor();
  const { bytes } = await saved(page, "Save as PNG");
  const ground = theme === "light" ? "255,255,255" : "24,24,27";
  expect(await readPicture(page, bytes)).toEqual({ width: 1600, height: 1000, ground });
  await expectClean("a chart");
  await page.getByRole("button", { name: "Table" }).click();
  await chat.ask("Solve 2x + 3 = 11");
  await chat.questions.nth(1).waitFor();
  await chat.waitForEnd();
  await page.getByText("How it was found").click();
  for (const steps of await chat.trace.all()) await steps.getByRole("button").click();
  for (const folded of await chat.trace.locator("summary").all()) await folded.click();
  await expectClean("a table, a calculation's steps and both traces");
});

test.each(LOOKS)("in %s, %i pixels wide: a practice question, before and after its answer", async (theme, width) => {
  const { chat, expectClean } = await open(theme, width);
  if (width < 1024) await chat.page.getByRole("button", { name: "Conversations" }).click();
  await expectClean("the list, empty");
  await openPractice(chat);
  await chat.page.getByTestId("practice").locator(".katex").nth(4).waitFor();
  await chat.page.getByTestId("practice").getByRole("radio", { name: "B" }).check();
  await expectClean("a question");
  await chat.page.getByRole("button", { name: "Send the answer" }).click();
  await chat.questions.nth(1).waitFor();
  await chat.waitForEnd();
  await expectClean("a question that was answered");
});

test.each(LOOKS)("in %s, %i pixels wide: what went wrong, and what stands apart", async (theme, width) => {
  const { chat, expectClean } = await open(theme, width);
  const { page } = chat;
  await chat.ask("word ".repeat(20_000));
  await chat.error.waitFor();
  await expectClean("a message that was refused");
  await page.getByRole("button", { name: "Use via API" }).click();
  await expectClean("the panel of the API");
  await page.keyboard.press("Escape");
  await chat.choose("demo-response");
  await chat.field.fill("Hello!");
  await chat.field.press("Enter");
  await chat.facts.waitFor();
  await expectClean("a model alone");
  await page.goto(`${server.address}/?__theme=${theme}&c=nobody`);
  await page.getByTestId("missing").waitFor();
  await expectClean("a conversation that is not there");
});
