import { statSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";

import { ChatScreen, launchBrowser } from "../../tests/web/browser";
import { openPractice } from "../../tests/web/practice-conversation";
import { startServer } from "../../tests/web/server";
import { openChart } from "./chart-conversation";

const DOCS = path.resolve("docs");
const DESK = { width: 1120, height: 760 };
const TALL_DESK = { ...DESK, height: 860 };
const PHONE = { width: 390, height: 760 };
/** The demo models speak nonsense: a little shows how an answer looks, and more of it only hides the rest. */
const SHORT = { max_tokens: 16, max_thought_tokens: 24, temperature: 0 };

interface Scene {
  /** Of the file in docs, without its ending. */
  name: string;
  window: { width: number; height: number };
  theme: "light" | "dark";
  play: (chat: ChatScreen) => Promise<void>;
}

const SCENES: readonly Scene[] = [
  {
    name: "chat",
    window: DESK,
    theme: "light",
    play: async (chat) => {
      await ask(chat, "What is 3/4 + 1/8?");
      await chat.page.locator(".katex").first().waitFor();
      await showTrace(chat);
      await showBeginning(chat);
    },
  },
  {
    name: "trace",
    window: DESK,
    theme: "light",
    play: async (chat) => {
      await ask(chat, "How does a battery store energy?");
      await showTrace(chat);
      await chat.trace.evaluate((trace) => trace.scrollIntoView({ block: "start" }));
    },
  },
  { name: "chart", window: TALL_DESK, theme: "light", play: showChart },
  { name: "practice", window: DESK, theme: "light", play: showPractice },
  { name: "dark", window: TALL_DESK, theme: "dark", play: showChart },
  { name: "mobile", window: PHONE, theme: "light", play: showPractice },
];

async function ask(chat: ChatScreen, question: string): Promise<void> {
  await chat.ask(question);
  await chat.questions.first().waitFor();
  await chat.waitForEnd();
}

async function showTrace(chat: ChatScreen): Promise<void> {
  await chat.trace.last().getByRole("button").click();
}

async function showChart(chat: ChatScreen): Promise<void> {
  await openChart(chat);
  await showBeginning(chat);
}

async function showPractice(chat: ChatScreen): Promise<void> {
  await openPractice(chat);
  const form = chat.page.getByTestId("practice");
  await form.locator(".katex").nth(4).waitFor();
  await form.getByRole("radio", { name: "B" }).check();
  await showBeginning(chat);
}

async function showBeginning(chat: ChatScreen): Promise<void> {
  await chat.log.evaluate((log) => (log.scrollTop = 0));
}

async function take(browser: Browser, address: string, { name, window, theme, play }: Scene): Promise<void> {
  const context = await browser.newContext({ viewport: window, reducedMotion: "reduce" });
  const page = await context.newPage();
  const chat = new ChatScreen(page);
  await chat.setAgent(SHORT);
  await page.goto(`${address}/?__theme=${theme}`, { waitUntil: "networkidle" });
  await play(chat);
  await settle(page);
  const file = path.join(DOCS, `${name}.png`);
  await page.screenshot({ path: file, animations: "disabled" });
  console.log(`${path.relative(process.cwd(), file)}: ${Math.round(statSync(file).size / 1000)} kB`);
  await context.close();
}

/** Nothing is in hand of the pointer or the keyboard, and all letters are there. */
async function settle(page: Page): Promise<void> {
  await page.mouse.move(0, 0);
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    return document.fonts.ready.then(() => {});
  });
}

const [server, browser] = await Promise.all([startServer(), launchBrowser()]);
try {
  for (const scene of SCENES) await take(browser, server.address, scene);
} finally {
  await browser.close();
  await server.stop();
}
