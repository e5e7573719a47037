import { expect, it, onTestFinished } from "vitest";
import { AlertWatch, type Readings } from "../../../lib/analytics";
import { AlertStore } from "../../../lib/store";
import { testStores } from "../store/conversations-stores";
import { hookServer, status } from "./hook-server";

const LIMITS = { budgetShare: 0.9, freeDiskBytes: null, evictionsPerHour: null };
const held = (usedBytes: number): Readings => ({
  memory: { usedBytes, budgetBytes: 100 },
  freeDiskBytes: null,
  evictions: new Map(),
});

function watched(webhook: string | null, database = testStores().database) {
  const store = new AlertStore(database);
  const lines: string[] = [];
  const now = { usedBytes: 10 };
  const watch = new AlertWatch({
    store: () => store,
    limits: LIMITS,
    webhook: webhook === null ? null : { address: webhook, pausesMs: [] },
    read: () => held(now.usedBytes),
    log: (line) => lines.push(line),
    now: () => 1_000,
  });
  onTestFinished(() => watch.close());
  const look = async (usedBytes: number) => {
    now.usedBytes = usedBytes;
    await watch.look();
    await watch.settled();
  };
  return { watch, look, lines, store, database };
}

it("the owner is told once, in the log, in the list and by the webhook, and again only after it was over", async () => {
  const hook = await hookServer(status(200));
  const { look, lines, store } = watched(hook.address);
  for (const usedBytes of [50, 95, 97, 88, 95]) await look(usedBytes);
  expect(lines).toEqual([expect.stringContaining("95 % of the memory budget is held, above 90 %")]);
  expect(store.recent(10)).toMatchObject([
    { name: "memory_budget", value: 0.95, bound: 0.9, endedAt: null, webhook: "sent" },
  ]);
  expect(hook.bodies).toMatchObject([
    { text: expect.stringContaining("95 %"), alert: { name: "memory_budget", ended_at: null } },
  ]);

  for (const usedBytes of [80, 92]) await look(usedBytes);
  expect(lines.slice(1)).toEqual(["alert is over: memory_budget", expect.stringContaining("92 %")]);
  expect(store.recent(10).map(({ endedAt }) => endedAt)).toEqual([null, 1_000]);
  expect(hook.bodies).toHaveLength(2);
});

it("what was told is not told again after a restart, and what was not told is", async () => {
  const database = testStores().database;
  const before = watched(null, database);
  await before.look(95);
  await before.watch.close();
  const again = watched(null, database);
  await again.look(96);
  expect(again.lines).toEqual([]);

  const hook = await hookServer(status(200));
  database.exec("UPDATE alerts SET webhook = 'pending'");
  const later = watched(hook.address, database);
  await later.look(97);
  expect(hook.bodies).toMatchObject([{ alert: { value: 0.95 } }]);
  expect(later.store.open()).toMatchObject([{ webhook: "sent" }]);
});

it("a webhook that fails is told of in the log, without its secret", async () => {
  const hook = await hookServer(status(404));
  const { look, lines, store } = watched(hook.address);
  await look(95);
  expect(lines[1]).toContain("was not told: it answered 404");
  expect(lines.join()).not.toContain("secret");
  expect(store.open()).toMatchObject([{ webhook: "failed" }]);
});

it("a server that ends while it tells leaves it to the next one", async () => {
  let resolve = (): void => {};
  const asked = new Promise<void>((asked) => (resolve = asked));
  const hook = await hookServer(() => resolve());
  const { watch, look, store } = watched(hook.address);
  const looked = look(95);
  await asked;
  await watch.close();
  await looked;
  expect(store.open()).toMatchObject([{ webhook: "pending" }]);
});

it("two servers on one database tell once", async () => {
  const database = testStores().database;
  const [one, other] = [watched(null, database), watched(null, database)];
  await Promise.all([one.look(95), other.look(95)]);
  expect([...one.lines, ...other.lines]).toHaveLength(1);
  expect(one.store.recent(10)).toHaveLength(1);
});
