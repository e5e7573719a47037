import { statSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright-core";

import { ChatScreen, launchBrowser } from "../../tests/web/browser";
import { openPractice } from "../../tests/web/practice-conversation";
import { startServer, type TestServer } from "../../tests/web/server";
import { showCache, showMemory, startCacheServer } from "./analytics";
import { showStorage, startStorageServer } from "./storage";
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
  /** The page; the chat when it is left out. A page that this server does not have is left out, too. */
  page?: string;
  /** The whole page instead of what the window shows of it. */
  isWhole?: boolean;
  play: (chat: ChatScreen, server: TestServer) => Promise<void>;
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
  // After the questions above, so that there is something to show.
  {
    name: "analytics-memory",
    window: TALL_DESK,
    theme: "light",
    page: "/analytics/memory",
    play: ({ page }, server) => showMemory(page, server),
  },
  {
    name: "analytics-metrics",
    window: TALL_DESK,
    theme: "light",
    page: "/analytics/metrics",
    play: ({ page }) => page.getByTestId("metrics-chart").first().waitFor(),
  },
];

const CACHE_SCENE: Scene = {
  name: "analytics-cache",
  window: DESK,
  theme: "light",
  page: "/analytics/cache",
  isWhole: true,
  play: ({ page }) => showCache(page),
};

const STORAGE_SCENE: Scene = {
  name: "storage",
  window: { width: 1120, height: 1000 },
  theme: "light",
  page: "/storage",
  play: ({ page }) => showStorage(page),
};

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

async function take(browser: Browser, server: TestServer, scene: Scene): Promise<void> {
  const { name, window, theme, page: address = "/", isWhole = false, play } = scene;
  const context = await browser.newContext({ viewport: window, reducedMotion: "reduce" });
  const page = await context.newPage();
  const chat = new ChatScreen(page);
  await chat.setAgent(SHORT);
  // Figures as a visitor from elsewhere sees them, who is not told the paths of this machine.
  if (scene.page !== undefined) await page.setExtraHTTPHeaders({ "x-forwarded-for": "203.0.113.7" });
  const response = await page.goto(`${server.address}${address}?__theme=${theme}`, { waitUntil: "networkidle" });
  if (response?.status() !== 404) {
    await play(chat, server);
    await settle(page);
    const file = path.join(DOCS, `${name}.png`);
    await page.screenshot({ path: file, animations: "disabled", fullPage: isWhole });
    console.log(`${path.relative(process.cwd(), file)}: ${Math.round(statSync(file).size / 1000)} kB`);
  }
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

/** `npm run pictures -- NAME ...` takes these alone. */
const asked = process.argv.slice(2);
const isAsked = ({ name }: Scene): boolean => asked.length === 0 || asked.includes(name);

async function takeAt(starting: Promise<TestServer>, browser: Browser, scenes: readonly Scene[]): Promise<void> {
  const server = await starting;
  try {
    for (const scene of scenes) await take(browser, server, scene);
  } finally {
    await server.stop();
  }
}

const browser = await launchBrowser();
try {
  const scenes = SCENES.filter(isAsked);
  if (scenes.length > 0) await takeAt(startServer({ MEMWELL_MEMORY_BUDGET: "4GB" }), browser, scenes);
  if (isAsked(CACHE_SCENE)) await takeAt(startCacheServer(), browser, [CACHE_SCENE]);
  if (isAsked(STORAGE_SCENE)) await takeAt(startStorageServer(), browser, [STORAGE_SCENE]);
} finally {
  await browser.close();
}
