import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { execa } from "execa";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CacheListing } from "../../lib/runtime";
import { LOOSE, makeVariedCache, SIZES, TUTOR } from "../fixtures/varied-cache";
import { AnalyticsScreen } from "./analytics-screen";
import { launchBrowser } from "./browser";
import { parseCsv, readPicture, saved } from "./downloads";
import { startServer, type TestServer } from "./server";

const TOKEN = "a-token-of-this-test";
const STRANGER: BrowserContextOptions = { extraHTTPHeaders: { "x-forwarded-for": "203.0.113.7" } };
const home = mkdtempSync(path.join(tmpdir(), "memwell-web-cache-"));
const hub = path.join(home, "hub");
let server: TestServer;
let browser: Browser;
let screen: AnalyticsScreen;

beforeAll(async () => {
  mkdirSync(hub);
  [server, browser] = await Promise.all([startServer({ HF_HOME: home, MEMWELL_ADMIN_TOKEN: TOKEN }), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  expect(await server?.stop()).toBe(0);
  rmSync(home, { recursive: true, force: true });
});
beforeEach(() => {
  rmSync(hub, { recursive: true });
  mkdirSync(hub);
  makeVariedCache(hub);
});
afterEach(() => screen?.page.context().close());

async function open(options: BrowserContextOptions = {}, address = "/analytics/cache"): Promise<AnalyticsScreen> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
  screen = new AnalyticsScreen(await context.newPage());
  await screen.page.goto(server.address + address);
  await screen.rows.first().waitFor();
  return screen;
}

async function memwell(...given: string[]): Promise<string> {
  const environment = { HF_HOME: home, MEMWELL_DATA_DIR: path.join(home, "data") };
  const { stdout } = await execa(process.execPath, [path.resolve("dist/cli.js"), ...given], { env: environment });
  return stdout;
}
const listed = async () => JSON.parse(await memwell("cache", "ls", "--json")) as CacheListing;

describe("every figure is that of `memwell cache ls --json`", () => {
  test("of the whole cache", async () => {
    const [cache] = await Promise.all([listed(), open()]);
    const sum = (files: readonly { size_on_disk: number }[]) => files.reduce((all, file) => all + file.size_on_disk, 0);
    expect(await screen.figure("Size")).toBe(cache.size_on_disk);
    expect(await screen.figure("Repositories")).toBe(cache.nb_repos);
    expect(await screen.figure("Incomplete downloads")).toBe(sum(cache.incomplete));
    expect(await screen.figure("Unused blobs")).toBe(sum(cache.repos.flatMap((repo) => repo.unused_blobs)));
    expect(await screen.figure("Shared store")).toBe(cache.shared_store?.size_on_disk);
    expect(await screen.figure("Shared by repositories")).toBe(cache.shared_by_repos.size_on_disk);
    expect(await screen.figure("Stored twice")).toBe(cache.duplicates.size_on_disk);
    // Others write to the same disk meanwhile.
    expect(Math.abs((await screen.figure("Free disk")) / cache.disk!.free_size - 1)).toBeLessThan(0.1);
  });

  test("of every repository and revision, and their files sum up to them", async () => {
    const [cache] = await Promise.all([listed(), open()]);
    expect(await screen.rows.count()).toBe(cache.nb_repos);
    for (const repo of cache.repos) {
      const row = await screen.openRow(`${repo.repo_type}/${repo.repo_id}`);
      const cell = (column: string) => row.locator("tr").first().locator(`[data-column=${column}]`);
      expect(await screen.bytesIn(cell("size"))).toBe(repo.size_on_disk);
      expect(await cell("revisions").textContent()).toBe(String(repo.revisions.length));
      expect(await cell("files").textContent()).toBe(String(repo.nb_files));
      const used = await cell("used").locator("time").getAttribute("datetime");
      expect(Math.abs(Date.parse(used ?? "") / 1000 - repo.last_accessed)).toBeLessThan(0.01);
      for (const revision of repo.revisions) {
        const shown = await screen.openRevision(row, revision.commit_hash);
        expect(await screen.bytesIn(shown.locator("[data-column=size]"))).toBe(revision.size_on_disk);
        const files = await shown
          .getByTestId("file")
          .locator("data")
          .evaluateAll((all) => all.map((each) => Number(each.getAttribute("value"))));
        if (revision.nb_files > 100) continue;
        expect(files).toHaveLength(revision.nb_files);
        expect(files.reduce((all, size) => all + size, 0)).toBe(revision.size_on_disk);
      }
    }
  });

  test("a long list of files is shown when it is asked for", async () => {
    await open();
    const row = await screen.openRow("dataset/org/questions");
    await row.getByRole("button", { name: "Show all 150 files" }).click();
    await row.getByTestId("file").nth(149).waitFor();
  });
});

test("quants are told apart; shared, unused, incomplete and damaged is shown as such", async () => {
  await open();
  const tutor = await screen.openRow("model/org/tutor-GGUF");
  const main = await screen.openRevision(tutor, TUTOR.main);
  expect(await screen.bytesIn(main.locator("[data-quant=Q6_K]"))).toBe(2 * SIZES.q6Part);
  expect(await screen.bytesIn(main.locator("[data-quant=Q4_K_M]"))).toBe(SIZES.q4);
  await main.locator('[data-file="README.md"]').getByText("in 2 revisions").waitFor();
  await main.locator('[data-file="tutor-Q8_0.gguf"]').getByText("copied in model/other/copy-GGUF").waitFor();
  await tutor.getByText("detached: no branch or tag names it").waitFor();
  const shared = await screen.openRow("model/org/shared-a");
  await shared.getByText("shared with model/org/shared-b").waitFor();
  const reasoner = await screen.openRow("model/org/reasoner-GGUF");
  await reasoner.getByText("1,500,003 bytes (1.5 MB) of 1 download that has not ended").waitFor();
  await reasoner.getByText("700,007 bytes (700 kB) in 1 blob that no revision shows").waitFor();
  const broken = await screen.openRow("model/org/broken");
  await broken.locator("tr").first().locator("td").last().getByText("damaged").waitFor();
  await broken.getByText("its blob is missing").waitFor();
  await screen.page.getByText("kernels--org--unknown: this folder's name").waitFor();
});

test("the chart of the largest can be taken along as a picture, and its numbers to the byte", async () => {
  const [cache] = await Promise.all([listed(), open()]);
  const { page } = screen;
  await page.getByTestId("largest").locator("canvas").waitFor();
  const { bytes } = await saved(page, "PNG of Repositories by size");
  expect(await readPicture(page, bytes)).toMatchObject({ width: 1600, ground: "255,255,255" });
  const [head, ...rows] = parseCsv((await saved(page, "CSV of Repositories by size")).bytes.toString());
  expect(head).toEqual(["repository", "in revisions (bytes)", "unused or incomplete (bytes)"]);
  for (const [name, used] of rows)
    expect(Number(used)).toBe(cache.repos.find(({ repo_id }) => repo_id === name)?.size_on_disk);
  expect(rows.length).toBeGreaterThan(3);
});

describe("the table", () => {
  const descending = (values: number[]) => expect(values).toEqual([...values].sort((one, other) => other - one));

  test("is sorted by a click on a column, and the other way round by a second one", async () => {
    await open();
    const head = screen.page.locator("thead").first();
    const sizes = () =>
      screen.page
        .locator("[data-repo] [data-column=size] data")
        .evaluateAll((all) => all.map((each) => Number(each.getAttribute("value"))));
    descending(await sizes());
    await head.getByRole("button", { name: "Size" }).click();
    descending((await sizes()).reverse());
    expect(await head.locator("[aria-sort]").getAttribute("aria-sort")).toBe("ascending");
    await head.getByRole("button", { name: "Repository" }).click();
    const ids = (await screen.names()).map((name) => name?.split("/").slice(1).join("/").toLowerCase());
    expect(ids).toEqual([...ids].sort());
  });

  test("is searched by words of names, types, branches and commits", async () => {
    await open();
    await screen.search.fill("org shared");
    await screen.page.getByText("2 of 8 repositories found").waitFor();
    expect(await screen.names()).toEqual(["model/org/shared-a", "model/org/shared-b"]);
    await screen.search.fill(TUTOR.old.slice(0, 7));
    await screen.page.getByText("1 of 8 repositories found").waitFor();
    expect(await screen.names()).toEqual(["model/org/tutor-GGUF"]);
  });

  test("can be used by keyboard alone, to the plan and back", async () => {
    await open();
    const { keyboard } = screen.page;
    await screen.search.focus();
    await keyboard.type("tutor");
    await screen.page.getByText("1 of 8 repositories found").waitFor();
    // Behind the search: the box for all, seven columns, then the row's box and its name.
    for (let presses = 0; presses < 9; presses++) await keyboard.press("Tab");
    await keyboard.press("Space");
    await screen.page.getByRole("button", { name: "Remove what is picked (1)" }).waitFor();
    await keyboard.press("Tab");
    await keyboard.press("Enter");
    await screen.row("model/org/tutor-GGUF").getByTestId("repo-inside").waitFor();
    await screen.page.getByRole("button", { name: "Remove what is picked" }).focus();
    await keyboard.press("Enter");
    await screen.dialog.getByTestId("frees").waitFor();
    expect(await screen.page.evaluate(() => document.activeElement?.textContent)).toBe("What would go");
    await keyboard.press("Escape");
    await screen.dialog.waitFor({ state: "hidden" });
    expect((await listed()).nb_repos).toBe(8);
  });

  test("of many repositories is turned page by page", async () => {
    for (let index = 0; index < 60; index++)
      mkdirSync(path.join(hub, `models--many--m${index}`, "snapshots"), { recursive: true });
    await open();
    expect(await screen.rows.count()).toBe(50);
    await screen.page.getByRole("button", { name: "Later" }).click();
    await screen.page.getByText("Page 2 of 2").waitFor();
    expect(await screen.rows.count()).toBe(18);
    await screen.search.fill("m59");
    await screen.page.getByText("1 of 68 repositories found").waitFor();
  });
});

describe("a cleaning from the page", () => {
  const plan = async (button: string) => {
    await screen.page.getByRole("button", { name: button }).click();
    await screen.dialog.getByTestId("frees").waitFor();
    return {
      frees: await screen.bytesIn(screen.dialog.getByTestId("frees")),
      stays: await screen.bytesIn(screen.dialog.getByTestId("stays")),
    };
  };
  const apply = async () => {
    await screen.dialog.getByRole("button", { name: /^Remove th/ }).click();
    await screen.dialog.getByTestId("before-after").waitFor();
    return screen.bytesIn(screen.dialog.getByTestId("freed"));
  };

  test("of a quant, a file and a revision frees what it said, and leaves the rest", async () => {
    const before = await listed();
    await open();
    const row = await screen.openRow("model/org/tutor-GGUF");
    const main = await screen.openRevision(row, TUTOR.main);
    await main.getByLabel("Pick quant Q6_K").check();
    expect(await main.getByLabel("Pick Q6_K/tutor-Q6_K-00001-of-00002.gguf").isDisabled()).toBe(true);
    await main.getByLabel("Pick tutor-Q8_0.gguf").check();
    await row.getByLabel(`Pick revision ${TUTOR.old.slice(0, 8)}`).check();
    const { frees, stays } = await plan("Remove what is picked (3)");
    expect(frees).toBe(2 * SIZES.q6Part + SIZES.q8 + SIZES.oldQ4);
    const dry = JSON.parse(
      await memwell(
        "cache",
        "rm",
        `org/tutor-GGUF@${TUTOR.old}`,
        `org/tutor-GGUF:Q6_K@${TUTOR.main}`,
        `org/tutor-GGUF/tutor-Q8_0.gguf@${TUTOR.main}`,
        "--dry-run",
        "--json",
      ),
    ) as { expected_freed_size: number; held_size: number };
    expect(dry).toMatchObject({ expected_freed_size: frees, held_size: frees + stays });
    await screen.dialog.getByText("8 of 8 repositories stay").waitFor();
    expect(await apply()).toBe(frees);
    const after = await listed();
    expect(before.size_on_disk - after.size_on_disk).toBe(frees);
    const [sizeBefore, sizeAfter] = await screen.dialog
      .getByTestId("before-after")
      .locator("tbody tr")
      .first()
      .locator("data")
      .evaluateAll((all) => all.map((each) => Number(each.getAttribute("value"))));
    expect([sizeBefore, sizeAfter]).toEqual([before.size_on_disk, after.size_on_disk]);
    await screen.dialog.getByRole("button", { name: "Close" }).click();
    expect(await screen.figure("Size")).toBe(after.size_on_disk);
    await screen.page.getByRole("button", { name: "Remove what is picked (0)" }).waitFor();
  });

  test("by prune takes what nothing uses", async () => {
    await open();
    const { frees } = await plan("Prune what nothing uses");
    expect(frees).toBe(LOOSE.incomplete + LOOSE.unused);
    expect(await apply()).toBe(frees);
    expect(await listed()).toMatchObject({ incomplete: [], nb_repos: 8 });
  });

  test("by number and by size leaves the models used last, and asks when neither is given", async () => {
    await open();
    await screen.page.getByRole("button", { name: "Remove the others" }).click();
    await screen.page.getByText("Say how many models stay, how many GB, or both.").waitFor();
    await screen.page.getByLabel(/^Keep the/).fill("2");
    await screen.page.getByLabel(/^within/).fill("0.03");
    const { frees } = await plan("Remove the others");
    await screen.dialog.getByText("4 of 8 repositories stay").waitFor();
    expect(await apply()).toBe(frees);
    const { repos } = await listed();
    expect(repos.map(({ repo_type }) => repo_type).sort()).toEqual(["dataset", "model", "model", "space"]);
  });

  test("is planned anew when the cache has changed since, before anything goes", async () => {
    await open();
    await screen.page.getByLabel("Pick org/broken").check();
    await screen.page.getByLabel("Pick other/copy-GGUF").check();
    const shown = await plan("Remove what is picked (2)");
    writeFileSync(path.join(hub, "models--other--copy-GGUF", "blobs", "e".repeat(40)), "x".repeat(77));
    await screen.dialog.getByRole("button", { name: /^Remove th/ }).click();
    await screen.dialog.getByText("The cache has changed since the plan you saw").waitFor();
    expect((await listed()).nb_repos).toBe(8);
    expect(await screen.bytesIn(screen.dialog.getByTestId("frees"))).toBe(shown.frees + 77);
    expect(await apply()).toBe(shown.frees + 77);
    expect((await listed()).nb_repos).toBe(6);
  });

  test("with nothing to do says so", async () => {
    await memwell("cache", "prune", "--yes");
    await open();
    await screen.page.getByRole("button", { name: "Prune what nothing uses" }).click();
    await screen.dialog.getByTestId("nothing").waitFor();
  });
});

describe("from another machine", () => {
  test("everybody may look, and is not told where the cache is", async () => {
    await open(STRANGER);
    expect(await screen.page.getByRole("main").textContent()).not.toContain(home);
    expect(await screen.figure("Size")).toBe((await listed()).size_on_disk);
  });

  test("removing takes the admin token, which the page asks for and keeps to itself", async () => {
    await open(STRANGER);
    await screen.page.getByRole("button", { name: "Prune what nothing uses" }).click();
    const field = screen.dialog.getByLabel("Admin token");
    await field.fill("a-wrong-token");
    await field.press("Enter");
    await screen.dialog.getByText("This was not the token").waitFor();
    await field.fill(TOKEN);
    await field.press("Enter");
    await screen.dialog.getByTestId("frees").waitFor();
    await screen.dialog.getByRole("button", { name: /^Remove th/ }).click();
    expect(await screen.bytesIn(screen.dialog.getByTestId("freed"))).toBe(LOOSE.incomplete + LOOSE.unused);
    const kept = await screen.page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    expect(kept).not.toContain(TOKEN);
    await screen.page.reload();
    await screen.page.getByRole("button", { name: "Prune what nothing uses" }).click();
    await field.waitFor();
  });
});

test("what changes is on the page without a reload; what has not is not sent again, and nothing while it is hidden", async () => {
  const answers: Promise<Buffer>[] = [];
  await open();
  const { page } = screen;
  page.on("response", (response) => {
    if (new URL(response.url()).pathname === "/api/cache") answers.push(response.body());
  });
  const look = () =>
    Promise.all([
      page.waitForResponse((response) => response.url().includes("/api/cache?known=")),
      page.evaluate(() => document.dispatchEvent(new Event("visibilitychange"))),
    ]);
  await look();
  expect((await answers[0])?.length).toBeLessThan(400);
  rmSync(path.join(hub, "models--org--broken"), { recursive: true });
  await look();
  await screen.row("model/org/broken").waitFor({ state: "detached" });
  expect(await screen.figure("Size")).toBe((await listed()).size_on_disk);
  const count = answers.length;
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  expect(answers.length).toBe(count);
});

describe("the chart of the largest", () => {
  test("says in words what it shows, and is drawn in the theme's colours", async () => {
    await open({}, "/analytics/cache?__theme=dark");
    const chart = screen.page.getByRole("img", { name: "Repositories by size" });
    const words = await chart.evaluate(
      (canvas) => document.getElementById(canvas.getAttribute("aria-describedby") ?? "")?.textContent,
    );
    expect(words).toMatch(
      /^A bar chart, largest first\. org\/tutor-GGUF: 22 MB; org\/reasoner-GGUF: 6\.0 MB and 2\.2 MB unused/,
    );
    const hasColour = (wanted: string) =>
      screen.page.waitForFunction((colour) => {
        const canvas = document.querySelector("canvas");
        const { data } = canvas?.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
        for (let at = 0; at < data.length; at += 4)
          if (`${data[at]} ${data[at + 1]} ${data[at + 2]}` === colour) return true;
        return false;
      }, wanted);
    await hasColour("251 146 60");
    await screen.page.evaluate(() => (document.documentElement.dataset["theme"] = "light"));
    await hasColour("194 65 12");
  });
});

describe.each([
  ["light", 1200],
  ["dark", 1200],
  ["light", 320],
  ["dark", 320],
] as const)("in %s, %i pixels wide", (theme, width) => {
  test("axe finds nothing and nothing scrolls sideways, whatever is open", async () => {
    await open({ viewport: { width, height: 720 } }, `/analytics/cache?__theme=${theme}`);
    const expectClean = async (state: string) => {
      const { violations } = await new AxeBuilder({ page: screen.page }).analyze();
      expect(violations.map(({ id, nodes }) => ({ state, id, nodes: nodes.map(({ html }) => html) }))).toEqual([]);
      expect(await screen.sidewaysScroll()).toBeLessThanOrEqual(0);
    };
    await expectClean("the table");
    for (const name of ["model/org/tutor-GGUF", "model/org/broken", "model/org/reasoner-GGUF"])
      await screen.openRow(name);
    await screen.openRevision(screen.row("model/org/tutor-GGUF"), TUTOR.main);
    await screen.page.getByLabel("Pick org/broken").check();
    await expectClean("repositories that are open");
    await screen.page.getByRole("button", { name: "Remove what is picked" }).click();
    await screen.dialog.getByTestId("staying").locator("summary").click();
    await expectClean("a plan");
    await screen.dialog.getByRole("button", { name: /^Remove th/ }).click();
    await screen.dialog.getByTestId("before-after").waitFor();
    await expectClean("what was freed");
  });
});

test("a folder that cannot be read is an error with its cause; one that is not there yet is none", async () => {
  const file = path.join(home, "a-file");
  writeFileSync(file, "");
  const [broken, none] = await Promise.all([
    startServer({ HF_HUB_CACHE: file }),
    startServer({ HF_HUB_CACHE: path.join(home, "none") }),
  ]);
  try {
    const page = await browser.newPage();
    await page.goto(`${broken.address}/analytics/cache`);
    await page
      .getByRole("alert")
      .getByText(/^Error inspecting cache: .*this is a file/)
      .waitFor();
    await page.goto(`${none.address}/analytics/cache`);
    await page.getByTestId("no-cache").getByText("first download").waitFor();
    expect(await page.getByText("Error inspecting").count()).toBe(0);
    expect(existsSync(path.join(home, "none"))).toBe(false);
    await page.close();
  } finally {
    await Promise.all([broken.stop(), none.stop()]);
  }
});
