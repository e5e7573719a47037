import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, spread } from "../support/measure";
import { CONVERSATION } from "./conversation";
import { ensureTurnModels, type TurnShape } from "./models";
import { newTokens, openCounter, prefilledTokens } from "./new-tokens";
import { World, type PlainCost, type TurnCost } from "./world";

/** The first turn in a fresh data folder; those after it; the one after everything was closed and started again. */
const PHASES = ["cold", "warm", "restart"] as const;
type Phase = (typeof PHASES)[number];

/** Turns whose notes are as long as they may be: enough to know what they cost. */
const TURNS_WITH_NOTES = 3;

interface Row {
  phase: Phase;
  turn: TurnCost;
  plain: PlainCost;
  newTokens: number;
}

/**
 * A turn without notes over the response model's answer alone, with the same messages, instructions and number of tokens.
 * Each side has processes and a data folder of its own, so that neither finds what the other has evaluated; they take turns
 * in one run, so that a noisy machine disturbs both. All models are loaded before the first turn: see `swaps` for loads.
 */
export async function benchCost(
  shape: TurnShape,
  { rounds, threads }: { rounds: number; threads: number },
): Promise<void> {
  const rows: Row[] = [];
  for (let round = 0; round < rounds; round++)
    rows.push(...(await converse(shape, { round, threads, turns: CONVERSATION.length })));
  const notes = await converse(shape, { round: 0, threads, turns: TURNS_WITH_NOTES, withNotes: true });
  console.log(
    `## ${shape}: a turn without notes / the response model alone, ${threads} thread(s), ${rounds} round(s)\n`,
  );
  console.log(
    `${"".padEnd(7)}  ${"time (goal 1.25)".padEnd(19)}  ${"processor time".padEnd(19)}  prefilled / new (goal 1.5)`,
  );
  for (const phase of PHASES)
    showPhase(
      phase,
      rows.filter((row) => row.phase === phase),
    );
  const withNotes = notes.filter(({ phase }) => phase === "warm");
  console.log(
    `with notes, warm turns: time ${spread(ratios(withNotes, "wallMs"))}, processor ${spread(ratios(withNotes, "processorMs"))}`,
  );
  console.log(
    `time to the first event: at most ${Math.max(...rows.map(({ turn }) => turn.firstEventMs)).toFixed(1)} ms (goal 100)\n`,
  );
  showSteps(rows.filter(({ phase }) => phase === "warm"));
}

async function converse(
  shape: TurnShape,
  { round, threads, turns, withNotes = false }: { round: number; threads: number; turns: number; withNotes?: boolean },
): Promise<Row[]> {
  const models = await ensureTurnModels(shape);
  const count = await openCounter(models.response);
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
      // Each goes first every other time.
      if (seed % 2 === 0) turn = await agent.turn(message, seed, options);
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

function ratios(rows: Row[], part: "wallMs" | "processorMs"): number[] {
  return rows.map(({ turn, plain }) => turn[part] / plain[part]);
}

function showPhase(phase: Phase, rows: Row[]): void {
  const tokens = rows.map(({ turn, newTokens: fresh }) => prefilledTokens(turn) / fresh);
  const times = (["wallMs", "processorMs"] as const).map((part) => spread(ratios(rows, part)).padEnd(19));
  const prefilled = spread(
    rows.map(({ turn }) => prefilledTokens(turn)),
    0,
  );
  console.log(`${phase.padEnd(7)}  ${times.join("  ")}  ${spread(tokens)}; tokens: ${prefilled}`);
}

/** What each step of a warm turn takes; steps of one name together. */
function showSteps(rows: Row[]): void {
  const plain = rows.map((row) => ({ ...row.plain, reused: 0 }));
  const plainMs = median(plain.map(({ wallMs }) => wallMs));
  const show = (name: string, ms: number[], read: { prefilled: number; reused: number }[]): void => {
    const share = (median(ms) / plainMs).toFixed(2).padStart(5);
    const [prefilled, reused] = (["prefilled", "reused"] as const).map((part) =>
      spread(
        read.map((tokens) => tokens[part]),
        0,
      ),
    );
    console.log(
      `${name.padEnd(26)}  ${spread(ms, 0).padEnd(24)} ${share}  ${(prefilled ?? "").padEnd(18)}  ${reused ?? ""}`,
    );
  };
  console.log(`${"step of a warm turn".padEnd(26)}  ${"ms".padEnd(24)} share  ${"prefilled".padEnd(18)}  reused`);
  const steps = new Map<string, TurnCost["steps"]>();
  for (const step of rows.flatMap(({ turn }) => turn.steps)) {
    const name = [step.name, step.detail].filter((part) => part !== null).join(" ");
    steps.set(name, [...(steps.get(name) ?? []), step]);
  }
  for (const [name, ends] of steps) {
    show(
      name,
      ends.map((end) => end.duration_ms),
      ends,
    );
    if (name !== "response") continue;
    show(
      "  of it reading",
      ends.map((end) => end.prefill_ms),
      ends,
    );
  }
  show(
    "the response model alone",
    plain.map(({ wallMs }) => wallMs),
    plain,
  );
  console.log();
}
