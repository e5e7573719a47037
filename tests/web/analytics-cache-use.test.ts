import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { CacheListing } from "../../lib/runtime";
import { commitOf, makeVariedCache, SIZES, TUTOR, writeRevision } from "../fixtures/varied-cache";
import { AnalyticsScreen } from "./analytics-screen";
import { launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";

const home = mkdtempSync(path.join(tmpdir(), "memwell-web-use-"));
const hub = path.join(home, "hub");
let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  mkdirSync(hub);
  makeVariedCache(hub);
  [server, browser] = await Promise.all([startServer({ HF_HOME: home }), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(home, { recursive: true, force: true });
});

async function open(headers: Record<string, string> = {}): Promise<AnalyticsScreen> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 }, extraHTTPHeaders: headers });
  const screen = new AnalyticsScreen(page);
  await page.goto(`${server.address}/analytics/cache`);
  await screen.rows.first().waitFor();
  return screen;
}

const memwell = async (...given: string[]): Promise<string> => {
  const env = { HF_HOME: home, MEMWELL_DATA_DIR: path.join(home, "data") };
  return (await execa(process.execPath, [path.resolve("dist/cli.js"), ...given], { env })).stdout;
};

test.skipIf(process.platform !== "linux")(
  "what another program has open is said on the page, by the command line and in the plan, and stays",
  async () => {
    const blob = realpathSync(path.join(hub, "models--org--tutor-GGUF", "snapshots", TUTOR.main, "tutor-Q8_0.gguf"));
    const descriptor = openSync(blob, "r");
    try {
      const name = /^Name:\s*(.*)$/m.exec(readFileSync(`/proc/${process.pid}/status`, "utf8"))?.[1];
      const me = `${name} (process ${process.pid})`;
      const use = { repo: "model/org/tutor-GGUF", model: null, use: "open", process: me };
      await vi.waitFor(
        async () => {
          const listed = (await (await fetch(`${server.address}/api/cache`)).json()) as CacheListing;
          expect(listed.in_use).toEqual([use]);
        },
        { timeout: 30_000, interval: 500 },
      );
      const listed = JSON.parse(await memwell("cache", "ls", "--json")) as CacheListing;
      expect(listed.in_use).toEqual([use]);
      expect(await memwell("cache", "ls")).toMatch(/^org\/tutor-GGUF .*main \(in use\)$/m);

      const stranger = await open({ "x-forwarded-for": "203.0.113.7" });
      await stranger.row("model/org/tutor-GGUF").getByText("in use by another program").last().waitFor();
      expect(await stranger.page.content()).not.toContain(`process ${process.pid}`);
      await stranger.page.close();

      const screen = await open();
      await screen.row("model/org/tutor-GGUF").getByText(`in use by ${me}`).last().waitFor();
      await screen.page.getByLabel("Pick org/tutor-GGUF").check();
      await screen.page.getByRole("button", { name: "Remove what is picked (1)" }).click();
      await screen.dialog.getByText(`is in use by ${me}, and stays as long as it is`).waitFor();
      await screen.dialog.getByRole("button", { name: /^Remove th/ }).click();
      await screen.dialog.getByTestId("kept").getByText(`is in use by ${me}`).waitFor();
      expect(await screen.bytesIn(screen.dialog.getByTestId("freed"))).toBe(0);
      await screen.page.close();
    } finally {
      closeSync(descriptor);
    }
  },
);

test("a file with a colon in its name can be picked alone", async () => {
  const commit = commitOf("cc1");
  const files = { "notes:Q4_K_M.txt": "n".repeat(SIZES.readme), "notes-Q4_K_M.txt": "another one" };
  writeRevision(hub, "models--org--colons", commit, files);
  const screen = await open();
  const row = await screen.openRow("model/org/colons");
  const revision = await screen.openRevision(row, commit);
  await revision.getByLabel("Pick notes:Q4_K_M.txt").check();
  await screen.page.getByRole("button", { name: "Remove what is picked (1)" }).click();
  await screen.dialog.getByTestId("frees").waitFor();
  expect(await screen.bytesIn(screen.dialog.getByTestId("frees"))).toBe(SIZES.readme);
  await screen.page.close();
});
