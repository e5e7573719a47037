import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MemoryBody } from "../../lib/wire";
import { ChatScreen, launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";

const BUDGET_LIMIT = 2 * 1024 ** 3;
let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer({ MEMWELL_MEMORY_BUDGET: "2GiB" }), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const readMemory = async () => (await (await fetch(`${server.address}/api/memory`)).json()) as MemoryBody;

describe("memory", () => {
  test("the API tells the limit, who set it, and every process", async () => {
    await fetch(`${server.address}/api/models/demo-response/load`, { method: "POST" });
    const memory = await readMemory();
    expect(memory.limit).toMatchObject({ bytes: BUDGET_LIMIT, bound: "user" });
    expect(memory.budget).toBe(Math.floor(BUDGET_LIMIT * 0.8));
    expect(memory.models).toMatchObject([{ ids: ["demo-response"], state: "ready" }]);
    expect(memory.models[0]?.rss).toBeGreaterThan(10e6);
    expect(memory.server?.rss).toBeGreaterThan(10e6);
  });

  test("an unloaded model holds nothing any more", async () => {
    await fetch(`${server.address}/api/models/demo-response/load`, { method: "POST" });
    await fetch(`${server.address}/api/models/demo-response/unload`, { method: "POST" });
    expect((await readMemory()).models).toEqual([]);
  });

  test("the page shows the budget as a bar, and a model in it once it has answered", async () => {
    const page = await browser.newPage({ viewport: { width: 1000, height: 700 } });
    await page.goto(server.address);
    const bar = page.getByTestId("memory");
    await bar.getByText(/held of a budget of 1\.7 GB \(80 % of 2\.1 GB, set by MEMWELL_MEMORY_BUDGET\)/).waitFor();
    const screen = new ChatScreen(page);
    await screen.ask("Hello");
    await screen.facts.first().waitFor();
    await bar.getByText(/demo-response \d+ MB/).waitFor();
    await page.close();
  });
});
