import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";
import { ensureFixtureModel } from "../../tests/fixtures/models";
import { ChatScreen, launchBrowser } from "../../tests/web/browser";
import { startServer, type TestServer } from "../../tests/web/server";
import { ensureWritingModel } from "../../tests/fixtures/writing-model";
import { WRITTEN_TEXT } from "../../tests/fixtures/written-text";

/** The server as it ships, with a model that writes Markdown for as long as it is let, and a browser. */
export interface World {
  server: TestServer;
  browser: Browser;
  close: () => Promise<void>;
}

/** Holds the instructions, byte by byte, and an answer of 20,000 tokens. */
const CONTEXT_TOKENS = 32_768;

export async function startWorld(): Promise<World> {
  const environment = {
    MEMWELL_RESPONSE_MODEL: await ensureWritingModel(WRITTEN_TEXT),
    MEMWELL_REASONING_MODEL: await ensureFixtureModel("tinyReasoning"),
    MEMWELL_CONTEXT_SIZE: String(CONTEXT_TOKENS),
    MEMWELL_THREADS: "1",
  };
  const [server, browser] = await Promise.all([startServer(environment), launchBrowser()]);
  return {
    server,
    browser,
    async close() {
      await browser.close();
      await server.stop();
    },
  };
}

/** A visitor with a window, whom nobody knows yet. */
export interface Visitor {
  context: BrowserContext;
  page: Page;
  chat: ChatScreen;
  session: CDPSession;
}

export async function openVisitor({ browser }: World): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  // What runs this bench gives functions their names by a helper that the page does not have.
  await context.addInitScript({ content: "globalThis.__name ??= (value) => value;" });
  const page = await context.newPage();
  return { context, page, chat: new ChatScreen(page), session: await context.newCDPSession(page) };
}
