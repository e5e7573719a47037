import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { machineSampleReaders, SampleReader, type MemorySample } from "../../lib/memory";
import { openDatabase, SampleStore } from "../../lib/store";
import type { MemorySamplesBody } from "../../lib/wire";
import { startServer, type TestServer } from "../../tests/web/server";
import { spread } from "../support/measure";

const ROUNDS = 5;
/** As the server writes them: five together. */
const BATCH = 5;
const BATCHES = 200;
const PAGE_EVERY_MS = 2_000;

/**
 * Processor time of a server that takes samples over that of one that takes none, side by side: as a share of one core, with
 * two models loaded and nobody asking; then with a page that follows the one of them.
 */
export async function benchSampling(seconds: number): Promise<void> {
  benchHold();
  const [on, off] = await Promise.all([startServer(), startServer({ MEMWELL_SAMPLES_KEEP: "off" })]);
  try {
    for (const { address } of [on, off])
      for (const id of ["demo-response", "demo-reasoning"])
        await fetch(`${address}/api/models/${id}/load`, { method: "POST" });
    // What a start leaves to do.
    await sleep(10_000);
    console.log(`## sampling, two servers side by side, ${ROUNDS} rounds of ${seconds} s\n`);
    const alone = await compare(on, off, seconds, () => Promise.resolve());
    console.log(`samples, over none                ${percent(alone)} of a core (goal below 1)`);
    const followed = await compare(on, off, seconds, () => follow(on, seconds));
    console.log(`samples and a page, over none     ${percent(followed)} of a core (goal below 1)\n`);
  } finally {
    await Promise.all([on.stop(), off.stop()]);
  }
}

/** How long a sample of four processes, and the writing of five samples, keep everything else waiting. */
function benchHold(): void {
  const folder = mkdtempSync(join(tmpdir(), "memwell-sampling-"));
  const { database } = openDatabase(folder);
  const store = new SampleStore(database);
  const reader = new SampleReader({
    processes: () => ["a", "b", "c", "d"].map((name) => ({ of: "model" as const, name, pid: process.pid })),
    limits: { container: 1, host: 1, budget: 1 },
    gpus: null,
    readers: machineSampleReaders(),
  });
  const [reads, writes]: [number[], number[]] = [[], []];
  const begin = Date.now();
  for (let batch = 0; batch < BATCHES; batch++) {
    const samples = Array.from({ length: BATCH }, (_, index): MemorySample => {
      const time = begin + (batch * BATCH + index) * 2_000;
      return timed(reads, () => reader.read(time));
    });
    timed(writes, () => store.append(samples));
  }
  database.close();
  rmSync(folder, { recursive: true, force: true });
  console.log("## what a sample keeps waiting\n");
  console.log(`reading one, ms                   ${spread(reads, 3)}`);
  console.log(`writing five, ms                  ${spread(writes, 3)}\n`);
}

function timed<Result>(times: number[], work: () => Result): Result {
  const begun = performance.now();
  const result = work();
  times.push(performance.now() - begun);
  return result;
}

async function compare(
  on: TestServer,
  off: TestServer,
  seconds: number,
  meanwhile: () => Promise<void>,
): Promise<number[]> {
  const shares: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = [busyMs(on.pid), busyMs(off.pid)] as const;
    await Promise.all([sleep(seconds * 1_000), meanwhile()]);
    shares.push((busyMs(on.pid) - before[0] - (busyMs(off.pid) - before[1])) / (seconds * 1_000));
  }
  return shares;
}

/** Asks as an open page does: only for what is new. */
async function follow({ address }: TestServer, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1_000;
  let query = `from=${Date.now() - 600_000}`;
  while (performance.now() < end) {
    const { step, next, from } = (await (
      await fetch(`${address}/api/memory/samples?${query}`)
    ).json()) as MemorySamplesBody;
    query = `from=${from}&step=${step}&after=${next}`;
    await sleep(PAGE_EVERY_MS);
  }
}

/** Processor time of all threads of a process so far, by the kernel's scheduler: in ms, exact to the nanosecond. */
function busyMs(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => {
    try {
      return sum + Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]) / 1e6;
    } catch {
      return sum; // A thread that has ended meanwhile.
    }
  }, 0);
}

function percent(shares: number[]): string {
  const hundredfold = shares.map((share) => share * 100);
  return `${spread(hundredfold, 3)} %`;
}
