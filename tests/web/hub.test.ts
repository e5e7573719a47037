import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { HubServer } from "../fixtures/hub-server";
import { ensureFixtureModel } from "../fixtures/models";
import { ChatScreen, launchBrowser } from "./browser";
import { startServer, type TestServer } from "./server";

/** A server whose response model is on the Hub: a Hub of this test's own, as slow as it likes. */
const home = mkdtempSync(join(tmpdir(), "memwell-web-hub-"));
let hub: HubServer;
let server: TestServer;
let browser: Browser;

beforeAll(async () => {
  hub = await HubServer.start();
  const model = readFileSync(await ensureFixtureModel("tiny"));
  hub.createRepo("model", "org/tiny-GGUF").commit({ "README.md": "tiny", "tiny-Q8_0.gguf": model });
  // Slow enough that a page sees it.
  hub.rate = model.length / 6;
  server = await startServer({
    HF_HOME: home,
    HF_ENDPOINT: hub.url,
    MEMWELL_RESPONSE_MODEL: "hf:org/tiny-GGUF:Q8_0",
    MEMWELL_THREADS: "1",
  });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  expect(await server?.stop()).toBe(0);
  await hub?.close();
  rmSync(home, { recursive: true, force: true });
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(server.address + path, { method: "POST", body: JSON.stringify(body), headers });

test("the page says how far the download is, then answers", async () => {
  const page = await browser.newPage();
  await page.goto(server.address);
  const screen = new ChatScreen(page);
  await screen.ask("Hello");
  await page.waitForFunction(() =>
    /Downloading .* of .*B/.test(document.querySelector("[data-testid=status]")?.textContent ?? ""),
  );
  hub.rate = null;
  await screen.facts.last().waitFor();
  expect((await screen.answers.last().textContent())?.length).toBeGreaterThan(0);
  await page.close();
});

describe("the cache, over HTTP", () => {
  const listed = async () =>
    (await (await fetch(`${server.address}/api/cache`)).json()) as { nb_repos: number; repos: { repo_id: string }[] };

  test("lists what is there", async () => {
    expect(await listed()).toMatchObject({
      nb_repos: 1,
      repos: [{ repo_id: "org/tiny-GGUF", refs: ["main"], damaged: false }],
    });
  });

  test("plans, and executes the plan of that id, but for a model that is loaded", async () => {
    const call = { action: "rm", targets: ["org/tiny-GGUF"] };
    const loaded = (await (await post("/api/cache/plan", call)).json()) as { id: string; expected_freed_size: number };
    expect(loaded.expected_freed_size).toBeGreaterThan(100_000);
    const id = ((await (await fetch(`${server.address}/v1/models`)).json()) as { data: { id: string }[] }).data[1]?.id;
    expect((await post(`/api/models/${id}/load`, null)).status).toBe(200);
    const kept = (await (await post("/api/cache/apply", { ...call, id: loaded.id })).json()) as object;
    expect(kept).toMatchObject({ freed_size: 0, kept: [{ item: { repo_id: "org/tiny-GGUF" } }] });
    expect((await post(`/api/models/${id}/unload`, null)).status).toBe(200);
    const gone = (await (await post("/api/cache/apply", { ...call, id: loaded.id })).json()) as object;
    expect(gone).toMatchObject({ freed_size: loaded.expected_freed_size, kept: [] });
    expect((await listed()).nb_repos).toBe(0);
  });

  test("removes nothing of a plan that is no longer true, for strangers, or without a plan", async () => {
    const call = { action: "prune" };
    const { id } = (await (await post("/api/cache/plan", call)).json()) as { id: string };
    const stale = await post("/api/cache/apply", {
      ...call,
      id: id.replace(/^./, (digit) => (digit === "0" ? "1" : "0")),
    });
    expect([stale.status, await stale.json()]).toMatchObject([409, { error: { code: "plan_stale" } }]);
    const stranger = await post("/api/cache/apply", { ...call, id }, { "x-forwarded-for": "203.0.113.7" });
    expect([stranger.status, await stranger.json()]).toMatchObject([
      403,
      { error: { code: "admin_only", accepts_token: false } },
    ]);
    const curious = await post("/api/cache/plan", call, { "x-forwarded-for": "203.0.113.7" });
    expect(curious.status).toBe(403);
    const seen = await fetch(`${server.address}/api/cache`, { headers: { "x-forwarded-for": "203.0.113.7" } });
    expect(await seen.json()).toMatchObject({ cache_dir: "hub" });
    const wrong = await post("/api/cache/plan", { action: "rm", targets: ["../../etc"] });
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { error: { code: "invalid_request" } }]);
    expect((await post("/api/cache/apply", call)).status).toBe(400);
    expect((await fetch(`${server.address}/api/cache/plan`)).status).toBe(404);
    expect(existsSync(join(home, "hub"))).toBe(true);
  });
});
