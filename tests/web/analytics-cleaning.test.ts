import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { execa } from "execa";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CacheListing, ExecutedPlan, Plan } from "../../lib/runtime";
import type { CleaningFrame } from "../../lib/wire";
import { commitOf } from "../fixtures/varied-cache";
import { AnalyticsScreen } from "./analytics-screen";
import { launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";
import { breakableWay, stopWhenFilled } from "./stopped-server";

/** So many that removing them takes a while on any machine. */
const FILES = 5_000;
const FILE_SIZE = 10;
const MANY = FILES * FILE_SIZE;
const SMALL = 1_000;
const home = mkdtempSync(path.join(tmpdir(), "memwell-web-cleaning-"));
const hub = path.join(home, "hub");
/** Where what is being removed lies. */
const aside = path.join(hub, ".locks", ".memwell-removed");
let server: TestServer;
let browser: Browser;
let screen: AnalyticsScreen;

beforeAll(async () => {
  [server, browser] = await Promise.all([startServer({ HF_HOME: home, MEMWELL_ALERT_DISK: "off" }), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  expect(await server?.stop()).toBe(0);
  rmSync(home, { recursive: true, force: true });
});
afterEach(() => screen?.page.context().close());

/** A cache of two repositories, one of so many files. */
async function makeCache(files: number): Promise<void> {
  await rm(hub, { recursive: true, force: true });
  await makeRepo("models--org--many", files, FILE_SIZE);
  await makeRepo("models--org--zero", 1, SMALL);
}

/** A repository of so many files without links. */
async function makeRepo(name: string, count: number, size: number): Promise<void> {
  const commit = commitOf("aaaa1");
  const snapshot = path.join(hub, name, "snapshots", commit);
  await mkdir(snapshot, { recursive: true });
  for (let index = 0; index < count; index++)
    await writeFile(path.join(snapshot, `part-${index}.txt`), "x".repeat(size));
  await mkdir(path.join(hub, name, "refs"));
  await writeFile(path.join(hub, name, "refs", "main"), commit);
}

async function memwell(...given: string[]) {
  const environment = { HF_HOME: home, MEMWELL_DATA_DIR: path.join(home, "data") };
  return execa(process.execPath, [path.resolve("dist/cli.js"), ...given], { env: environment });
}
const listed = async () => JSON.parse((await memwell("cache", "ls", "--json")).stdout) as CacheListing;

/** Opens the page, and the plan to remove both repositories. */
async function openPlan(address: string): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
  screen = new AnalyticsScreen(await context.newPage());
  await screen.page.goto(address);
  await screen.page.getByLabel("Pick org/many").check();
  await screen.page.getByLabel("Pick org/zero").check();
  await screen.page.getByRole("button", { name: "Remove what is picked (2)" }).click();
  await screen.dialog.getByTestId("frees").waitFor(ENDED);
  expect(await screen.bytesIn(screen.dialog.getByTestId("frees"))).toBe(MANY + SMALL);
}
/** A machine may have much else to do than to remove so many files. */
const ENDED = { timeout: 90_000 };
const remove = () => screen.dialog.getByRole("button", { name: "Remove these 2" }).click();
const heading = (name: string) => screen.dialog.getByRole("heading", { name, exact: true });
/** Of the cache's size, before and after. */
const sizes = () =>
  screen.dialog
    .getByTestId("before-after")
    .locator("tbody tr")
    .first()
    .locator("data")
    .evaluateAll((all) => all.map((each) => Number(each.getAttribute("value"))));

describe("a removal that is watched", () => {
  beforeEach(() => makeCache(FILES));

  test("shows bytes and files as they go, then what was removed", async () => {
    await openPlan(`${server.address}/analytics/cache`);
    await screen.page.evaluate(() => {
      const seen = new Set<string>();
      const look = () => {
        const text = document.querySelector("[data-testid=progress]")?.textContent;
        const bar = document.querySelector("progress");
        if (text != null && bar !== null) seen.add(`${bar.value} of ${bar.max}: ${text}`);
        document.body.dataset["seen"] = JSON.stringify([...seen]);
      };
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    await remove();
    await screen.dialog.getByTestId("before-after").waitFor(ENDED);
    await heading("Done").waitFor(ENDED);
    const seen = JSON.parse((await screen.page.evaluate(() => document.body.dataset["seen"])) ?? "[]") as string[];
    expect(seen[0]).toBe("0 of 51000: 0 B of 51 kB");
    expect(seen.filter((text) => /^\d+ of 51000: .* of 51 kB, [\d,]+ of 5,001 files$/.test(text))).not.toEqual([]);
    expect(await screen.bytesIn(screen.dialog.getByTestId("freed"))).toBe(MANY + SMALL);
    await screen.dialog.getByText("2 of 2 were removed").click();
    await screen.dialog.getByTestId("removed").getByText("org/many").waitFor();
    expect(await sizes()).toEqual([MANY + SMALL, 0]);
    expect(await listed()).toMatchObject({ nb_repos: 0, leftover: { size_on_disk: 0 } });
  });

  test("is cancelled between two files: what went, what stays, and how to end it, are said", async () => {
    await openPlan(`${server.address}/analytics/cache?__theme=dark`);
    // The server has answered such a call before, and has what it takes at hand.
    await fetch(`${server.address}/api/cache/cancel`, { method: "POST", body: JSON.stringify({ id: "0".repeat(32) }) });
    const stop = await stopWhenFilled(server.pid, aside);
    try {
      await remove();
      await stop.stopped;
      await heading("It is being removed").waitFor();
      const { violations } = await new AxeBuilder({ page: screen.page }).analyze();
      expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
      await screen.page.keyboard.press("Escape");
      await screen.dialog.getByRole("button", { name: "Cancel" }).click();
      await screen.dialog.getByText("It ends after the file that is its turn.").waitFor();
    } finally {
      stop.goOn();
    }
    await heading("Cancelled").waitFor(ENDED);
    const kept = await screen.dialog.getByTestId("kept").allTextContents();
    expect(kept).toEqual([
      "org/many stays: the cleaning was cancelled in the midst of it: prune removes what is left.",
      "org/zero stays: the cleaning was cancelled before its turn.",
    ]);
    await screen.dialog.getByText("0 of 2 were removed").waitFor();
    const freed = await screen.bytesIn(screen.dialog.getByTestId("freed"));
    const { leftover, size_on_disk } = await listed();
    expect([leftover?.size_on_disk, size_on_disk]).toEqual([MANY - freed, SMALL]);
    await screen.dialog.getByRole("button", { name: "Close" }).click();
    expect(await screen.figure("Left by a cut-off cleaning")).toBe(MANY - freed);
    await screen.page.getByRole("button", { name: "Prune what nothing uses" }).click();
    await screen.dialog.getByRole("button", { name: "Remove this" }).click();
    await heading("Done").waitFor(ENDED);
    expect(await screen.bytesIn(screen.dialog.getByTestId("freed"))).toBe(MANY - freed);
    expect(await listed()).toMatchObject({ nb_repos: 1, size_on_disk: SMALL, leftover: { size_on_disk: 0 } });
  });

  test("goes on when the connection breaks, and the page then shows the cache as it is", async () => {
    const way = await breakableWay(server.address);
    await openPlan(`${way.address}/analytics/cache`);
    const stop = await stopWhenFilled(server.pid, aside);
    try {
      await remove();
      await stop.stopped;
      way.break();
      await heading("It is not known how this ended").waitFor(ENDED);
    } finally {
      stop.goOn();
    }
    await expect.poll(sizes, ENDED).toEqual([MANY + SMALL, 0]);
    await expect.poll(() => readdirSync(aside), ENDED).toEqual([]);
    expect(await listed()).toMatchObject({ nb_repos: 0, leftover: { size_on_disk: 0 } });
    await screen.dialog.getByRole("button", { name: "Close" }).click();
    await screen.dialog.waitFor({ state: "hidden" });
    await expect.poll(() => screen.figure("Repositories")).toBe(0);
    way.close();
  });
});

describe("over HTTP", () => {
  const files = 300;
  beforeEach(() => makeCache(files));

  const post = (route: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${server.address}/api/cache/${route}`, { method: "POST", body: JSON.stringify(body), headers });
  const call = { action: "rm", targets: ["org/many"] };
  const planned = async () => (await (await post("plan", call)).json()) as Plan;

  test("who accepts events is told how far it is, who does not gets the end alone", async () => {
    const { id } = await planned();
    const response = await post("apply", { ...call, id }, { accept: "text/event-stream" });
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    const text = await response.text();
    const frames = [...text.matchAll(/^data: (.*)$/gm)].map(
      ([, data]) => JSON.parse(data!) as CleaningFrame<ExecutedPlan>,
    );
    expect(frames.at(-1)).toMatchObject({ type: "done", executed: { id, freed_size: files * FILE_SIZE, kept: [] } });
    const progress = frames.flatMap((frame) => (frame.type === "progress" ? [frame] : []));
    expect(progress).toHaveLength(frames.length - 1);
    expect(progress.at(-1)).toMatchObject({ nb_files: files, total_files: files, freed_size: files * FILE_SIZE });
    const counts = progress.map(({ nb_files }) => nb_files);
    expect(counts).toEqual([...new Set(counts)].sort((one, other) => one - other));
    const rest = { action: "rm", targets: ["org/zero"] };
    const last = (await (await post("plan", rest)).json()) as Plan;
    const answer = await post("apply", { ...rest, id: last.id });
    expect(await answer.json()).toMatchObject({ id: last.id, freed_size: SMALL });
  });

  test("a plan that is no longer true is refused before anything is streamed", async () => {
    const { id } = await planned();
    await writeFile(path.join(hub, "models--org--many", "snapshots", commitOf("aaaa1"), "one-more.txt"), "x");
    const response = await post("apply", { ...call, id }, { accept: "text/event-stream" });
    expect([response.status, await response.json()]).toMatchObject([409, { error: { code: "plan_stale" } }]);
  });

  test("nobody else may cancel, and what does not go on cannot be", async () => {
    const { id } = await planned();
    expect(await (await post("cancel", { id })).json()).toEqual({ id, cancelled: false });
    expect((await post("cancel", { id }, { "x-forwarded-for": "203.0.113.7" })).status).toBe(403);
    expect((await post("cancel", { id }, { origin: "https://example.org" })).status).toBe(403);
    expect((await post("cancel", { id: "../all" })).status).toBe(400);
    expect((await fetch(`${server.address}/api/cache/cancel`)).status).toBe(404);
  });
});
