import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";

import { buildGrownRepository } from "../../tests/fixtures/grown-repository";
import { startServer, type TestServer } from "../../tests/web/server";
import { StorageScreen } from "../../tests/web/storage-screen";

/** A server with a repository that grew, and was audited. */
export async function startStorageServer(): Promise<TestServer> {
  const home = mkdtempSync(path.join(tmpdir(), "memwell-pictures-"));
  const repository = path.join(home, "repository");
  buildGrownRepository(repository);
  const server = await startServer({ HF_HOME: path.join(home, "hf"), MEMWELL_AUDIT_DIRS: repository });
  const body = JSON.stringify({ folder: "repository" });
  const response = await fetch(`${server.address}/api/storage/audit`, { method: "POST", body });
  if (!response.ok) throw new Error(`The audit answered ${response.status}: ${await response.text()}`);
  return {
    ...server,
    async stop() {
      const code = await server.stop();
      rmSync(home, { recursive: true, force: true });
      return code;
    },
  };
}

/** The models' folder, with the first phase of the plan chosen. */
export async function showStorage(page: Page): Promise<void> {
  const screen = new StorageScreen(page);
  await screen.tile("models").click();
  await screen.folderIs("models");
  await screen.phaseBox("Cleanup").check();
  await page.getByTestId("phase-chart").locator("canvas").waitFor();
  await page.evaluate(() => window.scrollTo(0, 0));
}
