import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spread } from "../support/measure";
import { CONVERSATION } from "./conversation";
import { showPhases, showSteps, timeRatios, type Phase, type Row } from "./cost-report";
import { firstFrames } from "./first-frame";
import { ensureTurnModels, type TurnShape } from "./models";
import { newTokens, openCounter, type CountTokens } from "./new-tokens";
import { World, type PlainCost, type TurnCost } from "./world";

/** Turns whose notes are as long as they may be: enough to know what they cost. */
const TURNS_WITH_NOTES = 3;

interface Settings {
  models: { response: string; reasoning: string };
  threads: number;
  /** Counts as the response model does. */
  count: CountTokens;
}

/**
 * A turn without notes over the response model's answer alone, with the same messages, instructions and number of tokens.
 * Each side has processes and a data folder of its own, so that neither finds what the other has evaluated; they take turns
 * in one run, so that a noisy machine disturbs both. All models are loaded before the first turn: see `swaps` for loads.
 *
 * @param options.rounds conversations; with an even number of them each side goes first equally often in every phase
 */
export async function benchCost(
  shape: TurnShape,
  { rounds, threads }: { rounds: number; threads: number },
): Promise<void> {
  const models = await ensureTurnModels(shape);
  const counter = await openCounter(models.response);
  const settings = { models, threads, count: counter.count };
  const rows: Row[] = [];
  let notes: Row[] = [];
  try {
    for (let round = 0; round < rounds; round++)
      rows.push(...(await converse(settings, { round, turns: CONVERSATION.length })));
    notes = await converse(settings, { round: 0, turns: TURNS_WITH_NOTES, withNotes: true });
  } finally {
    await counter.close();
  }
  const frames = await firstFrames(models, threads);

  console.log(
    `## ${shape}: a turn without notes / the response model alone, ${threads} thread(s), ${rounds} round(s)\n`,
  );
  showPhases(rows);
  const withNotes = notes.filter(({ phase }) => phase === "warm");
  console.log(
    `with notes, warm turns: time ${spread(timeRatios(withNotes, "wallMs"))}, processor ${spread(timeRatios(withNotes, "processorMs"))}`,
  );
  console.log(
    `time to the first frame of POST /api/chat, ms (goal 100): ${spread(frames.later, 1)}; of a server's first turn ${frames.first.toFixed(1)}`,
  );
  console.log(
    `time to the first event of a turn, the start of step rules, before any work: at most ${Math.max(...rows.map(({ turn }) => turn.firstEventMs)).toFixed(1)} ms\n`,
  );
  showSteps(rows.filter(({ phase }) => phase === "warm"));
}

async function converse(
  { models, threads, count }: Settings,
  { round, turns, withNotes = false }: { round: number; turns: number; withNotes?: boolean },
): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), "memwell-bench-"));
  const agent = new World({ models, threads, folder: join(folder, "agent") });
  const alone = new World({ models, threads, folder: join(folder, "alone") });
  const start = async () => {
    await agent.start(["response", "reasoning"]);
    await alone.start(["response"]);
  };
  const rows: Row[] = [];
  try {
    await start();
    for (const [index, { message }] of CONVERSATION.slice(0, turns).entries()) {
      const isRestart = index > 0 && index === CONVERSATION.length - 1;
      if (isRestart) await start();
      const phase: Phase = index === 0 ? "cold" : isRestart ? "restart" : "warm";
      const seed = round * CONVERSATION.length + index;
      const options = withNotes ? {} : { maxThoughtTokens: 0 };
      let [turn, plain]: [TurnCost | null, PlainCost | null] = [null, null];
      // Each goes first every other time: from turn to turn, and at the same turn from round to round.
      if ((round + index) % 2 === 0) turn = await agent.turn(message, seed, options);
      plain = await alone.plain(message, seed);
      turn ??= await agent.turn(message, seed, options);
      rows.push({ phase, turn, plain, newTokens: await newTokens(turn, agent.form, count, { isFirst: index === 0 }) });
    }
  } finally {
    await agent.close();
    await alone.close();
    await rm(folder, { recursive: true, force: true });
  }
  return rows;
}
