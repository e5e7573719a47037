import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HistoryTurn } from "../../lib/agent";
import { readProcessMemory } from "../../lib/memory";
import { median, raise, spread } from "../support/measure";
import { CONVERSATION } from "./conversation";
import { ensureTurnModels, type TurnShape } from "./models";
import { prefilledTokens } from "./new-tokens";
import { World, type TurnCost, type WorldSettings } from "./world";

const TURNS = 3;
const CLIENTS = 4;
/** Between one model and two of the same size. */
const MODELS_IN_BUDGET = 1.5;
/** Of the limit: `MEMWELL_MEMORY_THRESHOLD`. */
const THRESHOLD = 0.8;

/**
 * Turns in a budget that holds one of the two models, beside the same turns where both stay loaded. A *swap* is the change
 * from one model to the other within a turn; a *load* is what a turn waited for. A single conversation loads twice a turn:
 * the model that answered is still there when the next turn begins with the other one.
 */
export async function benchSwaps(shape: TurnShape, threads: number): Promise<void> {
  const models = await ensureTurnModels(shape);
  const folder = await mkdtemp(join(tmpdir(), "memwell-bench-"));
  try {
    const { staying, largest } = await converseIn(
      { models, threads, folder: join(folder, "both") },
      ["response", "reasoning"],
      async (world) => ({ staying: await converse(world), largest: world.residentBytes[0] ?? raise("no model") }),
    );
    const own = readProcessMemory("self")?.anonymous ?? 0;
    const budget = (own + MODELS_IN_BUDGET * largest) / THRESHOLD;
    const tight = { models, threads, budget, folder: join(folder, "one") };
    const swapping = await converseIn(tight, ["response"], converse);
    const together = await converseIn({ ...tight, folder: join(folder, "clients") }, ["response"], converseTogether);
    show(shape, staying, swapping, together);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A world of its own for one talk, with these models loaded before it; closed whatever happens. */
async function converseIn<T>(
  settings: WorldSettings,
  roles: ("response" | "reasoning")[],
  talk: (world: World) => Promise<T>,
): Promise<T> {
  const world = new World(settings);
  try {
    await world.start(roles);
    return await talk(world);
  } finally {
    await world.close();
  }
}

async function converse(world: World): Promise<TurnCost[]> {
  const turns: TurnCost[] = [];
  for (const [seed, { message }] of CONVERSATION.slice(0, TURNS).entries())
    turns.push(await world.turn(message, seed, { maxThoughtTokens: 0 }));
  return turns;
}

/** Several conversations at once, each waiting for its own answers only. */
async function converseTogether(world: World): Promise<TurnCost[]> {
  const talk = async (client: number): Promise<TurnCost[]> => {
    const history: HistoryTurn[] = [];
    const turns: TurnCost[] = [];
    for (const [index, { message }] of CONVERSATION.slice(0, TURNS).entries())
      turns.push(await world.turn(message, client * TURNS + index, { history, maxThoughtTokens: 0 }));
    return turns;
  };
  return (await Promise.all(Array.from({ length: CLIENTS }, (_, client) => talk(client)))).flat();
}

/** Changes from one model to the other between the steps of a turn. */
function swapsIn({ steps }: TurnCost): number {
  const roles = steps.flatMap(({ name, role }) => (name === "slot" && role !== null ? [role] : []));
  return roles.filter((role, index) => index > 0 && role !== roles[index - 1]).length;
}

function show(shape: TurnShape, staying: TurnCost[], swapping: TurnCost[], together: TurnCost[]): void {
  const most = (turns: TurnCost[], of: (turn: TurnCost) => number) => Math.max(...turns.map(of));
  // The first turn finds the response model loaded, and nothing to save.
  const [later, stayed] = [swapping.slice(1), staying.slice(1)];
  const slots = later.map(({ steps }) =>
    steps.reduce((sum, { name, duration_ms }) => sum + (name === "slot" ? duration_ms : 0), 0),
  );
  const loads = together.reduce((sum, turn) => sum + turn.loads, 0);
  const slower = later.map(({ wallMs }, index) => wallMs / (stayed[index]?.wallMs ?? NaN));
  const read = later.map((turn, index) => prefilledTokens(turn) / prefilledTokens(stayed[index] ?? raise("no turn")));
  console.log(`## ${shape}: turns in a budget that holds one of the two models\n`);
  console.log(`swaps within a turn                  at most ${most(swapping, swapsIn)} (goal 1)`);
  console.log(
    `loads a turn, one conversation       ${spread(
      later.map((turn) => turn.loads),
      0,
    )}`,
  );
  console.log(`loads a turn, ${CLIENTS} conversations        ${(loads / together.length).toFixed(2)}`);
  console.log(
    `time / where both stay loaded        ${spread(slower)}; waiting for models ${median(slots).toFixed(0)} ms a turn`,
  );
  console.log(`prefilled / where both stay loaded   ${spread(read)}`);
  console.log(
    `start of step rules, ms              at most ${most([...swapping, ...together], (turn) => turn.firstEventMs).toFixed(1)} after the call, before any work\n`,
  );
}
