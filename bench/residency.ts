/**
 * `npm run bench -- residency [--swaps N] [--only NAME]`: what keeping models within a budget costs, and how well it is
 * forecast. Everything in one run on one machine; quote the ratios.
 */
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { benchForecast } from "./residency/forecast";
import { benchLedger } from "./residency/ledger";
import { benchReturn } from "./residency/return";
import { benchSwapTime } from "./residency/swap-time";
import { benchThreads } from "./residency/threads";
import { benchTurns, benchTurnsInGroup } from "./residency/turns";

const { values: flags } = parseArgs({
  options: { swaps: { type: "string", default: "200" }, only: { type: "string" } },
});

const benches: Record<string, () => Promise<void>> = {
  forecast: benchForecast,
  "swap-time": benchSwapTime,
  return: benchReturn,
  threads: benchThreads,
  ledger: benchLedger,
  turns: () => benchTurns(Number(flags.swaps)),
  cgroup: () => benchTurnsInGroup(Number(flags.swaps)),
};

console.log(`${cpus()[0]?.model ?? "unknown CPU"}, ${availableParallelism()} cores, Node ${process.version}\n`);
for (const [name, bench] of Object.entries(benches)) if (flags.only === undefined || flags.only === name) await bench();
