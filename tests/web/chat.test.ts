import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { ChatScreen, launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";
import { slowModels } from "./slow-models";

let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let chat: ChatScreen;
const pageErrors: string[] = [];
/** The model that is asked alone: the agent's conversations are in a file of their own. */
const ALONE = "demo-response";

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  expect(await server?.stop()).toBe(0);
});
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1000, height: 720 } });
  const page = await context.newPage();
  pageErrors.length = 0;
  page.on("pageerror", (error) => pageErrors.push(error.message));
  chat = new ChatScreen(page);
  await page.goto(server.address);
  await chat.choose(ALONE);
});
afterEach(async () => {
  await context.close();
  expect(pageErrors).toEqual([]);
});

describe("asking a model alone", () => {
  test("the visitor sees what answers, asks, and watches the answer grow to its line of facts", async () => {
    expect(await chat.page.title()).toBe("Memwell");
    await chat.page.getByText("what it says is nonsense").waitFor();
    expect(await chat.model.locator("option").first().textContent()).toMatch(/^memwell, the whole agent \(/);

    await chat.page.getByText(`${ALONE} answers alone here`).waitFor();

    await chat.makeAnswersLong(120);
    await chat.ask("Hello!");
    await chat.stop.waitFor();
    expect(await chat.status.textContent()).toMatch(
      /loading|starting|preparing|waiting for|looking at|reading your message|answering/i,
    );
    const early = await chat.waitForAnswerLongerThan(0);
    const makeQuick = slowModels(server);
    const later = await chat.waitForAnswerLongerThan(early + 100);
    expect(later).toBeGreaterThan(early);
    expect(await chat.status.textContent()).toContain("answering");
    makeQuick();

    await chat.facts.waitFor();
    expect(await chat.facts.textContent()).toMatch(
      /\d+ tokens · \d+(\.\d)? tokens\/s · \d+ of \d+ prompt tokens reused · .* s/,
    );
    await chat.hear(/^The answer is complete, \d+ tokens\.$/);
    await chat.send.waitFor();
  });

  test("the conversation goes on, and says how much of it was not read again", async () => {
    await chat.ask("One");
    await chat.facts.first().waitFor();
    await chat.ask("Two");
    await chat.facts.nth(1).waitFor();
    const reused = /(\d+) of \d+ prompt tokens reused/.exec((await chat.facts.nth(1).textContent()) ?? "")?.[1];
    expect(Number(reused)).toBeGreaterThan(0);
    expect(await chat.log.getByRole("article").count()).toBe(2);
    await chat.page.getByRole("button", { name: "New chat" }).click();
    await chat.page.getByRole("heading", { name: "begin with an example" }).waitFor();
  });

  test("an example card asks at once", async () => {
    await chat.page.getByRole("button", { name: "Can you explain photosynthesis?" }).click();
    await chat.facts.waitFor();
    expect(await chat.field.evaluate((field) => field === document.activeElement)).toBe(true);
  });

  test("the reasoning model's thinking stands apart from its answer, folded once it answers", async () => {
    await chat.choose("demo-reasoning");
    await chat.ask("Why?");
    await chat.thought.waitFor();
    await chat.facts.waitFor();
    expect(await chat.thought.getAttribute("open")).toBeNull();
    expect(await chat.thought.locator("summary").textContent()).toMatch(/^Thought for \d+ tokens$/);
    await chat.thought.locator("summary").press("Enter");
    expect(await chat.thought.getAttribute("open")).not.toBeNull();
    const thinking = (await chat.thought.getByRole("group").textContent()) ?? "";
    expect(thinking.length).toBeGreaterThan(0);
    expect(thinking).not.toContain("<think>");
  });

  test("a visitor who scrolls up to read is not dragged down by the answer", async () => {
    await chat.makeAnswersLong();
    await chat.ask("Hello!");
    await chat.waitForAnswerLongerThan(1500);
    const makeQuick = slowModels(server);
    await chat.waitForAnswerLongerThan(2000);
    await chat.log.evaluate((log) => (log.scrollTop = 0));
    const length = await chat.waitForAnswerLongerThan(0);
    makeQuick();
    await chat.waitForAnswerLongerThan(length + 300);
    expect(await chat.log.evaluate((log) => log.scrollTop)).toBe(0);
    await chat.stop.click();
  });
});

describe("waiting for a model", () => {
  const queued = (position: number, estimate_ms: number | null) =>
    `: queued ${JSON.stringify({ position, estimate_ms, reason: "busy", models: ["demo-reasoning"] })}\n\n`;
  /** The page's own request is answered with these frames; the stream then breaks off, or goes on for ever. */
  const answerWith = async (frames: string, route = "/v1/chat/completions") =>
    chat.page.addInitScript(
      ([text, asked]) => {
        const real = window.fetch;
        window.fetch = (input, init) => {
          if (input !== asked) return real(input, init);
          const body = new ReadableStream<Uint8Array>({
            start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
          });
          init?.signal?.addEventListener("abort", () => void body.cancel().catch(() => {}));
          return Promise.resolve(new Response(body, { headers: { "content-type": "text/event-stream" } }));
        };
      },
      [frames, route] as const,
    );

  test("the visitor reads the place in the queue, how long it takes, and what it waits for; a screen reader says it", async () => {
    await answerWith(queued(3, null) + queued(2, 100_000));
    await chat.page.reload();
    await chat.choose(ALONE);
    await chat.ask("Hello!");
    await chat.status.getByText("Position 2 in the queue, about 2 min: waiting for demo-reasoning to finish").waitFor();
    await chat.hear(/Position 2 in the queue/);
  });

  test("the visitor reads how far the load is", async () => {
    await answerWith(`${queued(1, null)}: loading ${JSON.stringify({ stage: "model", percent: 63 })}\n\n`);
    await chat.page.reload();
    await chat.choose(ALONE);
    await chat.ask("Hello!");
    await chat.status.getByText(`Loading ${ALONE}: 63 %`).waitFor();
    await chat.hear(`${ALONE} is being loaded.`);
  });

  test("the visitor reads which of the agent's models is loaded, between its steps too", async () => {
    const frame = (chunk: object) => `data: ${JSON.stringify(chunk)}\n\n`;
    const step = (number: number, name: string, role: string) =>
      frame({
        type: "data-step",
        id: `step-${number}`,
        data: { step: number, name, detail: null, role, state: "running" },
      });
    const load = (role: string, percent: number) =>
      frame({ type: "data-wait", transient: true, data: { role, type: "loading", stage: "model", percent } });
    const begin = frame({ type: "start", messageId: "a1" }) + step(1, "slot", "reasoning") + load("reasoning", 12);
    const thought =
      step(2, "thinking", "reasoning") +
      frame({ type: "reasoning-start", id: "r1" }) +
      frame({ type: "reasoning-delta", id: "r1", delta: "hm" });
    await answerWith(begin + thought + step(3, "slot", "response") + load("response", 63), "/api/chat");
    await chat.page.reload();
    await chat.ask("Hello!");
    await chat.thought.getByText("hm").waitFor();
    await chat.status.getByText("Loading the response model: 63 %").waitFor();
    await chat.hear("The response model is being loaded.");
  });

  test("a pinned model is marked where it is chosen", async () => {
    const pin = (action: string) => fetch(`${server.address}/api/models/demo-reasoning/${action}`, { method: "POST" });
    await pin("pin");
    await chat.page.reload();
    await chat.page.waitForFunction(() => document.querySelector("select")?.textContent?.includes("pinned"));
    await pin("unpin");
  });
});

describe("stopping", () => {
  for (const [name, press] of [
    ["the button in the text box", () => chat.stop.click()],
    ["Escape", () => chat.page.keyboard.press("Escape")],
  ] as const) {
    test(`${name} ends the answer, keeps what came, and the next question works`, async () => {
      const makeQuick = slowModels(server);
      await chat.makeAnswersLong();
      await chat.ask("Hello!");
      const length = await chat.waitForAnswerLongerThan(50);
      await press();
      makeQuick();
      await chat.facts.waitFor();
      expect(await chat.facts.textContent()).toMatch(/^stopped · /);
      expect((await chat.answers.textContent())?.length).toBeGreaterThanOrEqual(length);
      await chat.page.unroute("**/v1/chat/completions");
      await chat.ask("Again");
      await chat.facts.nth(1).waitFor();
      expect(await chat.facts.nth(1).textContent()).toMatch(/^\d+ tokens/);
    });
  }
});

describe("failing", () => {
  const long = "word ".repeat(20_000).trim();

  test("a message that is too long is refused in place; it is kept, and can be edited", async () => {
    await chat.ask(long);
    await chat.error.waitFor();
    expect(await chat.error.textContent()).toMatch(/this model holds \d+/);
    expect(await chat.log.getByRole("article").textContent()).toContain(long);
    expect(await chat.error.evaluate((note) => note.getBoundingClientRect().bottom <= window.innerHeight)).toBe(true);
    await chat.error.getByRole("button", { name: "Edit the message" }).click();
    expect(await chat.field.inputValue()).toBe(long);
    expect(await chat.log.getByRole("article").count()).toBe(0);
  });

  test("a server that cannot be reached is said to be, and Retry asks again", async () => {
    await chat.page.route("**/v1/chat/completions", (route) => route.abort("connectionrefused"));
    await chat.ask("Hello!");
    await chat.error.waitFor();
    expect(await chat.error.textContent()).toContain("The server cannot be reached");
    await chat.hear(/The answer failed/);
    await chat.page.unroute("**/v1/chat/completions");
    await chat.error.getByRole("button", { name: "Retry" }).click();
    await chat.facts.waitFor();
    expect(await chat.error.count()).toBe(0);
    expect(await chat.log.getByRole("article").count()).toBe(1);
  });

  test("what was typed but not sent survives a reload", async () => {
    await chat.field.fill("Half a thou");
    await chat.page.reload();
    await chat.page.waitForFunction(() => document.querySelector("textarea")?.value === "Half a thou");
  });

  test("an address that does not exist says so and leads back", async () => {
    const response = await chat.page.goto(`${server.address}/nowhere`);
    expect(response?.status()).toBe(404);
    await chat.page.getByRole("link", { name: "Go to the chat" }).click();
    await chat.field.waitFor();
  });
});

describe("by keyboard", () => {
  test("Shift+Enter begins a line, Enter sends, and nothing is sent while an answer streams", async () => {
    slowModels(server);
    await chat.makeAnswersLong();
    await chat.field.focus();
    await chat.page.keyboard.type("one");
    await chat.page.keyboard.press("Shift+Enter");
    await chat.page.keyboard.type("two");
    expect(await chat.field.inputValue()).toBe("one\ntwo");
    await chat.page.keyboard.press("Enter");
    await chat.stop.waitFor();
    await chat.ask("three");
    expect(await chat.field.inputValue()).toBe("three");
    expect(await chat.log.getByRole("article").count()).toBe(1);
    await chat.page.keyboard.press("Escape");
    await chat.facts.waitFor();
  });

  test("Tab goes through the page in the order it is read", async () => {
    const names: string[] = [];
    for (let step = 0; step < 16; step += 1) {
      await chat.page.keyboard.press("Tab");
      names.push(
        await chat.page.evaluate(() => {
          const focused = document.activeElement;
          return focused?.getAttribute("aria-label") ?? focused?.id.replace(/^_.*$/, "model") ?? "";
        }),
      );
    }
    const place = (name: string) => names.indexOf(name);
    expect(place("Conversation")).toBeGreaterThan(0);
    expect(place("message")).toBeGreaterThan(place("Conversation"));
    expect(place("Send")).toBe(place("message") + 1);
  });

  test("the API panel opens, shows this server's address, and Escape closes it", async () => {
    await chat.page.getByRole("button", { name: "Use via API" }).press("Enter");
    const panel = chat.page.getByRole("dialog");
    expect(await panel.getByRole("tabpanel").textContent()).toContain(`curl -N ${server.address}/v1/chat/completions`);
    await panel.getByRole("tab", { name: "Python" }).press("Enter");
    expect(await panel.getByRole("tabpanel").textContent()).toContain(`OpenAI(base_url="${server.address}/v1"`);
    await chat.page.keyboard.press("ArrowRight");
    expect(await panel.getByRole("tab", { selected: true }).textContent()).toBe("TypeScript");
    await chat.page.keyboard.press("ArrowRight");
    expect(await panel.getByRole("tab", { selected: true }).evaluate((tab) => tab === document.activeElement)).toBe(
      true,
    );
    expect(await panel.getByRole("tabpanel").textContent()).toContain("curl");
    await chat.page.keyboard.press("Escape");
    await panel.waitFor({ state: "hidden" });
  });
});
