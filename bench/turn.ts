/**
 * `npm run bench -- turn [m135] [b1_1] [--rounds N] [--threads N] [--only cost|swaps|orders]`: what a turn of the agent costs
 * over the response model's answer alone, and what it reads that it need not read. Everything in one run; quote the ratios.
 * The orders of prompts are counted in tokens, which no shape changes: always with m135.
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
/**
 * A conversation takes half a minute with the small shape, and some four minutes with the large one. Even numbers: either
 * side then goes first equally often.
 */
const ROUNDS: Record<TurnShape, number> = { m135: 6, b1_1: 2 };
const SHAPES = Object.keys(ROUNDS) as TurnShape[];

const threads = wholeNumber("threads", flags.threads);
const rounds = flags.rounds === undefined ? null : wholeNumber("rounds", flags.rounds);
const shapes = positionals.length === 0 ? SHAPES : positionals.map((name) => oneOf("shape", name, SHAPES));

const benches = {
  cost: async () => {
    for (const shape of shapes) await benchCost(shape, { rounds: rounds ?? ROUNDS[shape], threads });
  },
  swaps: async () => {
    for (const shape of shapes) await benchSwaps(shape, threads);
  },
  orders: benchOrders,
};
type Part = keyof typeof benches;
const PARTS = Object.keys(benches) as Part[];
const parts = flags.only === undefined ? PARTS : [oneOf("part for --only", flags.only, PARTS)];

console.log(`${cpus()[0]?.model ?? "unknown CPU"}, ${availableParallelism()} cores, Node ${process.version}\n`);
for (const part of parts) await benches[part]();

function oneOf<Name extends string>(what: string, given: string, names: readonly Name[]): Name {
  return (
    names.find((name) => name === given) ?? refuse(`There is no ${what} "${given}"; there is: ${names.join(", ")}.`)
  );
}

function wholeNumber(flag: string, given: string): number {
  return /^[1-9]\d{0,5}$/.test(given)
    ? Number(given)
    : refuse(`--${flag} takes a whole number from 1 on, not "${given}".`);
}

function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}
