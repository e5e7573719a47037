import { expect, test } from "vitest";
import { checkModelFile, readGgufHeader } from "../../lib/gguf";
import { readProcessMemory } from "../../lib/memory";
import { forecastFootprint } from "../../lib/residency/forecast";
import { ensureFixtureModel, type FixtureName } from "../fixtures/models";
import { closeAtEnd, collect, EngineProcess, loadSettings, realChildren } from "./support";

const source = realChildren();
closeAtEnd(source);

/** Forecast and peak of a child that has filled a prompt of at least one batch; in bytes. */
async function compare(name: FixtureName, contextSize: number, sequences: number, batchSize: number) {
  const path = await ensureFixtureModel(name);
  const settings = loadSettings(path, { contextSize, sequences, batchSize });
  const { tensors, metadata } = await readGgufHeader(path);
  const forecast = forecastFootprint({
    summary: await checkModelFile(path),
    settings,
    adapters: [],
    tensors,
    metadata,
  });
  const engine = new EngineProcess(settings, source);
  try {
    const { pid } = await engine.ensureReady();
    const text = "the quick brown fox jumps over the lazy dog. ".repeat(Math.ceil(batchSize / 12));
    const { done } = await collect(engine.generate({ prompt: { text }, maxTokens: 4 }));
    expect(done).not.toBeNull();
    const peak = readProcessMemory(pid)?.peak ?? NaN;
    const figures = JSON.stringify({ forecast, peak });
    return { ratio: forecast.total / peak, figures };
  } finally {
    await engine.close();
  }
}

// What garbage a load leaves in the heap varies by 20 MB: the bounds are those that no load passes.
test.each([
  ["tiny", 2048, 4, 256, 0.85, 1.15],
  ["tiny", 8192, 1, 512, 0.85, 1.15],
  ["small", 4096, 4, 256, 0.85, 1.15],
  ["m135", 2048, 4, 128, 0.9, 1.1],
] as const)("%s with %i tokens of context, %i sequences, batches of %i", async (...row) => {
  const [name, contextSize, sequences, batchSize, least, most] = row;
  const { ratio, figures } = await compare(name, contextSize, sequences, batchSize);
  expect(ratio, figures).toBeGreaterThan(least);
  expect(ratio, figures).toBeLessThan(most);
});
