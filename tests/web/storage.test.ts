import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { buildGrownRepository } from "../fixtures/grown-repository";
import { launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";
import { PATIENT, StorageScreen } from "./storage-screen";

const TOKEN = "a-token-of-the-owner";
const GB = 1e9;
const home = mkdtempSync(path.join(tmpdir(), "memwell-web-storage-"));
const repository = path.join(home, "repository");
const odd = path.join(home, "odd");
const HTML = "<img src=x onerror=document.body.dataset.hurt=1>";
const NEW_LINE = "two\nlines.bin";
let server: TestServer;
let browser: Browser;
let screen: StorageScreen;

beforeAll(async () => {
  buildGrownRepository(repository);
  makeOddNames();
  const settings = {
    HF_HOME: path.join(home, "hf"),
    MEMWELL_AUDIT_DIRS: [repository, odd].join(","),
    MEMWELL_ADMIN_TOKEN: TOKEN,
  };
  [server, browser] = await Promise.all([startServer(settings), launchBrowser()]);
  // The tests that only look find an audit, whichever of them runs.
  for (const folder of ["repository", "odd"]) expect((await post("audit", { folder })).status).toBe(200);
}, 5 * 60_000);
afterAll(async () => {
  await browser?.close();
  expect(await server?.stop()).toBe(0);
  rmSync(home, { recursive: true, force: true });
});
afterEach(() => screen?.page.context().close());

function makeOddNames(): void {
  mkdirSync(path.join(odd, HTML), { recursive: true });
  writeFileSync(path.join(odd, HTML, NEW_LINE), Buffer.alloc(2_000_000));
  const latin = Buffer.concat([Buffer.from(`${odd}/`), Buffer.from("caf\xe9", "latin1")]);
  mkdirSync(latin);
  writeFileSync(Buffer.concat([latin, Buffer.from("/x.bin")]), Buffer.alloc(1_500_000, 1));
}

const post = (route: string, body: object, headers: Record<string, string> = {}) =>
  fetch(`${server.address}/api/storage/${route}`, { method: "POST", body: JSON.stringify(body), headers });
const get = (route: string, headers: Record<string, string> = {}) =>
  fetch(`${server.address}/api/storage${route}`, { headers });

async function open(query = "?folder=repository", options: BrowserContextOptions = {}): Promise<StorageScreen> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  screen = new StorageScreen(await context.newPage());
  await screen.page.addInitScript(() => {
    const found: string[] = [];
    Object.assign(window, { violations: found });
    document.addEventListener("securitypolicyviolation", (event) => found.push(event.effectiveDirective));
  });
  // The first page after the start may wait for a machine that has much else to do.
  await screen.page.goto(`${server.address}/storage${query}`, PATIENT);
  return screen;
}

async function expectAccessible(): Promise<void> {
  const { violations } = await new AxeBuilder({ page: screen.page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
}

describe("a folder that was audited", () => {
  test("is told in figures, and drilled into by the drawing, the table, the breadcrumb and the keyboard", async () => {
    await open();
    await screen.folderIs(".");
    expect(await screen.figure("Total")).toBeCloseTo(42.37 * GB, -7);
    expect(await screen.page.locator('[data-figure="Total"]').innerText()).toContain("42.37 GB");
    expect(await screen.page.locator('[data-figure="Models"]').innerText()).toContain("34.22 GB");
    await screen.tile("models").click();
    await screen.folderIs("models");
    await screen.rows.getByRole("button", { name: "gguf", exact: true }).click();
    await screen.folderIs("models/gguf");
    expect(new URL(screen.page.url()).searchParams.get("path")).toBe("models/gguf");
    expect(await screen.names()).toContain("tutor-1.1b-Q4_K_M.gguf");
    await screen.page.goBack();
    await screen.folderIs("models");
    await screen.page.getByTestId("breadcrumb").getByRole("button", { name: "repository" }).click();
    await screen.folderIs(".");
    await screen.tile("models").focus();
    await screen.page.keyboard.press("ArrowRight");
    expect(await screen.page.evaluate(() => document.activeElement?.getAttribute("data-path"))).not.toBe("models");
    await screen.page.keyboard.press("ArrowLeft");
    await screen.page.keyboard.press("Enter");
    await screen.folderIs("models");
    await screen.tiles.first().focus();
    await screen.page.keyboard.press("Backspace");
    await screen.folderIs(".");
    expect(await screen.page.evaluate(() => (window as unknown as { violations: string[] }).violations)).toEqual([]);
  });

  test("is sorted by a click on a column; a file of the drawing is found in the table", async () => {
    await open("?folder=repository&path=models/gguf");
    await screen.folderIs("models/gguf");
    const bySize = await screen.names();
    expect(bySize[0]).toBe("experiment-3b-Q6_K.gguf");
    const head = screen.page.getByTestId("folder-table").locator("thead");
    await head.getByRole("button", { name: "Name" }).click();
    await head.locator('[aria-sort="ascending"]', { hasText: "Name" }).waitFor();
    expect(await screen.names()).toEqual([...bySize].sort());
    await head.getByRole("button", { name: "Name" }).click();
    await head.locator('[aria-sort="descending"]', { hasText: "Name" }).waitFor();
    expect(await screen.names()).toEqual([...bySize].sort().reverse());
    await screen.tile("models/gguf/reasoner-1.5b-Q8_0.gguf").click();
    await screen.page.locator('[data-picked="true"]', { hasText: "reasoner-1.5b-Q8_0.gguf" }).waitFor();
  });

  test("has its models, copies, findings, costs and a plan of four phases that ends at 1.50 GB or below", async () => {
    await open();
    const model = screen.page.getByTestId("models").locator('[data-path="models/gguf/tutor-1.1b-F16.gguf"]');
    await model.waitFor(PATIENT);
    expect(await model.innerText()).toMatch(/llama[\s\S]*F16/);
    await screen.page.getByTestId("duplicates").getByText("same bytes").first().waitFor();
    await screen.page.getByTestId("findings").getByText("act now").first().waitFor();
    const after = (phase: string) =>
      screen.bytesIn(screen.page.getByTestId("phases").locator(`[data-phase="${phase}"] td:nth-child(4)`));
    const sizes = [];
    for (const phase of ["now", "cleanup", "external-storage", "shared-cache", "compression"])
      sizes.push(await after(phase));
    expect(sizes).toEqual([...sizes].sort((one, other) => other - one));
    expect(sizes[1]).toBeLessThanOrEqual(23.2 * GB);
    expect(sizes[4]).toBeLessThanOrEqual(1.5 * GB);
    await screen.page.getByTestId("cost").locator("summary").click();
    await screen.page.getByRole("region", { name: "Table: Cost a month in US dollars" }).waitFor();
    await screen.page.getByTestId("profiles").locator("summary").click();
    await screen.page.locator("[data-profile=mobile]").waitFor();
  });

  test.each(["light", "dark"])("is accessible, %s, on a desk and on a phone", async (theme) => {
    await open(`?folder=repository&__theme=${theme}`);
    await screen.page.getByTestId("models").waitFor(PATIENT);
    await screen.tile("models").waitFor(PATIENT);
    await expectAccessible();
    await screen.page.setViewportSize({ width: 390, height: 800 });
    await expect.poll(() => screen.sidewaysScroll()).toBeLessThanOrEqual(0);
    await expectAccessible();
  });

  test("shows names with markup, line breaks and foreign bytes as the text that they are", async () => {
    await open("?folder=odd");
    await screen.folderIs(".");
    const names = await screen.names();
    expect(names).toEqual([HTML, "caf\\xe9"]);
    await screen.rows.getByRole("button", { name: HTML, exact: true }).click();
    await screen.folderIs(HTML);
    await screen.rows.filter({ hasText: "lines.bin" }).first().waitFor();
    expect((await screen.names())[0]).toBe(NEW_LINE);
    expect(await screen.page.evaluate(() => document.body.dataset["hurt"])).toBeUndefined();
    await screen.page.getByTestId("breadcrumb").getByRole("button", { name: "odd" }).click();
    await screen.folderIs(".");
    await screen.rows.getByRole("button", { name: "caf\\xe9", exact: true }).click();
    await screen.folderIs("caf\\xe9");
    expect(await screen.names()).toEqual(["x.bin"]);
  });
});

describe("a plan that is carried out", () => {
  const EXPERIMENT = "models/gguf/experiment-3b-Q6_K.gguf";
  const file = path.join(repository, EXPERIMENT);

  test("is tried first; then a step leaves the disk, and comes back when it is undone", async () => {
    await open();
    await screen.step(EXPERIMENT).getByRole("checkbox").check(PATIENT);
    expect(await screen.bytesIn(screen.page.getByTestId("chosen"))).toBe(2_380_000_000);
    const { mtimeMs, size } = statSync(file);
    await screen.page.getByRole("button", { name: "Dry run" }).click();
    await screen.dialog.getByText("This was a dry run: nothing was changed.").waitFor(PATIENT);
    expect(await screen.bytesIn(screen.dialog.getByTestId("would-leave"))).toBe(2_380_000_000);
    await expectAccessible();
    await screen.close();
    expect(existsSync(file)).toBe(true);

    const before = await screen.auditId();
    await screen.carryOut();
    expect(existsSync(file)).toBe(false);
    const all = screen.dialog.getByTestId("expected-achieved").locator("tr", { hasText: "All" }).locator("data");
    const figures = await all.evaluateAll((found) => found.map((each) => Number(each.getAttribute("value"))));
    expect(figures.slice(0, 3)).toEqual([2_380_000_000, 2_380_000_000, 2_380_000_000]);
    await screen.close();
    await screen.nextAudit(before);
    expect(await screen.figure("Total")).toBeCloseTo(39.99 * GB, -7);

    const applied = await screen.auditId();
    await screen.trash.getByRole("button", { name: "Undo" }).click();
    await screen.dialog.getByRole("button", { name: "Put it back" }).click();
    await screen.ended();
    expect(statSync(file)).toMatchObject({ mtimeMs, size });
    await screen.close();
    await screen.nextAudit(applied);
    expect(await screen.figure("Total")).toBeCloseTo(42.37 * GB, -7);
    await screen.trash.waitFor({ state: "detached" });
  });

  test("a whole phase goes to the trash, and for good when that is emptied", async () => {
    await open();
    await screen.phaseBox("Cleanup").check(PATIENT);
    const before = await screen.auditId();
    await screen.carryOut();
    expect(await screen.dialog.locator('[data-outcome="done"]').count()).toBeGreaterThan(5);
    await screen.close();
    await screen.nextAudit(before);
    expect(await screen.figure("Total")).toBeLessThanOrEqual(23.2 * GB);
    const [trash] = [path.join(repository, ".memwell-trash")];
    expect(existsSync(trash)).toBe(true);
    const cleaned = await screen.auditId();
    await screen.page.getByRole("button", { name: "Empty the trash" }).click();
    await screen.dialog.getByRole("button", { name: "Remove it for good" }).click();
    await screen.ended();
    await screen.dialog.getByTestId("emptied").waitFor();
    await screen.close();
    await screen.nextAudit(cleaned);
    await screen.trash.waitFor({ state: "detached" });
    expect(existsSync(file)).toBe(false);
  });
});

describe("who is not the owner", () => {
  const elsewhere = { "x-forwarded-for": "203.0.113.7" };

  test("may look, without where it lies, and must show the token to audit", async () => {
    await open("?folder=odd", { extraHTTPHeaders: elsewhere });
    await screen.folderIs(".");
    expect(await screen.page.locator("body").innerText()).not.toContain(home);
    const before = await screen.auditId();
    await screen.page.getByRole("button", { name: "Audit again" }).click();
    const refused = screen.page.getByTestId("audit-refused");
    await refused.getByLabel("Admin token").fill("not the token");
    await refused.getByRole("button", { name: "Go on" }).click();
    await refused.getByText("This was not the token. Try again.").waitFor();
    await refused.getByLabel("Admin token").fill(TOKEN);
    await refused.getByRole("button", { name: "Go on" }).click();
    await screen.nextAudit(before);
    await refused.waitFor({ state: "detached" });
  });

  test("is refused by every route that does something", async () => {
    for (const route of ["audit", "apply", "undo", "resume", "empty", "cancel"]) {
      expect((await post(route, { folder: "odd" }, elsewhere)).status).toBe(403);
      expect((await post(route, { folder: "odd" }, { origin: "https://example.org" })).status).toBe(403);
    }
    const body = (await (await get("", elsewhere)).json()) as { folders: object[] };
    expect(body.folders.map((folder) => Object.hasOwn(folder, "path"))).toEqual([false, false]);
  });
});

describe("over HTTP", () => {
  test("a folder that the settings do not name is refused, whatever is there", async () => {
    for (const folder of ["etc", "/etc", "../", home, repository]) {
      const answers = [await post("audit", { folder }), await get(`/report?folder=${encodeURIComponent(folder)}`)];
      for (const answer of answers) {
        const { error } = (await answer.json()) as { error: { code: string; known: string[] } };
        expect([answer.status, error.code, error.known]).toEqual([404, "not_found", ["repository", "odd"]]);
      }
    }
  });

  test("what is not understood is named, and nothing of it is done", async () => {
    const wrong: [string, object, string][] = [
      ["audit", {}, "folder"],
      ["audit", { folder: 1 }, "folder"],
      ["apply", { folder: "odd" }, "plan"],
      ["apply", { folder: "odd", plan: "x", phases: ["everything"] }, "phases[0]"],
      ["apply", { folder: "odd", plan: "x", publish_to: "no repository" }, "publish_to"],
      ["undo", { folder: "odd", id: "" }, "id"],
      ["empty", { folder: "odd", ids: "all" }, "ids"],
      ["cancel", { folder: "odd", all: true }, "all"],
    ];
    for (const [route, body, parameter] of wrong) {
      const answer = await post(route, body);
      expect([route, answer.status, await answer.json()]).toMatchObject([route, 400, { error: { parameter } }]);
    }
    expect((await get("/folder?folder=odd&path=../..")).status).toBe(404);
  });

  test("a plan that is no longer true is refused, and so is what is not in the trash", async () => {
    const stale = await post("apply", { folder: "odd", plan: "0".repeat(16) }, { accept: "text/event-stream" });
    expect([stale.status, await stale.json()]).toMatchObject([409, { error: { code: "plan_stale" } }]);
    const unknown = await post("undo", { folder: "odd", id: "../../etc" });
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { error: { code: "not_found" } }]);
  });

  test("an audit is told while it happens", async () => {
    const response = await post("audit", { folder: "odd" }, { accept: "text/event-stream" });
    const frames = [...(await response.text()).matchAll(/^data: (.*)$/gm)].map(
      ([, data]) => JSON.parse(data!) as { type: string },
    );
    expect(frames[0]).toMatchObject({ type: "progress", step: "walk" });
    expect(frames.at(-1)).toMatchObject({ type: "done", audit: { total: { nb_files: 2 } } });
    expect(await (await post("cancel", { folder: "odd" })).json()).toEqual({ folder: "odd", cancelled: false });
  });
});

test("where no folder is named the page says what to set", async () => {
  const bare = await startServer({ HF_HOME: path.join(home, "hf") });
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${bare.address}/storage`);
    await page.getByTestId("no-folders").getByText("MEMWELL_AUDIT_DIRS", { exact: true }).waitFor();
    await page.getByRole("link", { name: "Analytics" }).waitFor();
  } finally {
    await context.close();
    await bare.stop();
  }
});
