/**
 * `npm run bench -- web [--only page|chat|wire] [--messages N] [--tokens N] [--rounds N]`: what the chat page costs whoever
 * visits it: the production build, in a real Chromium, from a real server. The model writes the same Markdown over and over
 * (see tests/fixtures/writing-model.ts); everything between its process and the screen is what ships. Model, server and browser share
 * this machine's cores: with fewer than four, frames wait for the model as well.
 */
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { ensureChromium } from "../scripts/lib/browser.mjs";
import { benchFirstPage } from "./web/first-page";
import { benchLongChat } from "./web/long-chat";
import { benchWire } from "./web/wire";
import { startWorld, type World } from "./web/world";

const { values: flags } = parseArgs({
  options: {
    only: { type: "string" },
    messages: { type: "string", default: "1000" },
    tokens: { type: "string", default: "20000" },
    rounds: { type: "string", default: "5" },
  },
});
const [messages, tokens, rounds] = (["messages", "tokens", "rounds"] as const).map((name) => wholeNumber(name));

const benches: Record<string, (world: World) => Promise<void>> = {
  page: (world) => benchFirstPage(world, rounds!),
  chat: (world) => benchLongChat(world, { messages: messages!, tokens: tokens! }),
  wire: benchWire,
};
const { only } = flags;
if (only !== undefined && !Object.hasOwn(benches, only))
  refuse(`There is no part "${only}" for --only; there is: ${Object.keys(benches).join(", ")}.`);

process.env.MEMWELL_CHROMIUM = await ensureChromium();
console.log(`${cpus()[0]?.model ?? "unknown CPU"}, ${availableParallelism()} cores, Node ${process.version}\n`);
const world = await startWorld();
try {
  for (const [name, bench] of Object.entries(benches)) if (only === undefined || only === name) await bench(world);
} finally {
  await world.close();
}

function wholeNumber(flag: "messages" | "tokens" | "rounds"): number {
  const given = flags[flag];
  return /^[1-9]\d{0,4}$/.test(given)
    ? Number(given)
    : refuse(`--${flag} takes a whole number from 1 to 99999, not "${given}".`);
}

function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}
