/**
 * `npm run bench -- audit [--rounds N]`: the audit of 100,000 small files beside `du`, and its search for duplicates beside
 * `sha256sum` of everything. Everything in one run on one machine; quote the ratios.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { benchDuplicates } from "./audit/duplicates";
import { benchMemory } from "./audit/memory";
import { benchWalk } from "./audit/walk";
import { bundle } from "./cache/bundle";

const { values: flags } = parseArgs({ options: { rounds: { type: "string", default: "7" } } });
const rounds = Number(flags.rounds);

console.log(`${cpus()[0]?.model ?? "unknown CPU"}, ${availableParallelism()} cores, Node ${process.version}\n`);
const folder = await mkdtemp(join(tmpdir(), "memwell-bench-"));
try {
  const program = await bundle("bench/audit/program.ts", join(folder, "program.mjs"));
  await benchWalk(join(folder, "small"), rounds);
  benchMemory(folder, program);
  await benchDuplicates(join(folder, "large"), Math.min(rounds, 3));
} finally {
  await rm(folder, { recursive: true, force: true });
}
