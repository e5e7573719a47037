import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import type { ModelList } from "../../lib/wire";
import { placeBuiltInModels, TOPICS } from "../fixtures/built-in-models";
import { ensureFixtureModel } from "../fixtures/models";
import { ChatScreen, launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";
import { SHORT } from "./visitor";

const folder = mkdtempSync(path.join(tmpdir(), "memwell-built-in-"));
const own = path.join(folder, "own.gguf");
let browser: Browser;
let context: BrowserContext;
/** One with nothing but what is built in; in the settings of the other stands a model whose file comes later. */
let plain: TestServer;
let wanting: TestServer;
let errors: string[] = [];

beforeAll(async () => {
  const models = await placeBuiltInModels(path.join(folder, "models"));
  const settings = { MEMWELL_BUILTIN_MODELS: models, MEMWELL_THREADS: "1", HF_HUB_OFFLINE: "1" };
  [plain, wanting, browser] = await Promise.all([
    startServer(settings),
    startServer({ ...settings, MEMWELL_RESPONSE_MODEL: own }),
    launchBrowser(),
  ]);
});
afterEach(async () => {
  await context?.close();
  expect(errors).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await plain?.stop();
  await wanting?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function open(server: TestServer, width = 1200, theme = "light"): Promise<ChatScreen> {
  errors = [];
  context = await browser.newContext({ viewport: { width, height: 720 } });
  const chat = new ChatScreen(await context.newPage());
  chat.page.on("pageerror", (error) => errors.push(error.message));
  await chat.setAgent(SHORT);
  await chat.page.goto(`${server.address}/?__theme=${theme}`);
  return chat;
}

const line = ({ page }: ChatScreen, kind: string) => page.locator(`[data-testid=answering][data-kind="${kind}"]`);
const place = ({ page }: ChatScreen) => page.locator("main").boundingBox();

async function expectClean({ page }: ChatScreen, state: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ state, id, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
}

describe("the built-in models", () => {
  test("say how large they are and how much they know; nothing moves when that is known", async () => {
    errors = [];
    context = await browser.newContext({ viewport: { width: 1200, height: 720 } });
    const chat = new ChatScreen(await context.newPage());
    let tell = (): void => {};
    const isToBeTold = new Promise<void>((resolve) => (tell = resolve));
    await chat.page.route("**/v1/models", async (route) => {
      await isToBeTold;
      await route.continue();
    });
    await chat.page.goto(plain.address);
    await chat.page.getByTestId("memory").waitFor();
    const before = await place(chat);
    tell();
    await line(chat, "builtin")
      .getByText(/^Built-in demo model, \d+\.\d million parameters\.$/)
      .waitFor();
    await line(chat, "builtin")
      .getByRole("button", { name: `It knows ${TOPICS.length} topics` })
      .waitFor();
    expect(await place(chat)).toEqual(before);
  });

  test("tell their topics, which can be searched; one that is pressed is a question in the box", async () => {
    const chat = await open(plain);
    await chat.field.fill("a draft");
    await line(chat, "builtin").getByRole("button", { name: "topics" }).click();
    const topics = chat.page.getByRole("group", { name: "Topics" }).getByRole("button");
    await topics.first().waitFor();
    expect((await topics.allTextContents()).sort()).toEqual([...TOPICS].sort());
    await chat.page.getByLabel("Find a topic").fill("war");
    await chat.page.getByText(`1 of ${TOPICS.length}`).waitFor();
    await topics.filter({ hasText: "the Cold War" }).click();
    await chat.page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await chat.field.inputValue()).toBe("Can you explain the Cold War?\n\na draft");
    expect(await chat.field.evaluate((field) => field === document.activeElement)).toBe(true);
  });

  test("lead to larger models with sizes and whether they fit; their own row says its part once", async () => {
    const chat = await open(plain);
    await line(chat, "builtin").getByRole("button", { name: "Larger models" }).click();
    const row = chat.page.locator('[data-model="built-in"]');
    await row.getByText("used for answers and thinking").waitFor();
    const said = (await row.textContent()) ?? "";
    expect(said.match(/answers and thinking/g)).toHaveLength(1);
    expect(said).toMatch(/1\.\d MB · \d+\.\d million parameters · context of 2,048 tokens/);
    expect(said).toContain(`They know ${TOPICS.length} topics`);
    expect(await row.getByTestId("fit").getAttribute("data-mark")).toBe("beside");
    const others = chat.page.locator("[data-model]").filter({ has: chat.page.getByTestId("fit") });
    expect(await others.count()).toBeGreaterThan(5);
  });

  test("from their topics the larger models are one press away, too", async () => {
    const chat = await open(plain, 320);
    await line(chat, "builtin").getByRole("button").first().click();
    await chat.page.getByRole("dialog").getByRole("button", { name: "Larger models" }).click();
    await chat.page.locator('[data-model="built-in"]').waitFor();
    expect(await chat.page.getByRole("dialog").count()).toBe(1);
  });

  test("answer, in their domains too, and the server's log names them", async () => {
    const { data } = (await (await fetch(`${plain.address}/v1/models`)).json()) as ModelList;
    expect(data[0]?.memwell).toMatchObject({
      source: "builtin",
      built_in: { topics: TOPICS },
      settings: { domains: ["education", "business"] },
    });
    const chat = await open(plain);
    await chat.askToTheEnd("Hello");
    await chat.trace.getByRole("button").first().click();
    await chat.trace.getByText("memwell-response").first().waitFor();
    expect(plain.log()).toMatch(/^Answers: memwell-response \(built-in demo model, \d\.\d million parameters\)/m);
  });

  test.each([
    ["light", 1200],
    ["dark", 1200],
    ["light", 320],
    ["dark", 320],
  ] as const)("in %s, %i pixels wide: axe finds nothing in the line and the topics", async (theme, width) => {
    const chat = await open(plain, width, theme);
    await line(chat, "builtin").waitFor();
    await expectClean(chat, "the line");
    expect(await chat.sidewaysScroll()).toBeLessThanOrEqual(0);
    await line(chat, "builtin").getByRole("button").first().click();
    await chat.page.getByLabel("Find a topic").waitFor();
    await expectClean(chat, "the topics");
    expect(await chat.sidewaysScroll()).toBeLessThanOrEqual(0);
  });
});

test("where the chosen model is gone a built-in one answers and says so; it comes back by itself", async () => {
  const chat = await open(wanting);
  await chat.askToTheEnd("Hello");
  await chat.trace.first().getByText("a built-in model stood in").waitFor();
  await chat.trace.first().getByRole("button").first().click();
  await chat.trace.first().getByText("memwell-response came in place of own, which cannot be had").waitFor();
  await line(chat, "stand-in").getByText("own cannot be had now: the built-in demo model answers instead.").waitFor();
  await expectClean(chat, "a built-in model stands in");
  await line(chat, "stand-in").getByRole("button", { name: "Why" }).click();
  const why = (await chat.page.getByTestId("why").textContent()) ?? "";
  expect(why).toContain("own.gguf");
  expect(why).not.toContain(folder);
  await chat.page.keyboard.press("Escape");
  expect((await fetch(`${wanting.address}/readyz`)).status).toBe(200);
  copyFileSync(await ensureFixtureModel("tiny"), own);
  await chat.askToTheEnd("Hello again");
  await line(chat, "own").getByText("own answers, memwell-reasoning thinks first.").waitFor();
  expect(await chat.trace.nth(1).getByText("a built-in model stood in").count()).toBe(0);
});
