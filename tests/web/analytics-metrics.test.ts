import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import BetterSqlite3 from "better-sqlite3";
import { execa } from "execa";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { MetricsRunsBody, MetricsSummary } from "../../lib/wire";
import { AnalyticsScreen } from "./analytics-screen";
import { launchBrowser } from "./browser";
import { parseCsv, readPicture, saved } from "./downloads";
import { startServer, type TestServer } from "./server";
import { SHORT, smallModels, visitorFetch } from "./visitor";

const HOUR = 3_600_000;
const SOON = { timeout: 30_000 };
const TOKEN = "admin-token-of-this-test";
const STRANGER: BrowserContextOptions = { extraHTTPHeaders: { "x-forwarded-for": "203.0.113.9" } };
const folder = mkdtempSync(path.join(tmpdir(), "memwell-web-metrics-"));
let settings: Record<string, string>;
let server: TestServer;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  settings = { ...(await smallModels(folder)), MEMWELL_ADMIN_TOKEN: TOKEN };
  [server, browser] = await Promise.all([startServer(settings), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  expect(await page.evaluate(() => (window as unknown as { violations: string[] }).violations)).toEqual([]);
  await page.context().close();
});

async function open(query = "", options: BrowserContextOptions = {}): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
  page = await context.newPage();
  await page.addInitScript(() => {
    const found: string[] = [];
    Object.assign(window, { violations: found });
    document.addEventListener("securitypolicyviolation", (event) => found.push(event.effectiveDirective));
  });
  await page.goto(`${server.address}/analytics/metrics${query}`);
}

const ask = async <Body>(route: string) => (await (await fetch(server.address + route)).json()) as Body;
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const chart = (id: string) => page.locator(`[data-chart="${id}"]`);
const rows = () => page.getByTestId("run");
const button = (name: string) => page.getByRole("button", { name, exact: true });
const screen = () => new AnalyticsScreen(page);

test("on an empty server it says that there are no turns yet, and nothing that was not measured", async () => {
  await open();
  await page.getByTestId("no-runs").getByText("No turns yet.").waitFor();
  await page.getByTestId("no-turns").waitFor();
  expect(await page.getByTestId("metrics-chart").count()).toBe(0);
  expect(await screen().figure("Turns")).toBe(0);
});

describe("after some turns", () => {
  beforeAll(async () => {
    const send = (fetchAs: typeof fetch, route: string, body: object) =>
      fetchAs(new URL(route, server.address), {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const visitors = [visitorFetch(() => server.address), visitorFetch(() => server.address)] as const;
    const questions = ["What is a fraction?", "What is 12 * 12?", "=SUM(1+1)", "Why is the sky blue?"];
    for (const [index, text] of questions.entries()) {
      const id = `chat-${index}`;
      const message = { id: `${id}-question`, role: "user", parts: [{ type: "text", text }] };
      const asked = await send(visitors[index % 2]!, "/api/chat", { id, messages: [message], ...SHORT });
      expect(asked.status).toBe(200);
      await asked.text();
    }
    const { messages } = (await (await visitors[1]("/api/conversations/chat-1")).json()) as {
      messages: { id: string; role: string }[];
    };
    const answer = messages.find(({ role }) => role === "assistant")!;
    const opinion = await visitors[1](`/api/conversations/chat-1/messages/${answer.id}/feedback`, {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ rating: "like" }),
    });
    expect(opinion.status).toBe(200);
    const { data } = await ask<{ data: { id: string }[] }>("/v1/models");
    const model = data.find(({ id }) => id !== "memwell")!.id;
    const hello = { role: "user", content: "Hello" };
    await (await send(fetch, "/v1/chat/completions", { model, messages: [hello], max_tokens: 8 })).text();
    // No context is so long: a turn that fails.
    const endless = { role: "user", content: "word ".repeat(20_000) };
    expect((await send(fetch, "/v1/chat/completions", { model, messages: [endless] })).ok).toBe(false);

    expect((await ask<MetricsSummary>("/api/metrics")).total.turns).toBe(6);
    // As if they had been asked in the course of some hours, with one in which nobody came.
    const database = new BetterSqlite3(path.join(folder, "data", "memwell.db"));
    const keys = database.prepare("SELECT key FROM run_figures ORDER BY key").pluck().all() as number[];
    const move = database.prepare("UPDATE run_figures SET began_at = began_at - ? WHERE key = ?");
    for (const [index, key] of keys.entries()) move.run(([5, 4, 4, 2, 1][index] ?? 0) * HOUR, key);
    database.close();
  });

  const drawn = (id: string) =>
    page.waitForFunction((name) => {
      const canvas = document.querySelector<HTMLCanvasElement>(`[data-chart="${name}"] canvas`);
      const pixels = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data;
      return pixels?.some((value) => value !== 0) === true ? canvas?.toDataURL() : null;
    }, id);
  /** Waits until a chart is drawn otherwise than in this picture, and gives the new one. */
  const redrawn = async (id: string, before: string): Promise<string> => {
    const found = await page.waitForFunction(
      ([name, known]) => {
        const picture = document.querySelector<HTMLCanvasElement>(`[data-chart="${name}"] canvas`)?.toDataURL();
        return picture !== known && picture;
      },
      [id, before] as const,
    );
    return (await found.jsonValue()) as string;
  };
  const pictureOf = async (id: string) => (await (await drawn(id)).jsonValue())!;

  test("its figures are those of /api/metrics and of `memwell metrics export`", async () => {
    await open("?range=24h&by=hour");
    await chart("turns").waitFor();
    const { total } = await ask<MetricsSummary>("/api/metrics?by=hour");
    const shown = async (name: string) => screen().figure(name);
    expect(await shown("Turns")).toBe(total.turns);
    expect(await shown("Visitors")).toBe(total.visitors);
    expect(await shown("Conversations")).toBe(total.conversations);
    expect(await shown("Likes")).toBe(total.likes);
    expect(await shown("Dislikes")).toBe(total.dislikes);
    expect(await shown("Errors")).toBe(sum(Object.values(total.errors)));
    expect([total.turns, total.likes, total.visitors, sum(Object.values(total.errors))]).toEqual([6, 1, 2, 1]);

    const { stdout } = await execa(
      process.execPath,
      [path.resolve("dist/cli.js"), "metrics", "export", "--format", "csv"],
      { env: { ...process.env, ...settings } },
    );
    const [head = [], ...exported] = parseCsv(`${stdout.trimEnd()}\r\n`);
    const column = (name: string) => exported.map((cells) => cells[head.indexOf(name)] ?? "");
    expect(exported).toHaveLength(total.turns);
    expect(column("error").filter((code) => code !== "")).toEqual(Object.keys(total.errors));

    // Hour by hour, in the table of a chart: what was measured, and nothing for the hour without a turn.
    await button("Table of Time to first token").click();
    const table = page.getByRole("region", { name: "Table: Time to first token" });
    const read = await table.locator("tbody tr").evaluateAll((found) =>
      found.map((row) => ({
        hour: row.querySelector("th")?.textContent,
        values: [...row.querySelectorAll("td")].map(
          (cell) => cell.querySelector("data")?.getAttribute("value") ?? null,
        ),
      })),
    );
    const hours = new Map<string, number[]>();
    for (const [index, began] of column("began_at").entries()) {
      const first = column("first_token_ms")[index]!;
      const hour = `${began.slice(0, 13)}:00Z`;
      hours.set(hour, [...(hours.get(hour) ?? []), ...(first === "" ? [] : [Number(first)])]);
    }
    const ranked = (values: number[], share: number) =>
      [...values].sort((a, b) => a - b).find((_, index) => (index + 1) / values.length >= share);
    expect(read.map(({ hour }) => hour)).toEqual([...hours.keys()].sort());
    for (const { hour, values } of read) {
      const measured = hours.get(hour!)!;
      expect(values.map((value) => value && Number(value))).toEqual(
        [0.5, 0.95].map((share) => ranked(measured, share) ?? null),
      );
    }
  });

  test("smoothing, a logarithmic axis and a stretch drawn out change the drawing; the first two survive a reload", async () => {
    await open("?range=24h&by=hour");
    let picture = await pictureOf("turns");
    await page.getByLabel("Smoothing").focus();
    await page.keyboard.press("End");
    picture = await redrawn("turns", picture);
    expect(new URL(page.url()).searchParams.get("smooth")).toBe("0.9");
    await button("Log axis of Turns and visitors").click();
    picture = await redrawn("turns", picture);
    await page.reload();
    await drawn("turns");
    expect(await page.getByLabel("Smoothing").inputValue()).toBe("0.9");
    expect(await button("Log axis of Turns and visitors").getAttribute("aria-pressed")).toBe("true");
    expect(await button("Log axis of Conversations").getAttribute("aria-pressed")).toBe("false");

    picture = await pictureOf("conversations");
    const canvas = chart("conversations").locator("canvas");
    await canvas.scrollIntoViewIfNeeded();
    const { x, y, width, height } = (await canvas.boundingBox())!;
    await page.mouse.move(x + width * 0.5, y + height * 0.5);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.7, y + height * 0.5, { steps: 3 });
    await page.mouse.move(x + width * 0.9, y + height * 0.5, { steps: 3 });
    await page.mouse.up();
    await button("Back to all of Conversations").waitFor();
    await page.mouse.move(0, 0);
    picture = await redrawn("conversations", picture);
    await button("Back to all of Conversations").click();
    await button("Back to all of Conversations").waitFor({ state: "detached" });
    await redrawn("conversations", picture);
  });

  test("by model there is a bar for each; a series can be taken out; hours of 90 days are not offered", async () => {
    await open("?by=model");
    const words = chart("turns").locator("p.sr-only");
    const { groups } = await ask<MetricsSummary>("/api/metrics?by=model");
    await expect.poll(() => words.textContent(), SOON).toContain("Bars by model. turns: ");
    for (const { key, turns } of groups) expect(await words.textContent()).toContain(`${key} ${turns}`);
    const picture = await pictureOf("turns");
    await chart("turns").getByRole("button", { name: "visitors", exact: true }).click();
    await redrawn("turns", picture);
    await page.getByLabel("Range").selectOption("90 days");
    await page.waitForURL("**range=90d**");
    expect(await page.getByLabel("By", { exact: true }).getByRole("option", { name: "hour" }).isDisabled()).toBe(true);
  });

  test.each(["light", "dark"] as const)("charts can be taken along, in %s", async (theme) => {
    await open(`?range=24h&by=hour&smooth=0.6&__theme=${theme}`);
    await drawn("steps");
    const { name, bytes } = await saved(page, "PNG of Turn time by step");
    expect(name).toBe("turn-time-by-step.png");
    const ground = theme === "light" ? "255,255,255" : "24,24,27";
    expect(await readPicture(page, bytes)).toEqual({ width: 1600, height: 1000, ground });

    const file = await saved(page, "CSV of Turns and visitors");
    expect(file.name).toBe("turns-and-visitors.csv");
    const { groups } = await ask<MetricsSummary>("/api/metrics?by=hour");
    // Not smoothed: what was measured.
    expect(parseCsv(file.bytes.toString())).toEqual([
      ["hour", "turns", "visitors"],
      ...groups.map(({ key, turns, visitors }) => [`${key}:00Z`, String(turns), String(visitors)]),
    ]);
  });

  test("turns are found, open to their steps, and come page by page", async () => {
    await open();
    await rows().first().waitFor();
    const { runs } = await ask<MetricsRunsBody>("/api/metrics/runs");
    const keys = () => rows().evaluateAll((all) => all.map((row) => Number(row.getAttribute("data-key"))));
    expect(await keys()).toEqual(runs.map(({ key }) => key));

    await page.getByLabel("Search turns").fill("FRACTION");
    await button("Find").click();
    await expect.poll(() => rows().count(), SOON).toBe(1);
    const [found] = runs.filter(({ words }) => words?.question === "What is a fraction?");
    const row = page.locator(`[data-key="${found!.key}"]`);
    await row.getByRole("button").click();
    const inside = row.getByTestId("run-inside");
    await inside.getByText("What is a fraction?").waitFor();
    const [took] = await inside.locator('[data-step="response"] data').all();
    expect(Number(await took!.getAttribute("value"))).toBe(found!.step_ms["response"]);
    for (const { id, answer, source } of found!.decisions!)
      await inside.getByText(`${id}: ${answer} (${source})`).waitFor();

    await page.getByLabel("Search turns").fill("nobody said this");
    await button("Find").click();
    await page.getByText("No such turn was found.").waitFor();

    await page.route("**/api/metrics/runs?*", (route) =>
      route.continue({ url: route.request().url().replace("limit=25", "limit=4") }),
    );
    await page.reload();
    await button("Older").click();
    await expect.poll(keys, SOON).toEqual(runs.slice(4).map(({ key }) => key));
    expect(await button("Older").isDisabled()).toBe(true);
    await button("Newer").click();
    await expect.poll(keys, SOON).toEqual(runs.slice(0, 4).map(({ key }) => key));
  });

  test("from elsewhere, what was asked is shown to whoever has the admin token", async () => {
    await open("", STRANGER);
    await rows().first().waitFor();
    expect(await page.getByTestId("runs").textContent()).not.toContain("fraction");
    await button("What was asked").click();
    await page.getByLabel("Admin token").fill(TOKEN);
    await button("Show").click();
    await page.getByTestId("runs").getByText("What is a fraction?").first().waitFor();
  });

  test("it asks again while it is looked at, and for nothing while it is hidden", async () => {
    await open();
    await rows().first().waitFor();
    await chart("turns").waitFor();
    const hide = (isHidden: boolean) =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      }, isHidden);
    await hide(true);
    await page.waitForLoadState("networkidle");
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    expect(asked).toEqual([]);
    const again = ["/api/metrics?", "/api/metrics/runs?"].map((route) =>
      page.waitForRequest((request) => request.url().includes(route)),
    );
    await hide(false);
    await Promise.all(again);
  });

  test.each([
    ["light", 1200],
    ["dark", 1200],
    ["light", 320],
    ["dark", 320],
  ] as const)("in %s, %i pixels wide: axe finds nothing, nothing scrolls sideways", async (theme, width) => {
    await open(`?by=hour&range=24h&smooth=0.6&log=turns&__theme=${theme}`, { viewport: { width, height: 700 } });
    await drawn("turns");
    await button("Table of Queue wait").click();
    await rows().first().getByRole("button").click();
    await page.getByTestId("run-inside").waitFor();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
    expect(await screen().sidewaysScroll()).toBeLessThanOrEqual(0);
  });
});
