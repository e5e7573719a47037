import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { MemoryBody, MemoryLogBody, MemorySamplesBody } from "../../lib/wire";
import { ensureFixtureModel } from "../fixtures/models";
import { commitOf } from "../fixtures/varied-cache";
import { AnalyticsScreen } from "./analytics-screen";
import { launchBrowser } from "./browser";
import { parseCsv, readPicture, saved } from "./downloads";
import { startServer, type TestServer } from "./server";

/** A server with a model that lies in the Hugging Face cache, loaded. */
const home = mkdtempSync(path.join(tmpdir(), "memwell-web-memory-"));
const repo = path.join(home, "hub", "models--org--tiny-GGUF");
const blob = path.join(repo, "blobs", "a".repeat(64));
const commit = commitOf("abc1");
let server: TestServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const file = path.join(repo, "snapshots", commit, "tiny-Q8_0.gguf");
  for (const folder of [path.dirname(blob), path.dirname(file), path.join(repo, "refs")])
    mkdirSync(folder, { recursive: true });
  copyFileSync(await ensureFixtureModel("tiny"), blob);
  symlinkSync(path.relative(path.dirname(file), blob), file);
  writeFileSync(path.join(repo, "refs", "main"), commit);
  const settings = { HF_HOME: home, MEMWELL_RESPONSE_MODEL: file, MEMWELL_THREADS: "1", MEMWELL_MEMORY_BUDGET: "2GiB" };
  [server, browser] = await Promise.all([startServer(settings), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(home, { recursive: true, force: true });
});
beforeEach(async () => {
  await post("load");
  page = await (await browser.newContext({ viewport: { width: 1200, height: 800 } })).newPage();
});
afterEach(() => page.context().close());

const post = (action: string) => fetch(`${server.address}/api/models/tiny-q8_0/${action}`, { method: "POST" });
const ask = async <Body>(address: string) => (await (await fetch(server.address + address)).json()) as Body;
const opened = async () => {
  await page.goto(`${server.address}/analytics/memory`);
  await page.getByTestId("ledger").waitFor();
};

describe("the memory page", () => {
  test("shows the figures that the server says, forecast beside measured", async () => {
    const heard = page.waitForResponse((response) => response.url().endsWith("/api/memory"));
    await opened();
    const memory = (await (await heard).json()) as MemoryBody;
    const [model] = memory.models;
    const row = page.getByTestId("resident").getByRole("row", { name: "tiny-q8_0" });
    const [forecast, ...measured] = await row
      .locator("data")
      .evaluateAll((all) => all.map((each) => Number(each.getAttribute("value"))));
    expect(forecast).toBe(model?.forecast);
    expect(forecast).toBeGreaterThan(1e6);
    // It may have been read once more since.
    for (const [index, bytes] of [model?.rss, model?.peak, model?.anonymous, model?.file].entries())
      expect(Math.abs((measured[index] ?? 0) / (bytes ?? 0) - 1)).toBeLessThan(0.2);
    await page
      .getByTestId("memory")
      .getByText(/held of a budget of 1\.7 GB/)
      .waitFor();
  });

  test("has every step of the ledger, by model and by step, and each new one without a reload", async () => {
    await opened();
    const table = page.getByTestId("ledger");
    const { records } = await ask<MemoryLogBody>("/api/memory/log?limit=600");
    expect(await table.locator("tbody tr").count()).toBe(new Set(records.map((record) => record.step_id)).size);
    const before = await table.locator("[data-step=unload]").count();
    await post("unload");
    await table.locator("[data-step=unload]").nth(before).waitFor();
    await page.getByText("No model is loaded.").waitFor();
    await page.getByLabel("Step", { exact: true }).selectOption("load");
    const steps = await table
      .locator("tbody tr")
      .evaluateAll((rows) => rows.map((row) => row.getAttribute("data-step")));
    expect(new Set(steps)).toEqual(new Set(["load"]));
    await page.getByLabel("Model", { exact: true }).selectOption("tiny-q8_0");
    await table.locator("[data-step=load]").first().waitFor();
    await page.getByLabel("Run", { exact: true }).fill("no-such-run");
    await page.getByRole("button", { name: "Find" }).click();
    await page.getByText("No such step is on record.").waitFor();
  });

  test("draws what the server has kept, and says it in words", async () => {
    // The server writes what it has seen every ten seconds or so.
    await vi.waitUntil(async () => (await ask<MemorySamplesBody>("/api/memory/samples")).times.length > 0, {
      timeout: 30_000,
      interval: 500,
    });
    await opened();
    const chart = page.getByRole("img", { name: "Memory over time" });
    const words = async () =>
      chart.evaluate((canvas) => document.getElementById(canvas.getAttribute("aria-describedby") ?? "")?.textContent);
    for (const span of ["5 minutes", "7 days", "1 hour"]) {
      await page.getByLabel("Show", { exact: true }).selectOption(span);
      await page.getByTestId("memory-chart").getByRole("listitem").filter({ hasText: "web server" }).waitFor();
      expect(await words()).toMatch(/web server \d.* last, from .*tiny-q8_0 \d.*The budget is 1\.7 GB\.$/);
    }
    const picture = await saved(page, "PNG of Memory over time");
    expect(await readPicture(page, picture.bytes)).toEqual({ width: 1600, height: 1000, ground: "255,255,255" });
    const [head, ...rows] = parseCsv((await saved(page, "CSV of Memory over time")).bytes.toString());
    expect(head).toEqual(expect.arrayContaining(["time", "web server (bytes)", "tiny-q8_0 (bytes)"]));
    expect(rows.length).toBeGreaterThan(0);
    for (const cells of rows) expect(new Date(cells[0]!).toISOString()).toBe(cells[0]);
  });

  test("says what happened and why, what was the most and when, and whether a model would fit", async () => {
    await opened();
    const happened = page.getByTestId("events");
    await post("unload");
    await happened.locator("[data-event=unloaded]").first().getByText("somebody asked for it").waitFor();
    await post("load");
    await happened
      .locator("li")
      .first()
      .getByText(/was loaded \(in .* takes .*\)/)
      .waitFor();
    const row = page.getByTestId("peaks").getByRole("row", { name: "tiny-q8_0" });
    const { peaks } = await ask<MemoryBody>("/api/memory");
    const known = peaks.find(({ of, figure }) => of === "model" && figure === "resident");
    const shown = await row.locator("data").evaluateAll((all) => all.map((each) => Number(each.getAttribute("value"))));
    for (const bytes of shown) expect(Math.abs(bytes / (known?.kept?.bytes ?? 0) - 1)).toBeLessThan(0.2);
    await page.getByLabel("The model to ask about").fill("tiny-q8_0");
    await page.getByRole("button", { name: "Look", exact: true }).click();
    await page
      .getByTestId("fit")
      .getByText(/^It fits beside .* tiny-q8_0 needs \d/)
      .waitFor();
    await page.getByLabel("The model to ask about").fill("nothing/of/this.gguf");
    await page.getByRole("button", { name: "Look", exact: true }).click();
    await page
      .getByTestId("fit")
      .getByText(/this\.gguf: there is no such file/)
      .waitFor();
  });

  test("asks only for what is new, and for nothing while it is hidden", async () => {
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await opened();
    const isMore = (route: string) => (request: { url: () => string }) =>
      new RegExp(`/api/memory/${route}\\?.*after=\\d+`).test(request.url());
    await Promise.all(["log", "events", "samples"].map((route) => page.waitForRequest(isMore(route))));
    await page.evaluate(() => {
      Object.defineProperty(document, "hidden", { value: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await page.waitForLoadState("networkidle");
    const count = asked.length;
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    expect(asked.length).toBe(count);
  });

  test.each([
    ["light", 1200],
    ["dark", 320],
  ] as const)("in %s, %i pixels wide: axe finds nothing, nothing scrolls sideways", async (theme, width) => {
    await page.setViewportSize({ width, height: 700 });
    await page.goto(`${server.address}/analytics/memory?__theme=${theme}`);
    await page.getByTestId("ledger").waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
    expect(await new AnalyticsScreen(page).sidewaysScroll()).toBeLessThanOrEqual(0);
  });
});

test("the cache page marks what a loaded model is using; a cleaning leaves it, and says so", async () => {
  const screen = new AnalyticsScreen(page);
  await page.goto(`${server.address}/analytics/cache`);
  const row = screen.row("model/org/tiny-GGUF");
  await row.getByText("in use by tiny-q8_0").last().waitFor();
  await row.getByLabel("Pick org/tiny-GGUF").check();
  await page.getByRole("button", { name: "Remove what is picked" }).click();
  await screen.dialog.getByText("model/org/tiny-GGUF is in use by tiny-q8_0").waitFor();
  await screen.dialog.getByRole("button", { name: "Remove this" }).click();
  await screen.dialog
    .getByTestId("kept")
    .getByText(/^org\/tiny-GGUF stays: .*use/)
    .waitFor();
  expect(await screen.bytesIn(screen.dialog.getByTestId("freed"))).toBe(0);
});
