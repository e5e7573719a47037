import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { longConversation } from "../fixtures/long-conversation";
import { ensureFixtureModel } from "../fixtures/models";
import { ensureWritingModel } from "../fixtures/writing-model";
import { WRITTEN_TEXT } from "../fixtures/written-text";
import { ChatScreen, launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";
import { watchLastAnswer } from "./watch-answer";

/** No context holds it: nothing of the chat is read again, and a context has room for as long an answer as is asked for. */
const TOO_LONG_TO_READ = WRITTEN_TEXT.repeat(24).trim();
/** Of a thousand messages: a few groups at the end of the chat, and what an answer with a question in it has twice. */
const MOST_DRAWN = 40;

/** The model reads what it is told before it writes, on a machine that may have much else to do. */
const READING_MS = 90_000;

const folder = mkdtempSync(path.join(tmpdir(), "memwell-long-chats-"));
let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let chat: ChatScreen;
const pageErrors: string[] = [];

beforeAll(async () => {
  const settings = {
    MEMWELL_RESPONSE_MODEL: await ensureWritingModel(WRITTEN_TEXT),
    MEMWELL_REASONING_MODEL: await ensureFixtureModel("tinyReasoning"),
    // The instructions of the other agent take this model, which reads byte by byte, as long as an answer.
    MEMWELL_AGENT: "plain",
    MEMWELL_CONTEXT_SIZE: "16384",
    MEMWELL_DATA_DIR: path.join(folder, "data"),
    MEMWELL_THREADS: "1",
  };
  [server, browser] = await Promise.all([startServer(settings), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  pageErrors.length = 0;
  page = await context.newPage();
  page.on("pageerror", (error) => pageErrors.push(error.message));
  chat = new ChatScreen(page);
});
afterEach(async () => {
  await context.close();
  expect(pageErrors).toEqual([]);
});

/** Opens a chat of so many messages; resolves once its end is drawn. */
async function openChat(messages: number, lastAnswer?: string): Promise<void> {
  await page.goto(server.address);
  const data = longConversation(messages, lastAnswer);
  const response = await page.request.post(`${server.address}/api/conversations/import`, { data });
  expect(response.status()).toBe(201);
  const { id } = (await response.json()) as { id: string };
  await page.goto(`${server.address}/?c=${id}`);
  await chat.log.locator(".markdown").last().waitFor();
}

const drawn = () => chat.log.locator(".markdown").count();
/** Of the answer to this question, its words as Markdown; nothing as long as they are plain. */
const drawnAnswer = (turn: number) => chat.log.locator(".markdown", { hasText: `answer-${turn}:` });

/** Two frames, so that what the page has begun is done. */
const settle = () =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

describe("a chat of 1,000 messages", () => {
  test("opens at its end; only what is near is drawn, and the words of all the rest are there", async () => {
    await openChat(1000);
    expect(await drawnAnswer(500).last().isVisible()).toBe(true);
    const fromEnd = await chat.log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);
    expect(Math.abs(fromEnd)).toBeLessThan(2);
    expect(await drawn()).toBeLessThanOrEqual(MOST_DRAWN);
    expect(await chat.questions.count()).toBe(500);
    expect(await chat.answers.filter({ hasText: "answer-7:" }).count()).toBe(1);
    // The browser's own search, as far as a page can ask for it.
    expect(await page.evaluate(() => (window as unknown as { find(text: string): boolean }).find("answer-7:"))).toBe(
      true,
    );
  });

  test("is drawn where the visitor goes", async () => {
    await openChat(1000);
    const before = await drawn();
    // At once: the Home key glides there, past as many messages as the machine has time to show.
    await chat.log.evaluate((log) => log.scrollTo(0, 0));
    await drawnAnswer(1).waitFor();
    expect(await drawnAnswer(1).locator("strong").first().textContent()).toBe("squares");
    await page.getByRole("button", { name: "Copy the answer" }).first().waitFor();
    expect(await drawn()).toBeLessThanOrEqual(before + MOST_DRAWN);
    await chat.log.focus();
    await page.keyboard.press("End");
    await page.waitForFunction(() => {
      const log = document.querySelector("[role=log]")!;
      return log.scrollHeight - log.scrollTop - log.clientHeight < 2;
    });
  });

  test("stays where it is read while what is above is drawn", async () => {
    await openChat(1000);
    const before = await drawn();
    await chat.log.hover();
    await page.mouse.wheel(0, -1000);
    const shifts: number[] = [];
    for (let step = 0; step < 40; step += 1) {
      await settle();
      const read = await chat.log.evaluateHandle((log) => {
        const { left, top, width, height } = log.getBoundingClientRect();
        // Near the edge stand answers and narrow tables, in the middle questions.
        for (let down = height / 2; down > 0; down -= 8)
          for (const share of [1 / 12, 1 / 2]) {
            const under = document.elementFromPoint(left + width * share, top + down);
            const seen = under?.closest("p, li, pre, td, h4, h5, h6");
            if (seen != null && log.contains(seen)) return seen;
          }
        throw new Error("nothing to read is seen");
      });
      const top = await read.evaluate((element) => element.getBoundingClientRect().top);
      await page.mouse.wheel(0, -250);
      await page.waitForFunction(([element, was]) => element.getBoundingClientRect().top !== was, [read, top] as const);
      await settle();
      shifts.push(Math.round((await read.evaluate((element) => element.getBoundingClientRect().top)) - top));
    }
    expect(shifts.filter((shift) => Math.abs(shift - 250) > 3)).toEqual([]);
    expect(await drawn()).toBeGreaterThan(before);
  });

  test("an answer of 2,000 tokens streams into it: no other is touched, and each of its blocks is drawn once", async () => {
    await openChat(1000, TOO_LONG_TO_READ);
    await chat.setAgent({ max_tokens: 2000, max_thought_tokens: 0, temperature: 0 });
    const answers = await chat.answers.count();
    await chat.ask("Why do the odd numbers make squares?");
    await page.waitForFunction((count) => document.querySelectorAll("[data-testid=answer]").length > count, answers, {
      timeout: READING_MS,
    });
    const changes = await watchLastAnswer(page);
    const field = chat.field.pressSequentially("typed while it streams", { delay: 10 });
    await chat.waitForAnswerLongerThan(6500, READING_MS);
    const seen = await changes();
    expect(seen).toMatchObject({ elsewhere: 0, again: 0 });
    expect(seen.finished).toBeGreaterThan(20);
    await field;
    await chat.waitForEnd();
    expect(await chat.field.inputValue()).toBe("typed while it streams");
    const fromEnd = await chat.log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight);
    expect(Math.abs(fromEnd)).toBeLessThan(48);
    expect(await drawn()).toBeLessThanOrEqual(MOST_DRAWN);
  });

  test("typing changes nothing in it", async () => {
    await openChat(1000);
    await settle();
    await page.evaluate(() => {
      document.body.dataset["changes"] = "0";
      new MutationObserver((changes) => {
        document.body.dataset["changes"] = String(Number(document.body.dataset["changes"]) + changes.length);
      }).observe(document.querySelector("[role=log]")!, {
        subtree: true,
        childList: true,
        characterData: true,
        attributes: true,
      });
    });
    await chat.field.pressSequentially("How do I know that this goes on for ever?");
    expect(await page.evaluate(() => document.body.dataset["changes"])).toBe("0");
  });
});

test("on paper a chat is whole, and drawn", async () => {
  await openChat(60);
  expect(await drawnAnswer(1).count()).toBe(0);
  const paper = (await page.pdf()).toString("latin1");
  expect(paper.match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(8);
  for (const turn of [1, 15, 30]) expect(await drawnAnswer(turn).count()).toBe(1);
});
