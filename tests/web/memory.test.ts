import { resolve } from "node:path";
import { execa } from "execa";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MemoryBody, MemoryLogBody } from "../../lib/wire";
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

  test("every step is on record, for the API and for the command line", async () => {
    await fetch(`${server.address}/api/models/demo-response/load`, { method: "POST" });
    await fetch(`${server.address}/api/models/demo-response/unload`, { method: "POST" });
    const response = await fetch(`${server.address}/api/memory/log?model=demo-response&limit=3`);
    const { records } = (await response.json()) as MemoryLogBody;
    expect(records.map(({ step, phase }) => `${step} ${phase}`)).toEqual(
      ["start", "peak", "end"].map((phase) => `unload ${phase}`),
    );
    expect(records[0]?.process_bytes).toBeGreaterThan(10e6);
    expect(records[2]).toMatchObject({ process_bytes: null, outcome: "done" });

    const program = [resolve("dist/cli.js"), "memory", "log", "--model", "demo-response", "--url", server.address];
    const { stdout } = await execa(process.execPath, program);
    for (const step of ["start", "load", "context", "save", "unload"])
      expect(stdout).toMatch(new RegExp(`\\b${step}\\b`));
  });

  test("a log that cannot be asked for is refused by the name of what is wrong", async () => {
    const response = await fetch(`${server.address}/api/memory/log?limit=lots`);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: "invalid_request", parameter: "limit" } });
  });

  test("Prometheus reads the same figures", async () => {
    const response = await fetch(`${server.address}/metrics`);
    expect(response.headers.get("content-type")).toContain("text/plain; version=0.0.4");
    const text = await response.text();
    expect(text).toContain(`memwell_memory_limit_bytes{bound="user"} ${BUDGET_LIMIT}`);
    expect(text).toMatch(/^memwell_process_resident_bytes\{role="server"\} \d{8,}$/m);
    expect(text).toMatch(/^memwell_ledger_records_total [1-9]\d*$/m);
    expect(text).toMatch(/^memwell_ledger_records_lost_total 0$/m);
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
