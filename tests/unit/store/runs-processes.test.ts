import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { expect, it, onTestFinished } from "vitest";
import { openDatabase, RunStore } from "../../../lib/store";
import { MINE, question, testStores } from "./conversations-stores";

/** A server on the folder's database, in a process of its own; what it says comes line by line. */
async function startServer(folder: string, name: string) {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", resolve("tests/unit/store/runs-process.ts"), folder, name],
    {
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<unknown> => {
    const line = await lines.next();
    return line.done === true ? undefined : JSON.parse(line.value);
  };
  const tell = (line: string) => void child.stdin.write(`${line}\n`);
  const until = async (wanted: unknown) => {
    for (let said = await next(); said !== wanted; said = await next())
      if (said === undefined) throw new Error("ended");
  };
  expect(await next()).toBe("ready");
  return { child, next, tell, until };
}

it("a process killed in the middle of appending leaves a database that opens, without gaps, with all it said it stored", async () => {
  const stores = testStores();
  const { conversation, ...messages } = await question(stores);
  const server = await startServer(stores.folder, "server-2");
  const { id } = await stores.runs.begin(MINE, { conversation, ...messages });
  server.tell(`append ${MINE} ${id} 1000000`);
  let stored = 0;
  while (stored < 150) stored = Number(await server.next());
  server.child.kill("SIGKILL");
  await once(server.child, "close");
  for (let said = await server.next(); said !== undefined; said = await server.next()) stored = Number(said);

  const { database, warnings } = openDatabase(stores.folder);
  onTestFinished(() => void database.close());
  expect(warnings).toEqual([]);
  expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
  const runs = new RunStore(database, { server: "server-1", now: () => stores.clock.now });
  const { run, events } = await runs.events(MINE, id, { limit: 10_000 });
  expect(run.lastSequence).toBeGreaterThanOrEqual(stored);
  expect(run.lastSequence % 3).toBe(0);
  expect(events).toEqual(
    Array.from({ length: run.lastSequence }, (_, at) => ({
      sequence: at + 1,
      event: { server: "server-2", number: Math.floor(at / 3), part: at % 3 },
    })),
  );
  expect((await runs.start()).map((reaped) => reaped.id)).toEqual([id]);
}, 30_000);

it("two processes that append to one run at once lose nothing, and mix no batch with another", async () => {
  const stores = testStores();
  const { id } = await stores.runs.begin(MINE, await question(stores));
  const servers = await Promise.all(["server-2", "server-3"].map((name) => startServer(stores.folder, name)));
  for (const server of servers) server.tell(`append ${MINE} ${id} 100`);
  await Promise.all(servers.map((server) => server.until("appended")));

  const { events } = await stores.runs.events(MINE, id, { limit: 10_000 });
  expect(events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 600 }, (_, at) => at + 1));
  const batches = events.map(({ event }) => event as { server: string; number: number; part: number });
  expect(batches.map(({ part }) => part)).toEqual(Array.from({ length: 600 }, (_, at) => at % 3));
  for (const name of ["server-2", "server-3"])
    expect(batches.filter(({ server, part }) => server === name && part === 0).map(({ number }) => number)).toEqual(
      Array.from({ length: 100 }, (_, at) => at),
    );
}, 30_000);

it("of two processes that finish a run, and of two that reap a server's runs, one wins each", async () => {
  const stores = testStores({ run: { now: () => 0 } });
  const servers = await Promise.all(["server-2", "server-3"].map((name) => startServer(stores.folder, name)));
  for (let count = 0; count < 20; count++) {
    const turn = await question(stores);
    const { id } = await stores.runs.begin(MINE, turn);
    for (const server of servers) server.tell(`finish ${MINE} ${id}`);
    const won = await Promise.all(servers.map((server) => server.next()));
    expect(won.toSorted()).toEqual([false, true]);
    // The answer is the winner's.
    const { messages } = await stores.conversations.read(MINE, turn.conversation);
    expect(messages[1]?.text).toBe(won[0] === true ? "server-2" : "server-3");

    const left = await stores.runs.begin(MINE, turn);
    for (const server of servers) server.tell("reap");
    const reaped = await Promise.all(servers.map((server) => server.next()));
    expect(reaped.flat()).toMatchObject([{ id: left.id }]);
  }
}, 30_000);
