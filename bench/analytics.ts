/**
 * `npm run bench -- analytics [--only page-data|pages|sampling] [--seconds N]`: what a page asks for over a week of samples,
 * how soon the pages show a cache of 500 repositories, that week and 10,000 turns, and what taking samples costs. Everything
 * in one run on one machine; quote the ratios.
 */
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { benchPageData } from "./analytics/page-data";
import { benchPages } from "./analytics/pages";
import { benchSampling } from "./analytics/sampling";

const { values: flags } = parseArgs({
  options: { only: { type: "string" }, seconds: { type: "string", default: "60" } },
});

const benches: Record<string, () => Promise<void>> = {
  "page-data": benchPageData,
  pages: benchPages,
  sampling: () => benchSampling(Number(flags.seconds)),
};

console.log(`${cpus()[0]?.model ?? "unknown CPU"}, ${availableParallelism()} cores, Node ${process.version}\n`);
for (const [name, bench] of Object.entries(benches)) if (flags.only === undefined || flags.only === name) await bench();
