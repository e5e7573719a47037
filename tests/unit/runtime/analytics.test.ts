import { expect, it, onTestFinished } from "vitest";
import { loadConfig } from "../../../lib/config";
import { RecordedAnalytics } from "../../../lib/runtime/analytics";
import { RuntimeDatabase } from "../../../lib/runtime/database";
import { figures } from "../analytics/figures";
import { testFolder } from "../store/folder";
import { call, halfway, heard, MINE, testChat } from "./chat/support";

const all = { from: 0, to: Number.MAX_SAFE_INTEGER, by: "day" as const };

function analyticsOf(database: RuntimeDatabase, settings: Record<string, string> = {}) {
  const warnings: string[] = [];
  const analytics = new RecordedAnalytics({
    config: loadConfig({ ...settings }),
    database,
    held: () => ({ usedBytes: 95, budgetBytes: 100 }),
    warn: (warning) => warnings.push(warning),
  });
  onTestFinished(() => analytics.close());
  return { analytics, warnings };
}

const counted = (analytics: RecordedAnalytics) =>
  analytics.counters().turns.map(({ labels, value }) => [labels["outcome"], value]);

it("turns of before this process are summed up, and not counted as its own", async () => {
  const chat = testChat();
  const run = await chat.chat.begin(MINE, call("What is a fraction?"));
  await heard(chat.chat.follow(MINE, run.id));
  chat.database.open().exec("UPDATE runs SET finished_at = finished_at - 60000");
  const { analytics } = analyticsOf(chat.database);
  const { total } = await analytics.summary(all);
  expect(total).toMatchObject({ turns: 1, outcomes: { done: 1 } });
  expect(counted(analytics)).toEqual([]);
  analytics.record(figures({ run: "now", source: "agent" }));
  expect((await analytics.summary(all)).total.turns).toBe(2);
  expect(counted(analytics)).toEqual([["done", 1]]);
});

it("an answer that a dead server has left behind counts once it is found, without a time", async () => {
  const dead = halfway();
  const run = await dead.chat.begin(MINE, call("What is a fraction?"));
  await dead.reach(run.id);
  const next = testChat({ folder: dead.folder });
  const { analytics } = analyticsOf(next.database);
  await next.chat.open();
  const { total } = await analytics.summary(all);
  expect(total).toMatchObject({ turns: 1, outcomes: { interrupted: 1 }, turn_ms: null });
  expect(counted(analytics)).toEqual([["interrupted", 1]]);
  dead.open();
});

it("without a database there is nothing to tell, and asking makes none", async () => {
  const database = new RuntimeDatabase(testFolder(), () => {});
  const { analytics } = analyticsOf(database);
  expect((await analytics.summary(all)).total).toMatchObject({ turns: 0, first_token_ms: null });
  expect(await analytics.recent({ withWords: true })).toEqual({ runs: [], next: null });
  expect(analytics.alerts()).toEqual([]);
  expect(await analytics.gauges()).toMatchObject({ conversations: 0, databaseBytes: 0, alerts: [] });
  expect(database.exists).toBe(false);
});

it("a database that cannot be written costs the figures, one warning, and nobody his answer", async () => {
  const database = new RuntimeDatabase(testFolder(), () => {});
  database.open();
  database.close();
  const { analytics, warnings } = analyticsOf(database);
  analytics.record(figures());
  analytics.record(figures({ run: "2" }));
  expect(analytics.loadMs("run-1")).toBeNull();
  await analytics.catchUp();
  expect(warnings).toHaveLength(1);
});

it("the owner is told of what is held, in the log and in the list", async () => {
  const database = new RuntimeDatabase(testFolder(), () => {});
  const { analytics } = analyticsOf(database, { MEMWELL_ALERT_DISK: "off" });
  const told = new Promise<string>((resolve) => analytics.watchAlerts(resolve));
  expect(await told).toContain("95 % of the memory budget is held");
  expect(analytics.alerts()).toMatchObject([{ name: "memory_budget", value: 0.95, webhook: "none" }]);
  expect((await analytics.gauges()).alerts).toHaveLength(1);
});
