/**
 * `npm run bench -- turn [m135] [b1_1] [--rounds N] [--threads N] [--only cost|swaps|orders]`: what a turn of the agent costs
 * over the response model's answer alone, and what it reads that it need not read. Everything in one run; quote the ratios.
 */
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { benchCost } from "./turn/cost";
import type { TurnShape } from "./turn/models";
import { benchOrders } from "./turn/orders";
import { benchSwaps } from "./turn/swaps";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string" }, threads: { type: "string", default: "1" }, only: { type: "string" } },
});
const shapes = (positionals.length > 0 ? positionals : ["m135", "b1_1"]) as TurnShape[];
const threads = Number(flags.threads);
/** A conversation takes half a minute with the small shape, and some four minutes with the large one. */
const ROUNDS: Record<TurnShape, number> = { m135: 5, b1_1: 2 };

const benches: Record<string, () => Promise<void>> = {
  cost: async () => {
    for (const shape of shapes) await benchCost(shape, { rounds: Number(flags.rounds ?? ROUNDS[shape]), threads });
  },
  swaps: async () => {
    for (const shape of shapes) await benchSwaps(shape, threads);
  },
  orders: benchOrders,
};

console.log(`${cpus()[0]?.model ?? "unknown CPU"}, ${availableParallelism()} cores, Node ${process.version}\n`);
for (const [name, bench] of Object.entries(benches)) if (flags.only === undefined || flags.only === name) await bench();
