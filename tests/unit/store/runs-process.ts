import { createInterface } from "node:readline";
import { openDatabase, RunStore } from "../../../lib/store";

/**
 * A server in a process of its own, for the tests of several. On the database of a folder it does what the lines on its
 * standard input say, and answers each with a line of JSON.
 */
const [folder = "", server = ""] = process.argv.slice(2);
const { database } = openDatabase(folder);
const runs = new RunStore(database, { server });

const DO: Record<string, (session: string, run: string, count: number) => Promise<unknown>> = {
  beat: () => runs.heartbeat().then(() => true),
  reap: () => runs.reap(Date.now(), 60_000),
  finish: (session, run) => runs.finish(session, run, "done", { answer: { text: server } }),
  async append(session, run, count) {
    for (let number = 0; number < count; number++) {
      const last = await runs.append(
        session,
        run,
        [0, 1, 2].map((part) => ({ server, number, part })),
      );
      // As it goes: whoever kills this process knows what was stored for certain.
      process.stdout.write(`${last}\n`);
      // Lets what was written out go, and another process have its turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return "appended";
  },
};

process.stdout.write('"ready"\n');
for await (const line of createInterface({ input: process.stdin })) {
  const [what = "", session = "", run = "", count = "0"] = line.split(" ");
  process.stdout.write(`${JSON.stringify(await DO[what]?.(session, run, Number(count)))}\n`);
}
database.close();
