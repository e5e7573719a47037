import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ChatScreen, launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";

/** A visitor from elsewhere, at a server whose owner keeps its figures to himself, and whose model is not there. */
const STRANGER = { "x-forwarded-for": "203.0.113.9" };
const folder = mkdtempSync(path.join(tmpdir(), "memwell-web-owners-"));
const file = path.join(folder, "models", "lost-Q4_0.gguf");
let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  const settings = { MEMWELL_ANALYTICS: "admin", MEMWELL_RESPONSE_MODEL: file };
  [server, browser] = await Promise.all([startServer(settings), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(address: string, body?: object): Promise<string> {
  const headers = { ...STRANGER, "content-type": "application/json" };
  const init = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
  return (await fetch(server.address + address, init)).text();
}

describe("what an owner keeps to himself", () => {
  test("the memory bar is not on a stranger's page, and no empty place for it", async () => {
    const page = await browser.newPage({ extraHTTPHeaders: STRANGER });
    const refused = page.waitForResponse((response) => response.url().endsWith("/api/memory"));
    await page.goto(server.address);
    expect((await refused).status()).toBe(403);
    await new ChatScreen(page).field.waitFor();
    await page.getByTestId("memory-wait").waitFor({ state: "detached" });
    expect(await page.getByTestId("memory").count()).toBe(0);

    await page.goto(`${server.address}/analytics/memory`);
    await page.getByText("This server shows its memory to its administrator alone.").waitFor();
    await page.close();
  });

  test("he sees it himself, at the server's own machine", async () => {
    const page = await browser.newPage();
    await page.goto(server.address);
    await page.getByTestId("memory").waitFor();
    await page.close();
  });

  test("where a model's file lies is in his log, and visitors hear which model it is", async () => {
    const message = "Hello";
    const messages = [{ role: "user", content: message }];
    const told = [
      await ask("/v1/chat/completions", { model: "lost-q4_0", messages }),
      await ask("/v1/chat/completions", { model: "lost-q4_0", messages, stream: true }),
      await ask("/v1/chat/completions", { model: "memwell", messages, stream: true }),
      await ask("/api/chat", { id: "withheld", message }),
    ];
    for (const answer of told) {
      expect(answer).toContain("The model lost-q4_0 cannot be used now: lost-Q4_0.gguf: there is no such file.");
      expect(answer).toContain("choose another model");
    }
    const lists = [await ask("/v1/models"), await ask("/readyz")];
    for (const answer of lists) expect(answer).toContain("lost-Q4_0.gguf: there is no such file");
    for (const answer of [...told, ...lists]) expect(answer).not.toContain(folder);
    expect(server.log()).toContain(`the model lost-q4_0 cannot be used: ${file}: there is no such file`);
    // Once for as long as it lasts, however many ask.
    expect(server.log().split(file)).toHaveLength(2);
  });

  test("a stranger's page says so, too, and so does what he takes along", async () => {
    const page = await browser.newPage({ extraHTTPHeaders: STRANGER });
    const chat = new ChatScreen(page);
    await page.goto(server.address);
    await chat.ask("Hello");
    // Not where the model is chosen: that is told before there is a conversation.
    await chat.log.getByText("The model lost-q4_0 cannot be used now").first().waitFor();
    const text = await page.evaluate(async () => {
      const list = (await (await fetch("/api/conversations")).json()) as { conversations: { id: string }[] };
      return (await fetch(`/api/conversations/${list.conversations[0]?.id}/export?format=json`)).text();
    });
    expect(text).toContain("lost-Q4_0.gguf");
    expect(text).not.toContain(folder);
    await page.close();
  });
});
