import { gzipSync } from "node:zlib";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { ChatScreen, launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";
import { slowModels } from "./slow-models";

let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function open(path: string, options: Parameters<Browser["newPage"]>[0] = {}): Promise<ChatScreen> {
  const page = await browser.newPage(options);
  await page.goto(server.address + path, { waitUntil: "networkidle" });
  return new ChatScreen(page);
}

/** Contrast of WCAG 2 between the colours an element is drawn with; the ground is the nearest one that is painted. */
function contrastOf(element: Element): number {
  const canvas = document.createElement("canvas").getContext("2d")!;
  const luminance = (color: string) => {
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    }) as [number, number, number];
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  let ground: Element | null = element;
  while (ground !== null && getComputedStyle(ground).backgroundColor === "rgba(0, 0, 0, 0)")
    ground = ground.parentElement;
  const text = luminance(getComputedStyle(element).color);
  const behind = luminance(ground === null ? "white" : getComputedStyle(ground).backgroundColor);
  return (Math.max(text, behind) + 0.05) / (Math.min(text, behind) + 0.05);
}

describe("on a phone 320 pixels wide", () => {
  test("nothing scrolls sideways: empty, with answers, with an error, with the API panel", async () => {
    const chat = await open("/", { viewport: { width: 320, height: 568 } });
    expect(await chat.sidewaysScroll()).toBeLessThanOrEqual(0);
    await chat.setAgent({ max_tokens: 8, max_thought_tokens: 4 });
    await chat.ask(`https://example.org/${"a-long-address-without-a-break".repeat(20)}`);
    await chat.facts.waitFor();
    expect(await chat.sidewaysScroll()).toBeLessThanOrEqual(0);
    await chat.ask("word ".repeat(20_000));
    await chat.error.waitFor();
    expect(await chat.sidewaysScroll()).toBeLessThanOrEqual(0);
    await chat.page.getByRole("button", { name: "Use via API" }).click();
    expect(await chat.sidewaysScroll()).toBeLessThanOrEqual(0);
    await chat.page.close();
  });
});

describe("themes", () => {
  const ground = (chat: ChatScreen) =>
    chat.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const LIGHT = "rgb(250, 250, 250)";
  const DARK = "rgb(11, 11, 13)";

  test.each([
    ["/", "light", LIGHT],
    ["/", "dark", DARK],
    ["/?__theme=dark", "light", DARK],
    ["/?__theme=light", "dark", LIGHT],
    ["/?__theme=odd", "dark", DARK],
  ] as const)("%s in a browser set to %s", async (path, colorScheme, expected) => {
    const chat = await open(path, { colorScheme });
    expect(await ground(chat)).toBe(expected);
    await chat.page.close();
  });

  test.each(["light", "dark"] as const)("every text has AA contrast in %s", async (theme) => {
    const chat = await open(`/?__theme=${theme}`);
    await chat.ask("Hello!");
    await chat.facts.waitFor();
    await chat.ask("word ".repeat(20_000));
    await chat.error.waitFor();
    const texts = await chat.page
      .locator("h1, p:not(.sr-only), button:not(:disabled), select, label:not(.sr-only), a, strong, code, time")
      .all();
    expect(texts.length).toBeGreaterThan(10);
    for (const text of texts) {
      if (!(await text.isVisible())) continue;
      const contrast = await text.evaluate(contrastOf);
      expect(contrast, (await text.textContent()) ?? "").toBeGreaterThanOrEqual(4.5);
    }
    await chat.page.close();
  });
});

describe("what axe finds", () => {
  test.each([
    ["light", 1200],
    ["dark", 1200],
    ["light", 320],
    ["dark", 320],
  ] as const)("in %s, %i pixels wide: nothing, whatever is open", async (theme, width) => {
    const context = await browser.newContext({ viewport: { width, height: 720 } });
    const page = await context.newPage();
    const chat = new ChatScreen(page);
    const expectClean = async (state: string) => {
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => ({ state, id, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
    };
    await chat.setAgent({ max_tokens: 12, max_thought_tokens: 6 });
    await page.goto(`${server.address}/?__theme=${theme}`, { waitUntil: "networkidle" });
    await expectClean("an empty chat");
    await chat.ask("What is 3/4 + 1/8?");
    await chat.waitForEnd();
    await page.getByRole("button", { name: "Try again" }).click();
    await chat.log.getByTestId("branches").waitFor();
    await page.getByRole("button", { name: "Bad answer" }).click();
    await chat.thought.locator("summary").click();
    await page.getByRole("button", { name: "Edit" }).click();
    await expectClean("an answer, its comment and thoughts, a question that is changed");
    expect(await chat.sidewaysScroll()).toBeLessThanOrEqual(0);
    if (width < 1024) await page.getByRole("button", { name: "Conversations" }).click();
    await chat.list.getByRole("button", { name: "Actions for" }).click();
    await expectClean("the list with what can be done");
    await chat.list.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("button", { name: "Undo" }).waitFor();
    await expectClean("a conversation that was deleted");
    expect(await chat.sidewaysScroll()).toBeLessThanOrEqual(0);
    await context.close();
  });
});

test("on a phone on its side there is room to read and to write at once", async () => {
  const chat = await open("/", { viewport: { width: 640, height: 360 } });
  await chat.setAgent({ max_tokens: 8, max_thought_tokens: 0 });
  await chat.askToTheEnd("Hello!");
  const box = await chat.field.boundingBox();
  expect(box!.y + box!.height).toBeLessThanOrEqual(360);
  expect((await chat.log.boundingBox())!.height).toBeGreaterThan(100);
  await chat.page.close();
});

test("nothing moves for who asked for no motion", async () => {
  const chat = await open("/", { reducedMotion: "reduce" });
  slowModels(server);
  await chat.setAgent({ max_tokens: 3000, max_thought_tokens: 0, temperature: 0 });
  await chat.ask("Hello!");
  await chat.status.waitFor();
  const animation = await chat.status
    .locator("span")
    .first()
    .evaluate((dot) => getComputedStyle(dot).animationName);
  expect(animation).toBe("none");
  await chat.page.close();
});

test("an empty chat brings no more than 200 kB of JavaScript, compressed", async () => {
  const page = await browser.newPage();
  const scripts: Promise<number>[] = [];
  page.on("response", (response) => {
    if (response.request().resourceType() === "script")
      scripts.push(response.body().then((body) => gzipSync(body).length));
  });
  await page.goto(server.address, { waitUntil: "networkidle" });
  const sizes = await Promise.all(scripts);
  expect(sizes.length).toBeGreaterThan(3);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(200_000);
  await page.close();
});

test("everything comes from this server, fonts too", async () => {
  const page = await browser.newPage();
  const elsewhere: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(server.address)) elsewhere.push(request.url());
  });
  await page.goto(server.address, { waitUntil: "networkidle" });
  expect(elsewhere).toEqual([]);
  expect(await page.evaluate(() => document.fonts.check('16px "Source Sans 3 Variable"'))).toBe(true);
  await page.close();
});
