/**
 * `npm run bench -- residency [--swaps N]`: two models that take turns in a budget that holds one, four clients asking in turn;
 * and the forecast of a model's memory over its measured peak. Both in one run on one machine; quote the ratios.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadConfig } from "../lib/config";
import { ChildSource, EngineProcess, type LoadSettings } from "../lib/engine";
import { checkModelFile, readGgufHeader } from "../lib/gguf";
import { readProcessMemory } from "../lib/memory";
import { forecastFootprint } from "../lib/residency";
import { createRuntime } from "../lib/runtime";
import { ensureFixtureModel, type FixtureName } from "../tests/fixtures/models";
import { median, raise, spread } from "./support/measure";

const { values: flags } = parseArgs({ options: { swaps: { type: "string", default: "200" } } });
const childScript = resolve("dist/engine-child.js");
const MEGABYTE = 1e6;

console.log(`${cpus()[0]?.model ?? "unknown CPU"}, ${availableParallelism()} cores, Node ${process.version}\n`);
await benchForecast();
await benchSwaps(Number(flags.swaps));

/** What is forecast before a load, over the most the process held after a prompt that fills its batch. */
async function benchForecast(): Promise<void> {
  console.log("## forecast / measured peak (goal 0.95 to 1.05)\n");
  const cases: [FixtureName, Partial<LoadSettings>][] = [
    ["tiny", {}],
    ["small", { sequences: 4 }],
    ["m135", {}],
    ["m135", { contextSize: 8192 }],
    ["b1_1", {}],
    ["b1_1", { sequences: 4 }],
  ];
  const source = new ChildSource({ file: process.execPath, args: [childScript] }, { keepSpare: false, graceMs: 3000 });
  for (const [name, changes] of cases) {
    const modelPath = await ensureFixtureModel(
      name,
      name === "tiny" || name === "small" ? {} : { quantization: "Q4_0" },
    );
    const settings: LoadSettings = {
      modelPath,
      contexts: [{ name: "base", adapter: null }],
      contextSize: 2048,
      sequences: 1,
      batchSize: 256,
      threads: 1,
      gpu: false,
      ...changes,
    };
    const [summary, { metadata, tensors }] = await Promise.all([checkModelFile(modelPath), readGgufHeader(modelPath)]);
    const forecast = forecastFootprint({ summary, settings, adapters: [], metadata, tensors }).total;
    const engine = new EngineProcess(settings, source);
    const { pid } = await engine.ensureReady();
    for await (const event of engine.generate({ prompt: { text: "some words to read. ".repeat(60) }, maxTokens: 8 }))
      if (event.type === "failed") throw new Error(event.error.message);
    const peak = readProcessMemory(pid)?.peak ?? raise("the process is gone");
    await engine.close();
    const label = `${name}, ${settings.contextSize} tokens, ${settings.sequences} sequence(s)`;
    console.log(
      `${label.padEnd(32)}  ${(forecast / peak).toFixed(3)} (${(forecast / MEGABYTE).toFixed(0)} / ${(peak / MEGABYTE).toFixed(0)} MB)`,
    );
  }
  await source.close();
  console.log();
}

async function benchSwaps(swaps: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "memwell-bench-"));
  const own = readProcessMemory("self")?.anonymous ?? 0;
  const limit = Math.round((own + 310 * MEGABYTE) / 0.8);
  const config = loadConfig({
    MEMWELL_RESPONSE_MODEL: await ensureFixtureModel("small"),
    MEMWELL_REASONING_MODEL: await ensureFixtureModel("smallReasoning"),
    MEMWELL_CONTEXT_SIZE: "4096",
    MEMWELL_MEMORY_BUDGET: String(limit),
    MEMWELL_DATA_DIR: folder,
  });
  const runtime = await createRuntime(config, { childScript, keepSpare: false });
  const ids = runtime.models().map(({ id }) => id);
  const processes = new Set<number>();
  const unloaded: number[] = [];
  const loadMs: number[] = [];
  let highest = 0;
  let errors = 0;
  const sample = (): void => {
    const held = runtime.models().flatMap(({ info }) => (info === null ? [] : [info]));
    for (const { pid, loadMs: ms } of held) {
      if (!processes.has(pid)) loadMs.push(ms);
      processes.add(pid);
    }
    const models = held.reduce((sum, { pid }) => sum + (readProcessMemory(pid)?.rss ?? 0), 0);
    highest = Math.max(highest, models + (readProcessMemory("self")?.anonymous ?? 0));
  };
  const sampler = setInterval(sample, 10);
  const turnMs: number[] = [];
  const client = async (first: number): Promise<void> => {
    for (let question = 0; processes.size < swaps; question++) {
      const startedAt = performance.now();
      const events = runtime.generate(ids[(first + question) % ids.length] ?? raise("no model"), {
        prompt: { messages: [{ role: "user", content: `Client ${first}, question ${question}` }] },
        maxTokens: 4,
      });
      for await (const event of events) if (event.type === "failed") errors++;
      turnMs.push(performance.now() - startedAt);
      sample();
      if (first === 0) unloaded.push(readProcessMemory("self")?.anonymous ?? 0);
    }
  };
  const startedAt = performance.now();
  await Promise.all([0, 1, 2, 3].map(client));
  clearInterval(sampler);
  const elapsed = performance.now() - startedAt;
  await runtime.close();
  await rm(folder, { recursive: true, force: true });
  console.log("## two models, one place, four clients asking in turn\n");
  console.log(`loads                                   ${processes.size}`);
  console.log(`questions answered, errors              ${turnMs.length}, ${errors}`);
  console.log(`highest held / budget                   ${(highest / (limit * 0.8)).toFixed(3)}`);
  console.log(`time for each load / the load itself    ${(elapsed / processes.size / median(loadMs)).toFixed(2)}`);
  console.log(`a question, ms                          ${spread(turnMs, 0)}`);
  console.log(
    `server's memory, last turn / first      ${((unloaded.at(-1) ?? NaN) / (unloaded[0] ?? NaN)).toFixed(3)}`,
  );
}
