import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";

import { AnalyticsScreen } from "../../tests/web/analytics-screen";
import { startServer, type TestServer } from "../../tests/web/server";
import { makeCacheFolder, OPENED } from "./cache-folder";

/** A server with a cache that has a bit of everything in it, and a model of it in memory. */
export async function startCacheServer(): Promise<TestServer> {
  const home = mkdtempSync(path.join(tmpdir(), "memwell-pictures-"));
  const cache = path.join(home, "hub");
  mkdirSync(cache);
  const model = await makeCacheFolder(cache);
  const server = await startServer({ HF_HOME: home, MEMWELL_RESPONSE_MODEL: model, MEMWELL_THREADS: "1" });
  await post(server, "/api/models/fractions-1.5b-q4_k_m/load");
  return {
    ...server,
    async stop() {
      const code = await server.stop();
      rmSync(home, { recursive: true, force: true });
      return code;
    },
  };
}

/** Opens a repository and picks a file of it and another repository. */
export async function showCache(page: Page): Promise<void> {
  const screen = new AnalyticsScreen(page);
  const row = await screen.openRow(OPENED.repo);
  await row.getByText("in use by fractions-1.5b-q4_k_m").last().waitFor();
  const revision = await screen.openRevision(row, OPENED.commit);
  await revision.getByLabel("Pick fractions-1.5B-F16.gguf").check();
  await page.getByLabel("Pick lab/small-1B-it").check();
}

/** Something to see: what the questions of the other pictures did, and models that come and leave. */
export async function showMemory(page: Page, server: TestServer): Promise<void> {
  for (const model of ["demo-response", "demo-reasoning"]) await post(server, `/api/models/${model}/load`);
  await post(server, "/api/models/demo-reasoning/unload");
  const row = page.getByTestId("resident").getByRole("row");
  await row.filter({ hasText: "demo-response" }).waitFor();
  await row.filter({ hasText: "demo-reasoning" }).waitFor({ state: "detached" });
  await page.getByText("demo-reasoning was unloaded").first().waitFor();
  await page.getByTestId("memory-chart").getByRole("listitem").filter({ hasText: "web server" }).waitFor();
}

async function post(server: TestServer, address: string): Promise<void> {
  const response = await fetch(server.address + address, { method: "POST" });
  if (!response.ok) throw new Error(`${address} answered ${response.status}: ${await response.text()}`);
}
