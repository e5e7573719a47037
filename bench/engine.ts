/**
 * `npm run bench -- engine [SHAPE ...] [--rounds N] [--threads N]`: what the way through child process, runtime and HTTP costs over
 * node-llama-cpp alone. Both sides take turns in one run, so that a noisy machine disturbs both; quote the ratios.
 */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ChildSource, EngineProcess } from "../lib/engine";
import { checkModelFile } from "../lib/gguf";
import { kvBytesPerToken } from "../lib/runtime/load-settings";
import { ensureFixtureModel, type FixtureName } from "../tests/fixtures/models";
import { startServer } from "../tests/web/server";
import { askHttp, LineProgram, median, raise, spread, type Measured, type Served } from "./support/measure";

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "7" }, threads: { type: "string" } },
});
const rounds = Number(flags.rounds);
const shapes = (positionals.length > 0 ? positionals : ["m135", "b1_1"]) as FixtureName[];
const CONTEXT_SIZE = 2048;

console.log(
  `${cpus()[0]?.model ?? "unknown CPU"}, ${availableParallelism()} cores, Node ${process.version}, ${rounds} rounds\n`,
);
for (const shape of shapes) await benchShape(shape);

async function benchShape(shape: FixtureName): Promise<void> {
  const modelPath = await ensureFixtureModel(shape, { quantization: "Q4_0" });
  const summary = await checkModelFile(modelPath);
  const threads = Number(flags.threads ?? 1);
  console.log(`## ${shape}: ${(summary.parameters / 1e6).toFixed(0)} M parameters, Q4_0, ${threads} thread(s)\n`);
  const server = await startServer({
    MEMWELL_RESPONSE_MODEL: modelPath,
    MEMWELL_CONTEXT_SIZE: String(CONTEXT_SIZE),
    MEMWELL_THREADS: String(threads),
  });
  const maxTokens = summary.parameters > 5e8 ? 48 : 128;
  const rows: [string, string][] = [];
  try {
    const loaded = await loadAndDescribe(server.address);
    const bare = LineProgram.start(resolve("bench/support/bare.mjs"), [
      modelPath,
      ...[CONTEXT_SIZE, loaded.sequences, 256, threads].map(String),
    ]);
    try {
      rows.push(...(await compareWithBare(loaded, bare, maxTokens)));
    } finally {
      await bare.end();
    }
    rows.push(...(await compareClients(loaded, maxTokens)));
    rows.push(...(await secondTurn(loaded)));
    rows.push(...(await residentMemory(server.address, modelPath, loaded.sequences)));
  } finally {
    await server.stop();
  }
  rows.push(...(await savedState(modelPath, threads)));
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`);
  console.log();
}

/** The first words differ in every question, so that nothing is reused where a whole prefill is measured. */
function question(round: number, maxTokens: number, words = 20) {
  return { message: `${round} ${"tell me more about it ".repeat(words / 5)}`, maxTokens, seed: round };
}

async function compareWithBare(served: Served, bare: LineProgram, maxTokens: number): Promise<[string, string][]> {
  const rates: number[] = [];
  const bareRates: number[] = [];
  const added: number[] = [];
  for (let seed = 1; rates.length < rounds && seed < rounds * 8; seed++) {
    const alone = await bare.ask<Measured>(question(seed, maxTokens));
    const through = await askHttp(served, question(seed, maxTokens));
    // A short answer says nothing about speed.
    if (Math.min(alone.generated, through.generated) < maxTokens / 2) continue;
    const again = await bare.ask<Measured>(question(seed, maxTokens));
    const bareRate = (alone.tokensPerSecond + again.tokensPerSecond) / 2;
    rates.push(through.tokensPerSecond / bareRate);
    bareRates.push(bareRate);
    // The shortest prompt there is: reading a long one varies by more than what is measured here.
    const short = { message: `Hi ${seed}`, maxTokens: 1, seed };
    const before = await bare.ask<Measured>(short);
    const between = await askHttp(served, short);
    const after = await bare.ask<Measured>(short);
    added.push(between.firstTokenMs - (before.firstTokenMs + after.firstTokenMs) / 2);
  }
  return [
    ["tokens/s, node-llama-cpp alone", spread(bareRates, 1)],
    ["tokens/s through HTTP / alone (goal >= 0.97)", spread(rates, 3)],
    ["added time to first token, ms (goal <= 10)", spread(added, 1)],
  ];
}

/** Seeds of questions whose answers are as long as allowed, so that four clients stay four until the end. */
async function findLongAnswers(served: Served, maxTokens: number): Promise<number[]> {
  const seeds: number[] = [];
  for (let seed = 100; seeds.length < 4 && seed < 200; seed++) {
    const { generated } = await askHttp(served, question(seed, maxTokens));
    if (generated === maxTokens) seeds.push(seed);
  }
  return seeds;
}

/** Four clients against one, each asking what has a long answer; counted from the first question to the last answer. */
async function compareClients(served: Served, maxTokens: number): Promise<[string, string][]> {
  const seeds = await findLongAnswers(served, maxTokens);
  const aggregate = async (chosen: number[]): Promise<number> => {
    const startedAt = performance.now();
    const answers = await Promise.all(chosen.map((seed) => askHttp(served, question(seed, maxTokens))));
    const tokens = answers.reduce((sum, answer) => sum + answer.generated, 0);
    return (tokens * 1000) / (performance.now() - startedAt);
  };
  const seedAt = (index: number): number => seeds[index % seeds.length] ?? raise("no question had a long answer");
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const one = await aggregate([seedAt(round)]);
    ratios.push((await aggregate([0, 1, 2, 3].map((client) => seedAt(round + client)))) / one);
  }
  return [["tokens/s of four clients together / one client", spread(ratios)]];
}

async function secondTurn(served: Served): Promise<[string, string][]> {
  const first = { ...question(7000, 40, 200) };
  const answer = await askHttp(served, first);
  const history = [
    { role: "user", content: first.message },
    { role: "assistant", content: answer.text },
  ];
  const second = await askHttp(served, { message: "And then?", maxTokens: 8, seed: 1 }, history);
  return [
    ["second turn: tokens reused / prompt", `${second.cachedTokens} / ${second.promptTokens}`],
    ["second turn: time to first token / first turn's", (second.firstTokenMs / answer.firstTokenMs).toFixed(3)],
  ];
}

interface Described {
  id: string;
  memwell: { resident_bytes: number | null; roles: string[]; sequences?: number | null };
}

async function describeModel(address: string): Promise<Described> {
  const { data } = (await (await fetch(`${address}/v1/models`)).json()) as { data: Described[] };
  return data.find(({ id, memwell }) => id !== "memwell" && memwell.roles.includes("response")) ?? raise("no model");
}

async function loadAndDescribe(address: string): Promise<Served & { sequences: number }> {
  const { id } = await describeModel(address);
  await askHttp({ address, model: id }, question(1000, 2));
  const model = await describeModel(address);
  return { address, model: id, sequences: model.memwell.sequences ?? raise("sequences missing") };
}

async function residentMemory(address: string, modelPath: string, sequences: number): Promise<[string, string][]> {
  const model = await describeModel(address);
  const summary = await checkModelFile(modelPath);
  const file = (await stat(modelPath)).size;
  const kv = kvBytesPerToken(summary) * CONTEXT_SIZE * sequences;
  const resident = model.memwell.resident_bytes ?? raise("not resident");
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);
  return [
    [
      "resident memory / (file + KV)",
      `${(resident / (file + kv)).toFixed(3)} (${megabytes(resident)} MB / (${megabytes(file)} + ${megabytes(kv)}) MB)`,
    ],
  ];
}

async function savedState(modelPath: string, threads: number): Promise<[string, string][]> {
  const folder = await mkdtemp(join(tmpdir(), "memwell-bench-"));
  const source = new ChildSource(
    { file: process.execPath, args: [resolve("dist/engine-child.js")] },
    { keepSpare: false, graceMs: 3000 },
  );
  const engine = new EngineProcess(
    {
      modelPath,
      contexts: [{ name: "base", adapter: null }],
      contextSize: CONTEXT_SIZE,
      sequences: 1,
      batchSize: 256,
      threads,
      gpu: false,
    },
    source,
  );
  try {
    const prompt = { text: "some words to read once. ".repeat(60) };
    let prefillMs = 0;
    let slot = 0;
    let promptTokens = 0;
    for await (const event of engine.generate({ prompt, maxTokens: 1 })) {
      if (event.type === "failed") throw new Error(event.error.message);
      if (event.type === "done")
        ({ prefillMs, slot, promptTokens } = { ...event, promptTokens: event.usage.promptTokens });
    }
    const path = join(folder, "state");
    const saves: number[] = [];
    const restores: number[] = [];
    let bytes = 0;
    for (let round = 0; round < rounds; round++) {
      let startedAt = performance.now();
      ({ bytes } = await engine.saveState({ slot, path }));
      saves.push(performance.now() - startedAt);
      startedAt = performance.now();
      await engine.restoreState({ path });
      restores.push(performance.now() - startedAt);
    }
    return [
      [`prefill of ${promptTokens} tokens, ms`, prefillMs.toFixed(0)],
      [`save of that state (${(bytes / 1e6).toFixed(1)} MB) / prefill`, (median(saves) / prefillMs).toFixed(4)],
      ["restore of that state / prefill", (median(restores) / prefillMs).toFixed(4)],
    ];
  } finally {
    await engine.close();
    await source.close();
    await rm(folder, { recursive: true, force: true });
  }
}
