import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { ensureFixtureModel } from "../fixtures/models";
import { ChatScreen, launchBrowser } from "./browser";
import { openPractice } from "./practice-conversation";
import { startServer, type TestServer } from "./server";
import { slowModels } from "./slow-models";
import { LONG, loadModels, SHORT } from "./visitor";

const folder = mkdtempSync(path.join(tmpdir(), "memwell-page-"));
let server: TestServer;
let settings: Record<string, string>;
let browser: Browser;
let context: BrowserContext;
let chat: ChatScreen;
const pageErrors: string[] = [];

beforeAll(async () => {
  settings = {
    MEMWELL_RESPONSE_MODEL: await ensureFixtureModel("small"),
    MEMWELL_REASONING_MODEL: await ensureFixtureModel("smallReasoning"),
    MEMWELL_DATA_DIR: path.join(folder, "data"),
    MEMWELL_THREADS: "1",
  };
  [server, browser] = await Promise.all([startServer(settings), launchBrowser()]);
  await loadModels(server);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
  pageErrors.length = 0;
  chat = await openTab("/");
});
afterEach(async () => {
  await context.close();
  expect(pageErrors).toEqual([]);
});

/** Another tab of the same visitor. */
async function openTab(address: string): Promise<ChatScreen> {
  const page = await context.newPage();
  page.on("pageerror", (error) => pageErrors.push(error.message));
  const screen = new ChatScreen(page);
  await screen.setAgent(SHORT);
  await page.goto(server.address + address);
  return screen;
}

const shownText = (screen: ChatScreen) => screen.answers.last().textContent();

describe("a conversation with the agent", () => {
  test("the visitor asks, sees tools, text and steps, and goes on; a reload shows the same", async () => {
    await chat.askToTheEnd("What is 3/4 + 1/8?");
    const calculation = chat.page.getByTestId("calculation");
    await calculation.locator("mfrac").getByText("7").waitFor({ state: "attached" });
    expect(await calculation.locator("annotation").textContent()).toContain("\\frac{7}{8}");
    expect((await shownText(chat))?.length).toBeGreaterThan(0);
    expect(await chat.trace.textContent()).toMatch(/\d+ steps/);
    expect(await chat.announcement.textContent()).toMatch(/^The answer (is complete|ended at the token limit)/);
    const id = await chat.conversation();
    expect(id).toMatch(/^[A-Za-z0-9_-]+$/);

    await chat.askToTheEnd("And 1/2?");
    expect(await chat.conversation()).toBe(id);
    const said = await chat.answers.allTextContents();
    await chat.page.reload();
    await chat.trace.nth(1).waitFor();
    expect(await chat.questions.allTextContents()).toEqual(["What is 3/4 + 1/8?", "And 1/2?"]);
    expect(await chat.answers.allTextContents()).toEqual(said);
    expect(await chat.list.getByRole("link").allTextContents()).toEqual(["What is 3/4 + 1/8?"]);
  });

  test("a reload in the middle of an answer goes on with it, and a second tab shows the same", async () => {
    slowModels(server);
    await chat.setAgent(LONG);
    await chat.ask("What is a fraction?");
    await chat.waitForAnswerLongerThan(50);
    await chat.page.reload();
    const length = await chat.waitForAnswerLongerThan(50);
    await chat.stop.waitFor();
    const second = await openTab(`/?c=${await chat.conversation()}`);
    await second.waitForAnswerLongerThan(length);
    await chat.waitForAnswerLongerThan(length);
    await second.stop.click();
    await Promise.all([chat.waitForEnd(), second.waitForEnd()]);
    expect(await shownText(second)).toBe(await shownText(chat));
    expect(await chat.facts.textContent()).toContain("stopped");
  });

  test("a question that is asked in one tab appears in the other", async () => {
    await chat.askToTheEnd("One");
    const second = await openTab(`/?c=${await chat.conversation()}`);
    await second.trace.first().waitFor();
    await chat.askToTheEnd("Two");
    await second.trace.nth(1).waitFor();
    expect(await second.questions.allTextContents()).toEqual(["One", "Two"]);
  });

  test("Escape stops the answer, what was said stays, and the agent is asked to go on", async () => {
    const makeQuick = slowModels(server);
    await chat.setAgent(LONG);
    await chat.ask("What is a fraction?");
    const length = await chat.waitForAnswerLongerThan(50);
    await chat.page.keyboard.press("Escape");
    await chat.waitForEnd();
    makeQuick();
    expect(await chat.facts.textContent()).toContain("stopped");
    expect((await shownText(chat))?.length).toBeGreaterThanOrEqual(length);
    await chat.setAgent(SHORT);
    await chat.page.getByRole("button", { name: "Continue" }).click();
    await chat.questions.getByText("Go on.").waitFor();
    await chat.trace.nth(1).waitFor();
    await chat.waitForEnd();
  });

  test("an answer is given again, and the visitor goes back and forth between the two", async () => {
    await chat.askToTheEnd("What is a fraction?");
    const first = await shownText(chat);
    await chat.page.getByRole("button", { name: "Try again" }).click();
    const branches = chat.log.getByTestId("branches");
    await branches.getByText("2 / 2").waitFor();
    const second = await shownText(chat);
    await branches.getByRole("button", { name: "The version before" }).click();
    await branches.getByText("1 / 2").waitFor();
    expect(await shownText(chat)).toBe(first);
    await chat.page.reload();
    await branches.getByText("1 / 2").waitFor();
    await branches.getByRole("button", { name: "The next version" }).click();
    await branches.getByText("2 / 2").waitFor();
    expect(await shownText(chat)).toBe(second);
  });

  test("a question is changed and sent as a branch; the one before is kept", async () => {
    await chat.askToTheEnd("What is a fraction?");
    await chat.askToTheEnd("Why?");
    await chat.page.getByRole("button", { name: "Edit" }).first().click();
    await chat.page.getByLabel("Change your message").fill("What is a decimal?");
    await chat.page.keyboard.press("Enter");
    await chat.log.getByTestId("branches").getByText("2 / 2").waitFor();
    expect(await chat.questions.allTextContents()).toEqual(["What is a decimal?"]);
    await chat.page.getByRole("button", { name: "The version before" }).click();
    await chat.log.getByTestId("branches").getByText("1 / 2").waitFor();
    expect(await chat.questions.allTextContents()).toEqual(["What is a fraction?", "Why?"]);
  });

  test("an answer is copied as it was written", async () => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await chat.askToTheEnd("What is a fraction?");
    await chat.page.getByRole("button", { name: "Copy the answer" }).click();
    await chat.page.getByRole("button", { name: "Copied" }).waitFor();
    const copied = await chat.page.evaluate(() => navigator.clipboard.readText());
    expect(copied.replaceAll(/\s+/g, "")).toBe((await shownText(chat))?.replaceAll(/\s+/g, ""));
    expect(copied).not.toBe("");
  });

  test("an answer is liked, with a comment, and after a reload still is", async () => {
    await chat.askToTheEnd("What is a fraction?");
    const like = chat.page.getByRole("button", { name: "Good answer" });
    await like.click();
    await chat.page.getByLabel("Why? A comment on the answer").fill("Short and clear");
    await chat.page.keyboard.press("Enter");
    await chat.page.getByText("“Short and clear”").waitFor();
    await chat.page.reload();
    await chat.page.getByText("“Short and clear”").waitFor();
    expect(await like.getAttribute("aria-pressed")).toBe("true");
    await like.click();
    await chat.page.waitForFunction(() => document.querySelector("[aria-label='Good answer'][aria-pressed=false]"));
    await chat.page.reload();
    await like.waitFor();
    expect(await like.getAttribute("aria-pressed")).toBe("false");
  });
});

describe("nothing that was typed is lost", () => {
  test("a message that is refused goes back into the box, with the reason", async () => {
    const long = "word ".repeat(20_000).trim();
    await chat.ask(long);
    await chat.error.waitFor();
    expect(await chat.error.textContent()).toMatch(/limit|at most|shorter/);
    expect(await chat.field.inputValue()).toBe(long);
    expect(await chat.questions.count()).toBe(0);
    await chat.field.fill("Hello!");
    await chat.field.press("Enter");
    await chat.trace.waitFor();
    expect(await chat.error.count()).toBe(0);
  });

  test("a server that cannot be reached is said to be; the message is there to be sent again", async () => {
    await chat.page.unroute("**/api/chat");
    await chat.page.route("**/api/chat", (route) => route.abort("connectionrefused"));
    await chat.ask("Hello!");
    await chat.error.getByText("The server cannot be reached").waitFor();
    expect(await chat.field.inputValue()).toBe("Hello!");
    await chat.setAgent(SHORT);
    await chat.field.press("Enter");
    await chat.waitForEnd();
    expect(await chat.questions.allTextContents()).toEqual(["Hello!"]);
  });

  test("each conversation has its own draft, which survives a reload", async () => {
    await chat.field.fill("Half a thou");
    await chat.page.reload();
    await chat.page.waitForFunction(() => document.querySelector("textarea")?.value === "Half a thou");
    await chat.askToTheEnd("Hello!");
    await chat.field.fill("A second thou");
    await chat.list.getByRole("button", { name: "New chat" }).click();
    expect(await chat.field.inputValue()).toBe("");
    await chat.field.fill("Another");
    await chat.list.getByRole("link", { name: "Hello!" }).click();
    await chat.page.waitForFunction(() => document.querySelector("textarea")?.value === "A second thou");
    await chat.page.reload();
    await chat.page.waitForFunction(() => document.querySelector("textarea")?.value === "A second thou");
  });
});

describe("what is half-written in a conversation", () => {
  test("another wording and a comment are there after a reload; what was sent or cancelled is not", async () => {
    await chat.askToTheEnd("What is a fraction?");
    const wording = chat.page.getByLabel("Change your message");
    const comment = chat.page.getByLabel("Why? A comment on the answer");
    await chat.page.getByRole("button", { name: "Edit" }).click();
    await wording.fill("What is a deci");
    await chat.page.getByRole("button", { name: "Bad answer" }).click();
    await comment.fill("Because it");
    await chat.page.reload();
    await comment.waitFor();
    expect(await comment.inputValue()).toBe("Because it");
    expect(await wording.inputValue()).toBe("What is a deci");

    await chat.page.route("**/feedback", (route) => route.abort("connectionrefused"));
    await comment.press("Enter");
    await chat.error.waitFor();
    expect(await comment.inputValue()).toBe("Because it");
    await chat.page.unroute("**/feedback");
    await comment.press("Enter");
    await chat.page.getByText("“Because it”").waitFor();
    await chat.page.getByRole("button", { name: "Cancel" }).click();
    await chat.page.reload();
    await chat.page.getByText("“Because it”").waitFor();
    expect(await wording.count()).toBe(0);
    expect(await comment.count()).toBe(0);
  });

  test("goes with the conversation, once that cannot be had back", async () => {
    const drafts = () => chat.page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes("draft")));
    const remove = async () => {
      await chat.list.getByRole("button", { name: "Actions for" }).click();
      await chat.list.getByRole("button", { name: "Delete" }).click();
      await chat.page.getByRole("button", { name: "Undo" }).waitFor();
    };
    await chat.askToTheEnd("What is a fraction?");
    await chat.field.fill("And what");
    await remove();
    expect(await drafts()).toHaveLength(1);
    await chat.page.getByRole("button", { name: "Undo" }).click();
    await chat.questions.getByText("What is a fraction?").waitFor();
    expect(await chat.field.inputValue()).toBe("And what");
    await remove();
    await chat.page.waitForFunction(() => !Object.keys(localStorage).some((key) => key.includes("draft")));
  });

  test("an answer to a practice question is there after a reload, and is sent from there", async () => {
    await openPractice(chat);
    const form = chat.page.getByTestId("practice");
    await form.getByRole("radio", { name: "B" }).check();
    await chat.page.reload();
    expect(await form.getByRole("radio", { name: "B" }).isChecked()).toBe(true);
    await form.getByRole("button", { name: "Send the answer" }).click();
    await chat.questions.getByText("My answer: B").waitFor();
    await chat.waitForEnd();
  });
});

test("a practice question's Markdown and formulas are drawn, in the question and its options", async () => {
  await openPractice(chat);
  const form = chat.page.getByTestId("practice");
  await form.locator(".katex").nth(4).waitFor();
  expect(await form.getByRole("group").locator("strong").first().textContent()).toBe("largest");
  expect(await form.locator("li .katex").count()).toBe(4);
});

test("the focus comes back to where it was, when an editor or a comment is closed by keyboard", async () => {
  await chat.askToTheEnd("What is a fraction?");
  const focused = () =>
    chat.page.evaluate(() => document.activeElement?.textContent || document.activeElement?.ariaLabel);
  await chat.page.getByRole("button", { name: "Edit" }).press("Enter");
  await chat.page.getByLabel("Change your message").press("Escape");
  expect(await focused()).toBe("Edit");
  await chat.page.getByRole("button", { name: "Good answer" }).press("Enter");
  await chat.page.getByLabel("Why? A comment on the answer").press("Escape");
  expect(await focused()).toBe("Good answer");
});

test("on a phone, a conversation that was deleted from the list can be had back", async () => {
  await chat.askToTheEnd("What is a fraction?");
  await chat.list.getByRole("button", { name: "New chat" }).click();
  await chat.page.setViewportSize({ width: 390, height: 800 });
  await chat.page.getByRole("button", { name: "Conversations" }).click();
  await chat.list.getByRole("button", { name: "Actions for" }).click();
  await chat.list.getByRole("button", { name: "Delete" }).click();
  await chat.page.getByRole("button", { name: "Undo" }).click();
  await chat.questions.getByText("What is a fraction?").waitFor();
});

describe("the list of conversations", () => {
  test("is searched, renamed in, deleted from and had back, by keyboard too", async () => {
    await chat.askToTheEnd("What is a fraction?");
    await chat.list.getByRole("button", { name: "New chat" }).click();
    await chat.askToTheEnd("What is a decimal?");
    const names = () => chat.list.getByRole("link", { name: /What|Points/ }).allTextContents();
    await chat.list.getByRole("link").nth(1).waitFor();
    expect(await names()).toEqual(["What is a decimal?", "What is a fraction?"]);
    await chat.page.getByLabel("Search conversations").fill("FRACTION");
    await chat.list.getByRole("link", { name: "decimal" }).waitFor({ state: "detached" });
    expect(await names()).toEqual(["What is a fraction?"]);
    await chat.page.getByLabel("Search conversations").fill("");
    await chat.list.getByRole("link", { name: "decimal" }).waitFor();

    await chat.list.getByRole("button", { name: "Actions for What is a decimal?" }).press("Enter");
    await chat.list.getByRole("button", { name: "Rename" }).press("Enter");
    await chat.page.getByLabel("Name of the conversation").fill("Points");
    await chat.page.keyboard.press("Enter");
    await chat.list.getByRole("link", { name: "Points" }).waitFor();

    await chat.list.getByRole("button", { name: "Actions for Points" }).click();
    await chat.list.getByRole("button", { name: "Delete" }).click();
    await chat.list.getByRole("link", { name: "Points" }).waitFor({ state: "detached" });
    expect(await chat.conversation()).toBeNull();
    await chat.page.getByRole("button", { name: "Undo" }).click();
    await chat.questions.getByText("What is a decimal?").waitFor();
    expect(await names()).toContain("Points");
  });

  test("is saved as a file and loaded again", async () => {
    await chat.askToTheEnd("What is 3/4 + 1/8?");
    const said = await shownText(chat);
    const save = async (format: string) => {
      const [download] = await Promise.all([
        chat.page.waitForEvent("download"),
        chat.list.getByRole("link", { name: format, exact: true }).click(),
      ]);
      return { name: download.suggestedFilename(), file: await download.path() };
    };
    await chat.list.getByRole("button", { name: "Actions for" }).click();
    const markdown = await save("Markdown");
    expect(markdown.name).toMatch(/\.md$/);
    expect(await readFile(markdown.file, "utf8")).toContain("# What is 3/4 + 1/8?");
    const json = await save("JSON");
    expect(json.name).toMatch(/\.json$/);
    const id = await chat.conversation();
    await chat.page.getByLabel("Import a conversation").setInputFiles(json.file);
    await chat.page.waitForFunction((old) => new URLSearchParams(location.search).get("c") !== old, id);
    await chat.trace.waitFor();
    expect(await shownText(chat)).toBe(said);
    await chat.page.getByLabel("Import a conversation").setInputFiles({
      name: "odd.json",
      mimeType: "application/json",
      buffer: Buffer.from("[1]"),
    });
    await chat.list.getByRole("alert").waitFor();
  });

  test("leads back and forth with the browser's own buttons; an address of nobody's says so", async () => {
    await chat.askToTheEnd("One");
    const one = await chat.conversation();
    await chat.list.getByRole("button", { name: "New chat" }).click();
    await chat.page.getByRole("heading", { name: "begin with an example" }).waitFor();
    await chat.page.goBack();
    await chat.questions.getByText("One").waitFor();
    expect(await chat.conversation()).toBe(one);
    await chat.page.goto(`${server.address}/?c=nobody`);
    await chat.page.getByTestId("missing").waitFor();
  });
});

describe("an answer that was interrupted before its first word", () => {
  test("is continued by asking the same again", async () => {
    const makeQuick = slowModels(server);
    await chat.setAgent({ max_tokens: 12, temperature: 0 });
    await chat.ask("What is a fraction?");
    await chat.thought.waitFor();
    await chat.stop.click();
    makeQuick();
    await chat.waitForEnd();
    expect(await chat.answers.count()).toBe(0);
    await chat.setAgent(SHORT);
    await chat.page.getByRole("button", { name: "Continue" }).click();
    await chat.answers.first().waitFor();
    await chat.waitForEnd();
    expect(await chat.questions.allTextContents()).toEqual(["What is a fraction?"]);
  });
});

describe("a server that is killed in the middle of an answer", () => {
  test("the visitor is told, the page finds it again, and the answer stands as interrupted", async () => {
    slowModels(server);
    await chat.setAgent(LONG);
    await chat.ask("What is a fraction?");
    await chat.waitForAnswerLongerThan(50);
    process.kill(server.pid, "SIGKILL");
    await server.stop().catch(() => {});
    await chat.status.getByText("The connection to the server is lost").waitFor();
    server = await startServer({ ...settings, PORT: new URL(server.address).port });
    const note = chat.page.getByTestId("interrupted");
    await note.waitFor();
    expect((await shownText(chat))?.length).toBeGreaterThan(0);
    await chat.page.reload();
    await note.waitFor();
    await chat.setAgent(SHORT);
    await chat.page.getByRole("button", { name: "Continue" }).click();
    await chat.waitForEnd();
    expect(await chat.questions.allTextContents()).toEqual(["What is a fraction?", "Go on."]);
  });
});
