import { resolve } from "node:path";
import { statSync } from "node:fs";
import { ChildSource, EngineProcess, type LoadSettings } from "../../lib/engine";
import { checkModelFile, readGgufHeader } from "../../lib/gguf";
import { readProcessMemory } from "../../lib/memory";
import { forecastFootprint } from "../../lib/residency";
import { ensureFixtureAdapter, ensureFixtureModel, type FixtureName } from "../../tests/fixtures/models";
import { raise } from "../support/measure";

const MEGABYTE = 1e6;

type Case = [label: string, name: FixtureName, changes: Partial<LoadSettings>, withAdapter?: boolean];

const CASES: Case[] = [
  ["tiny", "tiny", {}],
  ["135 M", "m135", {}],
  ["1.1 B", "b1_1", {}],
  ["135 M, with an adapter", "m135", {}, true],
  ["135 M, KV in 8 bits", "m135", { kvType: "Q8_0", sequences: 4 }],
  ["135 M, 8,192 tokens", "m135", { contextSize: 8192 }],
  ["1.1 B, 4 sequences", "b1_1", { sequences: 4 }],
];

/** What is forecast before a load, over the most the process held after a prompt that fills its batch. */
export async function benchForecast(): Promise<void> {
  console.log("## forecast / measured peak (goal 0.95 to 1.05)\n");
  const script = resolve("dist/engine-child.js");
  const source = new ChildSource({ file: process.execPath, args: [script] }, { keepSpare: false, graceMs: 3000 });
  for (const [label, name, changes, withAdapter] of CASES) {
    const modelPath = await ensureFixtureModel(name);
    const adapter = withAdapter === true ? await ensureFixtureAdapter(name) : null;
    const settings: LoadSettings = {
      modelPath,
      contexts: [{ name: "base", adapter: adapter === null ? null : { path: adapter, scale: 1 } }],
      contextSize: 2048,
      sequences: 1,
      batchSize: 256,
      threads: 1,
      gpu: false,
      ...changes,
    };
    const [summary, { metadata, tensors }] = await Promise.all([checkModelFile(modelPath), readGgufHeader(modelPath)]);
    const adapters = adapter === null ? [] : [{ fileBytes: statSync(adapter).size }];
    const forecast = forecastFootprint({ summary, settings, adapters, metadata, tensors }).total;
    const engine = new EngineProcess(settings, source);
    const { pid } = await engine.ensureReady();
    for await (const event of engine.generate({ prompt: { text: "some words to read. ".repeat(60) }, maxTokens: 8 }))
      if (event.type === "failed") throw new Error(event.error.message);
    const peak = readProcessMemory(pid)?.peak ?? raise("the process is gone");
    await engine.close();
    const megabytes = [forecast, peak].map((bytes) => (bytes / MEGABYTE).toFixed(0)).join(" / ");
    console.log(`${label.padEnd(32)}  ${(forecast / peak).toFixed(3)} (${megabytes} MB)`);
  }
  await source.close();
  console.log();
}
