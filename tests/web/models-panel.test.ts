import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { execa } from "execa";
import type { Browser, BrowserContext, BrowserContextOptions, Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { CatalogueBody } from "../../lib/wire";
import { offerModels } from "../fixtures/choosable-models";
import { HubServer } from "../fixtures/hub-server";
import { ChatScreen, launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";
import { SHORT } from "./visitor";

const TOKEN = "a-token-of-this-test";
const STRANGER: BrowserContextOptions = { extraHTTPHeaders: { "x-forwarded-for": "203.0.113.7" } };
const home = mkdtempSync(path.join(tmpdir(), "memwell-models-"));
let hub: HubServer;
let server: TestServer;
let browser: Browser;
let context: BrowserContext;
let errors: string[] = [];

beforeAll(async () => {
  hub = await HubServer.start();
  const settings = {
    HF_HOME: home,
    HF_ENDPOINT: hub.url,
    MEMWELL_CATALOGUE: await offerModels(hub, home),
    MEMWELL_ADMIN_TOKEN: TOKEN,
    MEMWELL_THREADS: "1",
  };
  [server, browser] = await Promise.all([startServer(settings), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  expect(await server?.stop()).toBe(0);
  await hub?.close();
  rmSync(home, { recursive: true, force: true });
});
beforeEach(() => {
  errors = [];
});
afterEach(async () => {
  hub.rate = null;
  await context?.close();
  expect(errors).toEqual([]);
});

/** The page with the models to choose from open. */
async function open(options: BrowserContextOptions = {}, theme = "light"): Promise<ChatScreen> {
  context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
  const chat = new ChatScreen(await context.newPage());
  chat.page.on("pageerror", (error) => errors.push(error.message));
  await chat.setAgent(SHORT);
  await chat.page.goto(`${server.address}/?__theme=${theme}`);
  await openPanel(chat);
  return chat;
}

async function openPanel({ page }: ChatScreen): Promise<void> {
  await page.getByRole("button", { name: "Models", exact: true }).click();
  await page.locator("[data-model]").first().waitFor();
}

const row = ({ page }: ChatScreen, id: string): Locator => page.locator(`[data-model="${id}"]`);
const phase = ({ page }: ChatScreen, name: string): Locator => page.locator(`[data-testid=use][data-phase=${name}]`);

async function expectClean({ page }: ChatScreen, state: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ state, id, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
}

/** The model that the agent's next answer names in its trace. */
async function expectAnswerFrom(chat: ChatScreen, model: string): Promise<void> {
  const before = await chat.trace.count();
  await chat.ask("Hello");
  await chat.questions.nth(before).waitFor();
  await chat.waitForEnd();
  await chat.trace.nth(before).getByRole("button").first().click();
  await chat.trace.nth(before).getByText(model).first().waitFor();
}

const catalogue = async (headers: Record<string, string> = {}) =>
  (await (await fetch(`${server.address}/api/models/catalogue`, { headers })).json()) as CatalogueBody;
const post = (headers: Record<string, string> = {}, method = "POST") =>
  fetch(`${server.address}/api/models/use`, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(method === "POST" && { body: JSON.stringify({ id: "tutor" }) }),
  });

describe("choosing a model on the page", () => {
  test("downloads it with its progress, and the next question is answered by it", async () => {
    const chat = await open();
    expect(await row(chat, "tutor").getByTestId("fit").getAttribute("data-mark")).toMatch(/^(beside|alone)$/);
    // It would take half a minute: nobody can miss that.
    hub.rate = 500_000;
    await chat.page.getByRole("button", { name: "Download and use The tutor" }).click();
    await chat.page.waitForFunction(() =>
      /Downloading The tutor: .* of 17 MB/.test(document.querySelector("[data-testid=use]")?.textContent ?? ""),
    );
    expect(await chat.page.getByRole("progressbar").getAttribute("aria-valuenow")).toMatch(/^\d+$/);
    hub.rate = null;
    await phase(chat, "done").waitFor();
    expect(await phase(chat, "done").getByRole("status").textContent()).toContain("The tutor is used for answers");
    await row(chat, "tutor").getByText("used for answers").waitFor();
    await chat.page.keyboard.press("Escape");
    await expectAnswerFrom(chat, "tutor-q8_0");
  });

  test("can be cancelled: the one before answers on", async () => {
    const before = (await catalogue()).models.find(({ used_as }) => used_as.includes("reasoning"))?.id;
    const chat = await open();
    hub.rate = 20_000;
    await chat.page.getByLabel("Use The both for").selectOption("reasoning");
    await chat.page.getByRole("button", { name: "Download and use The both" }).click();
    await chat.page.getByRole("button", { name: "Cancel" }).click();
    await phase(chat, "cancelled").waitFor();
    await chat.page.waitForFunction(() => document.activeElement?.getAttribute("data-phase") === "cancelled");
    expect((await catalogue()).models.find(({ used_as }) => used_as.includes("reasoning"))?.id).toBe(before);
  });

  test("that cannot be loaded says why, and what answers on; a reload says so again", async () => {
    const chat = await open();
    await chat.page.getByRole("button", { name: "Download and use The liar" }).click();
    await phase(chat, "failed").waitFor();
    for (const isAgain of [false, true]) {
      if (isAgain) await chat.page.reload();
      if (isAgain) await openPanel(chat);
      const said = (await phase(chat, "failed").textContent()) ?? "";
      expect(said).toContain("llama.cpp could not load");
      expect(said).toContain("goes on answering");
    }
    await chat.page.keyboard.press("Escape");
    await chat.ask("Hello");
    await chat.waitForEnd();
    expect(await chat.error.count()).toBe(0);
  });

  test("goes back to what is built in", async () => {
    await fetch(`${server.address}/api/models/use`, { method: "POST", body: JSON.stringify({ id: "both" }) });
    const chat = await open();
    await row(chat, "both").getByText("used for answers and thinking").waitFor();
    await chat.page.getByRole("button", { name: "Use Built-in models" }).click();
    await row(chat, "built-in").getByText("used for answers and thinking").waitFor();
    await chat.page.keyboard.press("Escape");
    await expectAnswerFrom(chat, "demo-response");
  });
});

test("the command line chooses for the running server, too", async () => {
  const memwell = (...given: string[]) =>
    execa(process.execPath, [path.resolve("dist/cli.js"), "models", ...given, "--url", server.address], { cwd: home });
  const used = await memwell("use", "both", "--role", "reasoning");
  expect(used.stdout).toBe("The both answers now (reasoning).");
  const listed = JSON.parse((await memwell("list", "--json")).stdout) as CatalogueBody;
  expect(listed.models.find(({ id }) => id === "both")).toMatchObject({ used_as: ["reasoning"], on_disk: true });
  expect((await memwell("use", "built-in")).exitCode).toBe(0);
});

describe("who may choose", () => {
  test("a visitor sees the list and a sentence, and no way to choose, until he has the token", async () => {
    const chat = await open(STRANGER);
    expect(await chat.page.getByTestId("who").textContent()).toContain("Whoever runs this server chooses");
    expect(await row(chat, "tutor").getByRole("button").count()).toBe(0);
    const token = chat.page.getByLabel("Admin token");
    await token.fill("not it, but long enough");
    await token.press("Enter");
    await chat.page.getByText("This was not the token").waitFor();
    expect(await row(chat, "both").getByRole("button").count()).toBe(0);
    await token.fill(TOKEN);
    await token.press("Enter");
    await row(chat, "both").getByRole("button").waitFor();
    expect(await chat.page.getByTestId("who").count()).toBe(0);
  });

  test("is refused without a token from elsewhere, and from pages of other sites; nothing begins", async () => {
    const { use: before } = await catalogue();
    const elsewhere = { "x-forwarded-for": "203.0.113.7" };
    for (const method of ["POST", "DELETE"]) {
      for (const headers of [
        elsewhere,
        { ...elsewhere, authorization: "Bearer wrong-token" },
        { origin: "https://evil.example" },
        { origin: "null" },
      ]) {
        const refused = await post(headers, method);
        expect([refused.status, await refused.json()]).toMatchObject([403, { error: { code: "admin_only" } }]);
      }
    }
    expect((await catalogue()).use?.id ?? null).toBe(before?.id ?? null);
    const answer = await fetch(`${server.address}/api/models/use`, {
      method: "OPTIONS",
      headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
    });
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("what went wrong, which names folders, is not for strangers", async () => {
    const [own, strange] = [await catalogue(), await catalogue({ "x-forwarded-for": "203.0.113.7" })];
    expect([own.may_use, strange.may_use]).toEqual(["yes", "token"]);
    expect(JSON.stringify(strange)).not.toContain(home);
  });
});

test.each([
  ["light", 1200],
  ["dark", 1200],
  ["light", 320],
  ["dark", 320],
] as const)(
  "in %s, %i pixels wide: axe finds nothing in it, and nothing is wider than the window",
  async (theme, width) => {
    const chat = await open({ viewport: { width, height: 720 } }, theme);
    await expectClean(chat, "the list");
    await chat.page.getByRole("button", { name: /use The broken$/ }).click();
    await phase(chat, "failed").waitFor();
    await expectClean(chat, "a failure");
    expect(await chat.sidewaysScroll()).toBeLessThanOrEqual(0);
  },
);
