import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { AlertEntry } from "../../lib/wire";

import { AnalyticsScreen } from "./analytics-screen";
import { launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";

const folder = mkdtempSync(path.join(tmpdir(), "memwell-web-alerts-"));
const QUIET = {
  MEMWELL_DATA_DIR: path.join(folder, "data"),
  HF_HOME: folder,
  MEMWELL_ALERT_DISK: "off",
  MEMWELL_ALERT_BUDGET: "off",
  MEMWELL_ALERT_EVICTIONS: "off",
};
/** No disk has so much room. */
const ALERTING = { ...QUIET, MEMWELL_ALERT_DISK: "100000TB" };
/** And no server holds so little. */
const ALERTING_TWICE = { ...ALERTING, MEMWELL_MEMORY_BUDGET: "2GiB", MEMWELL_ALERT_BUDGET: "0.001" };
let browser: Browser;
let server: TestServer | null = null;
let context: BrowserContext;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => context?.close());

/** Another server at the same address, on the same data. */
async function serve(settings: Record<string, string>): Promise<void> {
  const port = server === null ? {} : { PORT: new URL(server.address).port };
  await server?.stop();
  server = await startServer({ ...settings, ...port });
}

/** Waits until so many alerts last. */
async function waitForOpen(count: number): Promise<void> {
  const open = async () => {
    const body = (await (await fetch(`${server!.address}/api/alerts`)).json()) as { alerts: AlertEntry[] };
    return body.alerts.filter(({ ended_at }) => ended_at === null).length;
  };
  await expect.poll(open, { timeout: 30_000 }).toBe(count);
}

async function openPage(address: string, options: BrowserContextOptions = {}): Promise<Page> {
  context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
  const page = await context.newPage();
  await page.goto(server!.address + address);
  return page;
}

test("nothing is shown while there is nothing to tell", async () => {
  await serve(QUIET);
  const page = await openPage("/healthz");
  const answered = page.waitForResponse((response) => response.url().includes("/api/alerts"));
  await page.goto(`${server!.address}/analytics/memory`);
  await (await answered).finished();
  await page.getByTestId("memory").waitFor();
  expect(await page.getByTestId("alerts").count()).toBe(0);
  expect(await page.getByTestId("past-alerts").count()).toBe(0);
});

test("an alert stands above each part with what, when, figures and what to do; announced, and hidden until it comes again", async () => {
  await serve(ALERTING_TWICE);
  await waitForOpen(2);
  const page = await openPage("/analytics/cache");
  const alerts = page.getByTestId("alerts");
  const disk = alerts.locator("[data-alert=disk_free]");
  await disk.getByText(/^Free disk [\d.]+ [TG]B, 100000 TB is the bound$/).waitFor();
  await disk.getByText("Free some: memwell cache prune.").waitFor();
  const began = await disk.locator("time").first().getAttribute("datetime");
  expect(Math.abs(Date.parse(began ?? "") - Date.now())).toBeLessThan(600_000);
  const budget = alerts.locator("[data-alert=memory_budget]");
  await budget.getByText(/% held, 0\.1 % is the bound$/).waitFor();
  const announced = page.getByTestId("alert-announcement");
  expect(await announced.getAttribute("role")).toBe("status");
  expect(await announced.locator("span").allTextContents()).toEqual([
    expect.stringMatching(/^Alert: .* of disk are free/),
    expect.stringMatching(/^Alert: .* of the memory budget is held/),
  ]);
  await budget.getByRole("link", { name: "Look at the memory" }).click();
  await page.waitForURL(/\/analytics\/memory$/);
  await budget.waitFor();
  await disk.getByRole("button", { name: "Hide until it comes again" }).click();
  await disk.waitFor({ state: "detached" });
  expect(await announced.locator("span").count()).toBe(1);
  await page.reload();
  await budget.waitFor();
  expect(await disk.count()).toBe(0);
  const past = page.getByTestId("past-alerts");
  await past.getByText("Past and hidden alerts (1)").click();
  await past.locator("[data-alert=disk_free]").getByText("lasting").waitFor();

  // It passes, and the page that is open says so.
  await serve(QUIET);
  await waitForOpen(0);
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await alerts.waitFor({ state: "detached" });
  await past.getByText("Past and hidden alerts (2)").waitFor();
  await past
    .locator("[data-alert=memory_budget]")
    .getByText(/, until /)
    .waitFor();

  // It comes again, and is another one than that which was hidden.
  await serve(ALERTING);
  await waitForOpen(1);
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await disk.waitFor();
  await past.getByText("Past and hidden alerts (2)").waitFor();
});

test("what has not changed is not sent again, and nothing is asked while the page is hidden", async () => {
  await serve(ALERTING);
  await waitForOpen(1);
  const page = await openPage("/analytics/cache");
  await page.getByTestId("alerts").waitFor();
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/api/alerts")) asked.push(request.url());
  });
  const [again] = await Promise.all([
    page.waitForResponse((response) => response.url().includes("/api/alerts?known=")),
    page.evaluate(() => document.dispatchEvent(new Event("visibilitychange"))),
  ]);
  expect(await again.json()).toMatchObject({ unchanged: true });
  await page.getByTestId("alerts").waitFor();
  const count = asked.length;
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.waitForLoadState("networkidle");
  expect(asked.length).toBe(count);
  const refused = await fetch(`${server!.address}/api/alerts?known=everything`);
  expect(refused.status).toBe(400);
});

test.each([
  ["light", 1200],
  ["dark", 320],
] as const)("in %s, %i pixels wide: axe finds nothing, nothing scrolls sideways", async (theme, width) => {
  await serve(ALERTING_TWICE);
  await waitForOpen(2);
  const page = await openPage(`/analytics/cache?__theme=${theme}`, { viewport: { width, height: 720 } });
  const budget = page.getByTestId("alerts").locator("[data-alert=memory_budget]");
  await budget.getByRole("button", { name: "Hide until it comes again" }).click();
  await budget.waitFor({ state: "detached" });
  await page.getByTestId("past-alerts").locator("summary").click();
  await page.getByTestId("past-alerts").locator("[data-alert]").first().waitFor();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
  expect(await new AnalyticsScreen(page).sidewaysScroll()).toBeLessThanOrEqual(0);
});
