import { mkdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureChromium } from "../../scripts/lib/browser.mjs";
import { launchBrowser } from "../../tests/web/browser";
import { startServer, type TestServer } from "../../tests/web/server";
import { buildTree, REPOS } from "../cache/tree";
import { median } from "../support/measure";
import { figure, printTable, type Row } from "../web/table";
import { openVisitor, type World } from "../web/world";
import { viewPage, type FirstView } from "./first-view";
import { writeRuns } from "./runs";
import { writeSamples } from "./week";

const DAY_MS = 86_400_000;
const ROUNDS = 5;
const RUNS = 10_000;
const MOST_SCRIPT_BYTES = 200_000;

/** A page, what of it shows that its figures are there, and what somebody would use first. */
const PAGES = [
  {
    path: "/analytics/cache",
    shows: "[data-testid=repo]",
    control: "main input[type=search], main input[type=checkbox]",
  },
  { path: "/analytics/memory", shows: "[data-testid=memory-chart] ul li:nth-child(3)", control: "main select" },
  { path: "/analytics/metrics", shows: "[data-testid=metrics-figures]", control: "main select, main button" },
];

/** What the pages of analytics ask for and how soon they show it: of a large cache, a week of samples, many turns. */
export async function benchPages(): Promise<void> {
  process.env.MEMWELL_CHROMIUM = await ensureChromium();
  const folder = await mkdtemp(join(tmpdir(), "memwell-analytics-"));
  const data = join(folder, "data");
  mkdirSync(join(folder, "hub"));
  mkdirSync(data);
  try {
    buildTree(join(folder, "hub"));
    writeSamples(data, 7 * DAY_MS);
    writeRuns(data, RUNS, 7 * DAY_MS);
    const settings = { HF_HOME: folder, MEMWELL_DATA_DIR: data, MEMWELL_METRICS_RUNS: String(10 * RUNS) };
    const [server, browser] = await Promise.all([startServer(settings), launchBrowser()]);
    const world: World = { server, browser, close: async () => {} };
    try {
      await showCacheData(server);
      for (const page of PAGES) await showPage(world, page);
      await showWeek(world);
    } finally {
      await browser.close();
      await server.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function showCacheData({ address }: TestServer): Promise<void> {
  const first = await ask(`${address}/api/cache`);
  const again: number[] = [];
  for (let round = 0; round < ROUNDS; round++) again.push((await ask(`${address}/api/cache`)).ms);
  const { id } = JSON.parse(first.text) as { id: string };
  const unchanged = await ask(`${address}/api/cache?known=${id}`);
  printTable(`page data of a cache of ${REPOS} repositories, 60,000 links`, [
    figure("GET /api/cache, the first one", first.ms, "ms", 1_000),
    figure("GET /api/cache, again, median", median(again), "ms", 1_000),
    figure("  its answer, uncompressed", first.text.length / 1e3, "kB"),
    figure("GET /api/cache?known=, nothing has changed", unchanged.ms, "ms", 1_000),
    figure("  its answer, uncompressed", unchanged.text.length / 1e3, "kB"),
  ]);
}

async function ask(address: string): Promise<{ ms: number; text: string }> {
  const begun = performance.now();
  const response = await fetch(address);
  const text = await response.text();
  if (!response.ok) throw new Error(`status ${response.status}: ${text}`);
  return { ms: performance.now() - begun, text };
}

async function showPage(world: World, page: (typeof PAGES)[number]): Promise<void> {
  const { status } = await fetch(world.server.address + page.path);
  if (status !== 200) return console.log(`${page.path} answers ${status}: not measured\n`);
  const views: FirstView[] = [];
  for (let round = 0; round < ROUNDS; round++) views.push(await viewPage(world, page));
  const middle = (part: keyof FirstView): number => median(views.map((view) => view[part]));
  const rows: Row[] = [
    figure("JavaScript of the first load, compressed", middle("firstScriptBytes") / 1e3, "kB", MOST_SCRIPT_BYTES / 1e3),
    figure("  with what it loads after that", middle("scriptBytes") / 1e3, "kB"),
    figure("first paint", middle("paint"), "ms", 1_000),
    figure("a control answers", middle("interactive"), "ms", 2_000),
    figure("its figures are there", middle("shown"), "ms", 1_000),
    figure("tasks that block for longer than 50 ms, beyond that", middle("blocked"), "ms", 200),
  ];
  printTable(`${page.path}, median of ${ROUNDS} visits with an empty cache`, rows);
}

/** From the choice to the lines of another stretch of time. */
async function showWeek(world: World): Promise<void> {
  const { context, page } = await openVisitor(world);
  try {
    await page.goto(`${world.server.address}/analytics/memory`);
    const chart = page.getByTestId("memory-chart");
    const lines = chart.locator("ul li").nth(2);
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await chart.getByLabel("Show").selectOption({ index: 0 });
      await lines.waitFor();
      const begun = performance.now();
      await chart.getByLabel("Show").selectOption({ label: "7 days" });
      await chart.getByText(/was held in \d+ min/).waitFor();
      times.push(performance.now() - begun);
    }
    printTable("memory over time, another stretch chosen", [figure("7 days, median", median(times), "ms", 1_000)]);
  } finally {
    await context.close();
  }
}
