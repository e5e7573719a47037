import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { MemorySamplesBody } from "../../lib/wire";
import { startServer } from "../../tests/web/server";
import { median } from "../support/measure";
import { writeSamples } from "./week";

const DAY_MS = 86_400_000;
const ROUNDS = 15;

/** What `GET /api/memory/samples` and the peaks weigh and take over seven days of samples. */
export async function benchPageData(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "memwell-analytics-"));
  try {
    const { samples, series } = writeSamples(folder, 7 * DAY_MS);
    const { size } = await stat(join(folder, "memwell.db"));
    console.log(`## page data: ${samples} samples of ${series} series, 7 days\n`);
    console.log(`database                          ${(size / 1e6).toFixed(1)} MB`);
    const server = await startServer({ MEMWELL_DATA_DIR: folder });
    try {
      const to = Date.now();
      const ask = (query: string) => measure(`${server.address}/api/memory/samples?${query}`);
      await report("7 days, 1000 points", ask(`from=${to - 7 * DAY_MS}&to=${to}&points=1000`));
      await report("7 days, 300 points", ask(`from=${to - 7 * DAY_MS}&to=${to}&points=300`));
      await report("12 hours, 300 points", ask(`from=${to - DAY_MS / 2}&to=${to}&points=300`));
      await report("10 minutes, every 2 seconds", ask(`from=${to - 600_000}&to=${to}&points=301`));
      const week = `${server.address}/api/memory/samples?from=${to - 7 * DAY_MS}&to=${to}&points=300`;
      const { step, next } = (await (await fetch(week)).json()) as MemorySamplesBody;
      await report("7 days, only what is new", ask(`from=${to - 7 * DAY_MS}&step=${step}&after=${next}`));
      await report("GET /api/memory with peaks", measure(`${server.address}/api/memory`));
    } finally {
      await server.stop();
    }
    console.log();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function report(name: string, measuring: ReturnType<typeof measure>): Promise<void> {
  const { bytes, compressed, ms } = await measuring;
  const kilobytes = (count: number) => `${(count / 1e3).toFixed(1)} kB`;
  console.log(`${name.padEnd(32)}  ${kilobytes(bytes)}, compressed ${kilobytes(compressed)}, ${ms.toFixed(1)} ms`);
}

async function measure(address: string): Promise<{ bytes: number; compressed: number; ms: number }> {
  const times: number[] = [];
  let body: Buffer = Buffer.alloc(0);
  for (let round = 0; round <= ROUNDS; round++) {
    const begun = performance.now();
    const response = await fetch(address);
    if (!response.ok) throw new Error(`status ${response.status}: ${await response.text()}`);
    body = Buffer.from(await response.arrayBuffer());
    // The first finds code that is not compiled.
    if (round > 0) times.push(performance.now() - begun);
  }
  return { bytes: body.length, compressed: gzipSync(body).length, ms: median(times) };
}
