import path from "node:path";
import type { Browser, BrowserContext, Route } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { ensureFixtureModel } from "../fixtures/models";
import { ChatScreen, launchBrowser } from "./browser";
import { slowModels } from "./slow-models";
import { LONG, SHORT, SmallServer } from "./visitor";

const server = new SmallServer();
let browser: Browser;
let context: BrowserContext;
let chat: ChatScreen;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  chat = new ChatScreen(await context.newPage());
  await chat.setAgent(SHORT);
  await chat.page.goto(server.now.address);
});
afterEach(() => context.close());

/** Returns what makes the models quick again. */
async function askForLong(question: string): Promise<() => void> {
  const makeQuick = slowModels(server.now);
  await chat.setAgent(LONG);
  await chat.ask(question);
  await chat.waitForAnswerLongerThan(20);
  return makeQuick;
}

/** Holds questions back, on their way to the server, until the page leaves; resolves when the first is on its way. */
async function holdQuestions(): Promise<{ begun: Promise<Route> }> {
  let begin: (route: Route) => void;
  const begun = new Promise<Route>((resolve) => (begin = resolve));
  await chat.page.unroute("**/api/chat");
  await chat.page.route("**/api/chat", (route) => begin(route));
  return { begun };
}

describe("while an answer is written", () => {
  test("the browser's back button leads to a new chat, which can be asked", async () => {
    const makeQuick = await askForLong("One");
    await chat.page.goBack();
    await chat.page.getByRole("heading", { name: "begin with an example" }).waitFor();
    await chat.send.waitFor();
    expect(await chat.context.count()).toBe(0);
    makeQuick();
    await chat.setAgent(SHORT);
    await chat.askToTheEnd("Two");
    expect(await chat.questions.allTextContents()).toEqual(["Two"]);
  });

  test("its conversation in the list can be pressed, and the answer be stopped all the same", async () => {
    await askForLong("One");
    await chat.list.getByRole("link", { name: "One" }).click();
    await chat.stop.click({ timeout: 5000 });
    await chat.waitForEnd();
    expect(await chat.announcement.textContent()).toBe("The answer was stopped.");
  });

  test("by a model alone, the agent can be chosen and asked", async () => {
    const model = path.basename(await ensureFixtureModel("small"), ".gguf").toLowerCase();
    await chat.choose(model);
    slowModels(server.now);
    await chat.makeAnswersLong();
    await chat.ask("Hello");
    await chat.waitForAnswerLongerThan(20);
    await chat.model.selectOption("memwell");
    await chat.send.waitFor({ timeout: 5000 });
    await chat.askToTheEnd("One");
  });
});

describe("a message that the server has not taken yet", () => {
  test("is there again after a reload, the first of a conversation and a later one", async () => {
    const first = await holdQuestions();
    await chat.ask("One");
    await first.begun;
    await chat.page.reload();
    await chat.page.waitForFunction(() => document.querySelector("textarea")?.value === "One");

    await chat.setAgent(SHORT);
    await chat.field.press("Enter");
    await chat.waitForEnd();
    await chat.page.reload();
    await chat.questions.getByText("One").waitFor();
    expect(await chat.field.inputValue()).toBe("");

    const later = await holdQuestions();
    await chat.ask("Two");
    await later.begun;
    await chat.page.goto(chat.page.url());
    await chat.page.waitForFunction(() => document.querySelector("textarea")?.value === "Two");
  });

  test("comes back into the box when it is stopped", async () => {
    await chat.askToTheEnd("One");
    const held = await holdQuestions();
    await chat.ask("Two");
    await held.begun;
    await chat.stop.waitFor();
    await chat.page.keyboard.press("Escape");
    await chat.error.filter({ hasText: "stopped" }).waitFor();
    expect(await chat.field.inputValue()).toBe("Two");
    expect(await chat.questions.allTextContents()).toEqual(["One"]);
    await chat.setAgent(SHORT);
    await chat.field.press("Enter");
    await chat.questions.getByText("Two").waitFor();
  });

  test("and was refused as a conversation's first is there when the page is opened anew", async () => {
    await chat.page.unroute("**/api/chat");
    await chat.page.route("**/api/chat", (route) => route.abort());
    await chat.ask("One");
    await chat.error.waitFor();
    await chat.page.goto(`${server.now.address}/analytics/cache`);
    await chat.page.goto(server.now.address);
    await chat.page.waitForFunction(() => document.querySelector("textarea")?.value === "One");
  });
});

test("a double click on the button sends, and does not stop", async () => {
  slowModels(server.now);
  await chat.setAgent(LONG);
  await chat.field.fill("One");
  const { x, y, width, height } = (await chat.send.boundingBox())!;
  const at = [x + width / 2, y + height / 2] as const;
  await chat.page.mouse.click(...at);
  await chat.stop.waitFor();
  // Not `click`, which would begin with another single one.
  await chat.page.mouse.down({ clickCount: 2 });
  await chat.page.mouse.up({ clickCount: 2 });
  await chat.waitForAnswerLongerThan(200);
  await chat.stop.click();
  await chat.waitForEnd();
  expect(await chat.announcement.textContent()).toBe("The answer was stopped.");
});

test("who deletes a conversation by keyboard has it back by the next key", async () => {
  await chat.askToTheEnd("One");
  await chat.list.getByRole("button", { name: "New chat" }).press("Enter");
  await chat.list.getByRole("button", { name: "Actions for One" }).press("Enter");
  await chat.list.getByRole("button", { name: "Delete" }).press("Enter");
  await chat.page.waitForFunction(() => document.activeElement?.textContent === "Undo");
  await chat.page.keyboard.press("Enter");
  await chat.questions.getByText("One").waitFor();
});

test("who goes from version to version by keyboard stays at the arrows", async () => {
  await chat.askToTheEnd("One");
  await chat.page.getByRole("button", { name: "Edit" }).press("Enter");
  await chat.page.getByLabel("Change your message").fill("Two");
  await chat.page.keyboard.press("Enter");
  await chat.questions.getByText("Two").waitFor();
  await chat.waitForEnd();
  await chat.askToTheEnd("Three");
  const focused = () => chat.page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  const before = chat.page.getByRole("button", { name: "The version before" });
  await before.focus();
  await chat.page.keyboard.press("Enter");
  await chat.questions.getByText("One").waitFor();
  await chat.page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "The next version");
  await chat.page.keyboard.press("Enter");
  await chat.questions.getByText("Two").waitFor();
  await chat.page.waitForFunction(() => document.activeElement?.getAttribute("aria-label") === "The version before");
  expect(await focused()).toBe("The version before");
});
