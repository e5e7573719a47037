/**
 * `npm run bench -- cache [--rounds N]`: the scan of a cache of 500 repositories, 3 revisions of 40 files each, which are
 * 60,000 links. Everything in one run on one machine; quote the ratios.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundle } from "./cache/bundle";
import { benchMemory } from "./cache/memory";
import { benchScanTime } from "./cache/scan-time";
import { benchSecondScan } from "./cache/second-scan";
import { buildTree } from "./cache/tree";

const { values: flags } = parseArgs({ options: { rounds: { type: "string", default: "7" } } });
const rounds = Number(flags.rounds);

console.log(`${cpus()[0]?.model ?? "unknown CPU"}, ${availableParallelism()} cores, Node ${process.version}\n`);
const folder = await mkdtemp(join(tmpdir(), "memwell-bench-"));
try {
  const cacheDir = join(folder, "hub");
  buildTree(cacheDir);
  const worker = await bundle("lib/hub/scan/worker.ts", join(folder, "cache-worker.mjs"));
  const program = await bundle("bench/cache/scan-program.ts", join(folder, "scan-program.mjs"));
  await benchScanTime(cacheDir, worker, rounds);
  benchMemory(cacheDir, program, worker, rounds);
  await benchSecondScan(cacheDir, worker, rounds);
} finally {
  await rm(folder, { recursive: true, force: true });
}
