import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, BrowserContextOptions, Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { ConversationBody, MemoryLogBody, RunPlaceBody } from "../../lib/wire";

import { longConversation } from "../fixtures/long-conversation";
import { ChatScreen, launchBrowser } from "./browser";
import { SHORT, SmallServer } from "./visitor";

const server = new SmallServer();
const STRANGER: BrowserContextOptions = { extraHTTPHeaders: { "x-forwarded-for": "203.0.113.7" } };
let browser: Browser;
const contexts: BrowserContext[] = [];
const pageErrors: string[] = [];

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());
afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  expect(pageErrors.splice(0)).toEqual([]);
});

/** A visitor of his own. */
async function visitor(options: BrowserContextOptions = {}): Promise<ChatScreen> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  contexts.push(context);
  const page = await context.newPage();
  page.on("pageerror", (error) => pageErrors.push(error.message));
  const screen = new ChatScreen(page);
  await screen.setAgent(SHORT);
  return screen;
}
const go = (chat: ChatScreen, address: string) => chat.page.goto(server.now.address + address);

async function askToTheEnd(chat: ChatScreen, question: string): Promise<void> {
  await chat.ask(question);
  await chat.questions.getByText(question, { exact: true }).waitFor();
  await chat.waitForEnd();
}

/** Follows the link under an answer to its steps in the ledger; returns the run. */
async function openLedger(chat: ChatScreen, answer: Locator): Promise<string> {
  await answer.getByTestId("trace").getByRole("button").first().click();
  await answer.getByRole("link", { name: "Memory of this turn" }).click();
  await chat.page.waitForURL(/\/analytics\/memory\?run=/);
  await chat.page.getByTestId("ledger").waitFor();
  return new URL(chat.page.url()).searchParams.get("run") ?? "";
}

const placeOf = (chat: ChatScreen, message: string) => chat.log.locator(`[data-message="${message}"]`);
/** The message that a link leads to, marked. */
const marked = (chat: ChatScreen) => chat.log.getByRole("group", { name: "The turn that the link leads to" });

/** Waits until the message stands at the top of what is seen of the chat. */
async function waitAtTop(chat: ChatScreen, message: string): Promise<void> {
  await chat.page.waitForFunction((id) => {
    const log = document.querySelector("[role=log]")!;
    const place = log.querySelector(`[data-message="${id}"]`);
    const top = (place?.getBoundingClientRect().top ?? -1) - log.getBoundingClientRect().top;
    return top >= 0 && top < 40;
  }, message);
}

/** A chat of so many messages, which were written elsewhere; returns its id, and those of its messages. */
async function importChat(chat: ChatScreen, count: number): Promise<{ id: string; messages: string[] }> {
  const { request } = chat.page;
  const all = `${server.now.address}/api/conversations`;
  const response = await request.post(`${all}/import`, { data: longConversation(count) });
  expect(response.status()).toBe(201);
  const { id } = (await response.json()) as { id: string };
  const { messages } = (await (await request.get(`${all}/${id}`)).json()) as ConversationBody;
  return { id, messages: messages.map((message) => message.id) };
}

describe("from an answer to its steps in the ledger, and back", () => {
  test("the link shows the steps of that turn alone, each of which leads to it in the chat", async () => {
    const chat = await visitor();
    await go(chat, "/");
    await askToTheEnd(chat, "What is a fraction?");
    await askToTheEnd(chat, "And a decimal?");
    const run = await openLedger(chat, chat.log.locator("[data-message]").nth(1));
    const { page } = chat;
    const rows = page.getByTestId("ledger").locator("tbody tr");
    const answer = await page.request.get(`${server.now.address}/api/memory/log?run=${run}`);
    const { records, own_runs } = (await answer.json()) as MemoryLogBody;
    expect(own_runs).toEqual([run]);
    expect(await rows.count()).toBe(new Set(records.map(({ step_id }) => step_id)).size);
    expect(await rows.getByRole("link", { name: run.slice(0, 8), exact: true }).count()).toBe(await rows.count());
    expect(await page.getByLabel("Run", { exact: true }).inputValue()).toBe(run);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Steps on record");
    await rows.getByRole("link", { name: "in the chat" }).last().click();
    await marked(chat).waitFor();
    const found = await page.request.get(`${server.now.address}/api/runs/${run}`);
    const place = (await found.json()) as RunPlaceBody;
    expect(place.run).toBe(run);
    expect(await marked(chat).getAttribute("data-message")).toBe(place.message);
    expect(await chat.conversation()).toBe(place.conversation);
    expect(new URL(page.url()).hash).toBe(`#m-${place.message}`);
    expect(await chat.questions.allTextContents()).toEqual(["What is a fraction?", "And a decimal?"]);
    expect(await marked(chat).getByTestId("answer").count()).toBe(1);
    expect(await page.evaluate(() => document.activeElement?.getAttribute("data-message"))).toBe(place.message);
    // Back to the ledger, as it was.
    await page.goBack();
    await page.getByTestId("turn-note").getByText(run).waitFor();
    expect(new URL(page.url()).searchParams.get("run")).toBe(run);
  });

  test("an answer on another branch is shown with its branch", async () => {
    const chat = await visitor();
    await go(chat, "/");
    await askToTheEnd(chat, "What is a fraction?");
    const first = (await placeIds(chat)).at(-1)!;
    await chat.page.getByRole("button", { name: "Try again" }).click();
    await chat.log.getByTestId("branches").getByText("2 / 2").waitFor();
    await chat.waitForEnd();
    expect(await placeIds(chat)).not.toContain(first);
    const conversation = await chat.conversation();
    await go(chat, `/?c=${conversation}#m-${first}`);
    await marked(chat).waitFor();
    expect(await placeIds(chat)).toContain(first);
    await chat.log.getByTestId("branches").getByText("1 / 2").waitFor();
  });

  test("a message far up in a long chat is drawn, at the top of what is seen, and stays there until the visitor moves", async () => {
    const chat = await visitor();
    await go(chat, "/");
    const { id, messages } = await importChat(chat, 600);
    for (const at of [41, 301, 1]) {
      const message = messages[at]!;
      await go(chat, "/analytics/memory");
      await go(chat, `/?c=${id}#m-${message}`);
      await placeOf(chat, message).locator(".markdown").first().waitFor();
      await waitAtTop(chat, message);
      expect(await marked(chat).getAttribute("data-message")).toBe(message);
    }
    await chat.log.hover();
    await chat.page.mouse.wheel(0, 3000);
    await chat.page.waitForFunction(() => document.querySelector("[role=log]")!.scrollTop > 1000);
    // Another address of the same chat, without a reload.
    const other = messages[201]!;
    await chat.page.evaluate((message) => (window.location.hash = `#m-${message}`), other);
    await placeOf(chat, other).locator(".markdown").first().waitFor();
    await waitAtTop(chat, other);
  });
});

const placeIds = (chat: ChatScreen) =>
  chat.log.locator("[data-message]").evaluateAll((all) => all.map((each) => each.getAttribute("data-message")));

describe("somebody else's turn", () => {
  test("is none of the visitor's: neither the chat nor the ledger tells where it is, to the administrator neither", async () => {
    const mine = await visitor(STRANGER);
    await go(mine, "/");
    await askToTheEnd(mine, "What is a fraction?");
    const conversation = await mine.conversation();
    const run = await openLedger(mine, mine.log.locator("[data-message]").nth(1));
    await mine.page.getByRole("link", { name: "Show this turn in the chat" }).waitFor();
    // Who opens the ledger at the server's own machine is its administrator; the other one is anybody.
    for (const options of [{}, STRANGER]) {
      const other = await visitor(options);
      const told: Promise<string>[] = [];
      other.page.on("response", (response) => {
        if (new URL(response.url()).pathname.startsWith("/api/")) told.push(response.text().catch(() => ""));
      });
      await go(other, "/");
      await askToTheEnd(other, "Hello");
      await go(other, `/analytics/memory?run=${run}`);
      await other.page.getByTestId("turn-note").getByText(run).waitFor();
      await other.page.getByTestId("ledger").waitFor();
      expect(await other.page.getByRole("link", { name: "in the chat" }).count()).toBe(0);
      await go(other, `/?run=${run}`);
      await other.page.getByTestId("note").getByText("This turn is in none of your conversations").waitFor();
      const refused = await other.page.request.get(`${server.now.address}/api/runs/${run}`, options);
      const never = await other.page.request.get(`${server.now.address}/api/runs/never-was`, options);
      expect([refused.status(), await refused.text()]).toEqual([404, await never.text()]);
      expect((await Promise.all(told)).join("\n")).not.toContain(conversation);
    }
  });

  test("has no run in the whole ledger of a visitor, whose own turns have theirs", async () => {
    const [mine, other] = [await visitor(STRANGER), await visitor(STRANGER)];
    const runs: string[] = [];
    for (const chat of [mine, other]) {
      await go(chat, "/");
      await askToTheEnd(chat, "What is a fraction?");
      runs.push(await openLedger(chat, chat.log.locator("[data-message]").nth(1)));
    }
    const { page } = mine;
    await page.getByRole("button", { name: "Show all runs" }).click();
    await page.getByTestId("turn-note").waitFor({ state: "detached" });
    await page
      .getByTestId("ledger")
      .getByRole("link", { name: runs[0]!.slice(0, 8), exact: true })
      .first()
      .waitFor();
    await page.getByTestId("ledger").getByRole("link", { name: "in the chat" }).first().waitFor();
    expect(await page.getByTestId("ledger").innerHTML()).not.toContain(runs[1]);
  });

  test("a page of another site is told of no turn as its visitor's", async () => {
    const chat = await visitor();
    await go(chat, "/");
    await askToTheEnd(chat, "What is a fraction?");
    const ask = async (headers: Record<string, string>) => {
      const response = await chat.page.request.get(`${server.now.address}/api/memory/log`, { headers });
      return ((await response.json()) as MemoryLogBody).own_runs;
    };
    expect(await ask({})).toHaveLength(1);
    expect(await ask({ "sec-fetch-site": "cross-site" })).toEqual([]);
  });
});

test("the filter of the ledger is in the address: a link shows the same, and going back leads to the one before", async () => {
  const chat = await visitor();
  const { page } = chat;
  await go(chat, "/");
  await askToTheEnd(chat, "What is a fraction?");
  await go(chat, "/analytics/memory?__theme=dark");
  const table = page.getByTestId("ledger");
  await table.waitFor();
  await page.getByLabel("Step", { exact: true }).selectOption("decode");
  await page.waitForURL(/step=decode/);
  const model = await table.locator("tbody tr td").nth(2).innerText();
  await page.getByLabel("Model", { exact: true }).selectOption(model);
  await page.waitForURL(/model=/);
  const address = new URL(page.url());
  expect(Object.fromEntries(address.searchParams)).toEqual({ model, step: "decode", __theme: "dark" });
  const shown = async () => {
    await table.waitFor();
    return table
      .locator("tbody tr")
      .evaluateAll((rows) => [
        ...new Set(rows.map((row) => `${row.getAttribute("data-step")} ${row.children[2]?.textContent}`)),
      ]);
  };
  await expect.poll(shown).toEqual([`decode ${model}`]);
  await page.reload();
  await expect.poll(shown).toEqual([`decode ${model}`]);
  expect(await page.getByLabel("Model", { exact: true }).inputValue()).toBe(model);
  await page.goBack();
  await page.waitForURL((url) => !url.searchParams.has("model"));
  await expect.poll(async () => (await shown()).length).toBeGreaterThan(1);
  expect(await page.getByLabel("Model", { exact: true }).inputValue()).toBe("");
});

test.each([
  ["light", 1280],
  ["dark", 320],
] as const)("in %s, %i pixels wide: axe finds nothing, nothing scrolls sideways", async (theme, width) => {
  const chat = await visitor({ viewport: { width, height: 720 } });
  const { page } = chat;
  const expectClean = async (state: string) => {
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => ({ state, id, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
    expect(await chat.sidewaysScroll()).toBeLessThanOrEqual(0);
  };
  await go(chat, `/?__theme=${theme}`);
  await askToTheEnd(chat, "What is a fraction?");
  const answer = chat.log.locator("[data-message]").nth(1);
  const run = await openLedger(chat, answer);
  await page.getByRole("link", { name: "Show this turn in the chat" }).waitFor();
  await expectClean("the steps of a turn");
  await page.getByRole("link", { name: "Show this turn in the chat" }).click();
  await marked(chat).getByTestId("trace").getByRole("button").first().click();
  await marked(chat).getByRole("link", { name: "Memory of this turn" }).waitFor();
  await expectClean("the turn in the chat");
  await go(chat, `/?run=${run.slice(0, -4)}none&__theme=${theme}`);
  await page.getByTestId("note").getByText("none of your conversations").waitFor();
  await expectClean("no turn of the visitor's");
});
