import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { ChatScreen, launchProfile } from "./browser";
import { startServer, type TestServer } from "./server";
import { SHORT, smallModels } from "./visitor";

const BLOCK = 2;
const NO_COOKIES = { profile: { default_content_setting_values: { cookies: BLOCK } } };
/** As in a browser that is set to block those of other sites. */
const NO_OTHER_SITES_COOKIES = { profile: { cookie_controls_mode: 1, block_third_party_cookies: true } };
const folder = mkdtempSync(path.join(tmpdir(), "memwell-no-cookies-"));
let server: TestServer;
let context: BrowserContext;

beforeAll(async () => {
  server = await startServer(await smallModels(folder));
});
afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
});
afterEach(() => context?.close());

async function openTab(): Promise<ChatScreen> {
  const chat = new ChatScreen(await context.newPage());
  await chat.setAgent(SHORT);
  await chat.page.goto(server.address);
  return chat;
}

async function askTwice(chat: ChatScreen): Promise<void> {
  await chat.ask("One");
  await chat.questions.getByText("One", { exact: true }).waitFor();
  await chat.waitForEnd();
  await chat.ask("Two");
  await chat.trace.nth(1).waitFor();
  await chat.waitForEnd();
  expect(await chat.questions.allTextContents()).toEqual(["One", "Two"]);
  expect(await chat.error.count()).toBe(0);
}

describe("a browser that keeps no cookies", () => {
  test("has a conversation all the same, and is told once how long it can be found again", async () => {
    context = await launchProfile(folder, NO_COOKIES);
    const chat = await openTab();
    const errors: string[] = [];
    chat.page.on("pageerror", (error) => errors.push(error.message));
    const note = chat.page.getByTestId("forgotten");
    expect(await note.count()).toBe(0);
    await askTwice(chat);
    expect(await context.cookies()).toEqual([]);
    await note.getByText("until this page is reloaded or closed").waitFor();

    await chat.list.getByRole("link", { name: "One" }).waitFor();
    await chat.list.getByRole("button", { name: "Actions for One" }).click();
    const [download] = await Promise.all([
      chat.page.waitForEvent("download"),
      chat.list.getByRole("link", { name: "Markdown" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("One.md");
    expect(await readFile(await download.path(), "utf8")).toContain("Two");

    await note.getByRole("button", { name: "Understood" }).click();
    await chat.list.getByRole("button", { name: "New chat" }).click();
    await chat.list.getByRole("link", { name: "One" }).click();
    await chat.questions.getByText("Two").waitFor();
    expect(await note.count()).toBe(0);
    await chat.page.reload();
    await chat.page.getByTestId("missing").getByText("keeps nothing here").waitFor();
    expect(errors).toEqual([]);
  });

  test("shows one visitor nothing of another's", async () => {
    context = await launchProfile(folder, NO_COOKIES);
    const [one, other] = [await openTab(), await openTab()];
    await askTwice(one);
    const id = await one.conversation();
    await askTwice(other);
    expect(await other.list.getByRole("link").count()).toBe(1);
    const answer = await fetch(`${server.address}/api/conversations/${id}`);
    expect(answer.status).toBe(404);
    await other.page.goto(`${server.address}/?c=${id}`);
    await other.page.getByTestId("missing").waitFor();
  });
});

describe("inside the frame of another site", () => {
  /** A page of a Space, as the browser gets it; the frame in it is this server's. */
  async function openFrame() {
    // A page from elsewhere may else not reach this machine; a real Space is elsewhere itself.
    await context.grantPermissions(["local-network-access"], { origin: "https://huggingface.co" });
    const page = await context.newPage();
    await page.route("https://huggingface.co/**", (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<!doctype html><title>Space</title><iframe src="${server.address}" allow="loopback-network" width="1200" height="700"></iframe>`,
      }),
    );
    const chat = new ChatScreen(page);
    await chat.setAgent(SHORT);
    await page.goto("https://huggingface.co/spaces/someone/memwell");
    const frame = page.frames()[1]!;
    return { page, frame };
  }

  test("where the browser blocks other sites' cookies, a conversation goes on", async () => {
    context = await launchProfile(folder, NO_OTHER_SITES_COOKIES);
    const { frame } = await openFrame();
    const ask = async (question: string, answers: number) => {
      await frame.getByLabel("Your message").fill(question);
      await frame.getByLabel("Your message").press("Enter");
      await frame
        .getByTestId("facts")
        .nth(answers - 1)
        .waitFor();
    };
    await ask("One", 1);
    await ask("Two", 2);
    expect(await frame.getByTestId("question").allTextContents()).toEqual(["One", "Two"]);
    expect(await frame.getByTestId("error").count()).toBe(0);
    expect(await context.cookies(server.address)).toEqual([]);
    await frame.getByTestId("forgotten").waitFor();
    await frame.getByRole("navigation", { name: "Conversations" }).getByRole("link", { name: "One" }).waitFor();
  });
});

test("a browser that keeps cookies holds no token where scripts can read it", async () => {
  context = await launchProfile(folder, {});
  const chat = await openTab();
  await askTwice(chat);
  expect((await context.cookies()).map(({ httpOnly }) => httpOnly)).toEqual([true]);
  expect(await chat.page.evaluate(() => JSON.stringify(Object.entries(localStorage)))).not.toContain("session");
  expect(await chat.page.getByTestId("forgotten").count()).toBe(0);
  await chat.page.reload();
  await chat.questions.getByText("Two").waitFor();
});
