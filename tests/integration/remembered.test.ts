import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadConfig } from "../../lib/config";
import { createRuntime, type Runtime } from "../../lib/runtime";
import { ensureFixtureModel } from "../fixtures/models";
import { childScript, collect, temporaryFolder } from "./support";

/** What a runtime learns of a model, and what the next one makes of it. */
const folder = temporaryFolder();
const file = join(folder, "measurements.json");
const model = await ensureFixtureModel("small");

async function withRuntime<T>(use: (runtime: Runtime) => Promise<T>): Promise<T> {
  const config = loadConfig({
    MEMWELL_RESPONSE_MODEL: model,
    MEMWELL_REASONING_MODEL: model,
    MEMWELL_CONTEXT_SIZE: "2048",
    MEMWELL_DATA_DIR: folder,
  });
  const runtime = await createRuntime(config, { childScript, keepSpare: false });
  try {
    return await use(runtime);
  } finally {
    await runtime.close();
  }
}

async function ask(runtime: Runtime, words: number): Promise<void> {
  const prompt = { text: "word ".repeat(words) };
  expect((await collect(runtime.generate("memwell", { prompt, maxTokens: 8 }))).done).not.toBeNull();
}

/** In bytes. */
async function forecastOfLoad(runtime: Runtime): Promise<number | null | undefined> {
  await runtime.load("memwell");
  return runtime.memoryLog({}).findLast(({ step }) => step === "load")?.forecastBytes;
}

it("a prompt that filled a batch corrects the forecast of the next load; a short one does not", async () => {
  const first = await withRuntime(async (runtime) => {
    await ask(runtime, 5);
    return runtime.memoryLog({}).find(({ step }) => step === "load")?.forecastBytes;
  });
  expect(JSON.parse(await readFile(file, "utf8"))).not.toHaveProperty("entries.0.peakBytes");
  const second = await withRuntime(async (runtime) => {
    await ask(runtime, 300);
    return runtime.memoryLog({}).findLast(({ step }) => step === "load")?.forecastBytes;
  });
  expect(second).toBe(first);
  const { entries } = JSON.parse(await readFile(file, "utf8")) as { entries: { peakBytes: number }[] };
  const peak = entries[0]?.peakBytes ?? NaN;
  const third = await withRuntime(forecastOfLoad);
  expect(third).toBe(Math.ceil(peak * 1.02));
});

it("the numbers of threads are kept", async () => {
  await withRuntime((runtime) => ask(runtime, 300));
  const { entries } = JSON.parse(await readFile(file, "utf8")) as { entries: { threads: unknown }[] };
  expect(entries[0]?.threads).toEqual({
    cores: expect.any(Number) as number,
    decode: expect.any(Number) as number,
    prefill: expect.any(Number) as number,
  });
});

it("a damaged file is set aside, and the model is loaded by its forecast", async () => {
  await writeFile(file, "{ not what was written");
  await rm(join(folder, "states"), { recursive: true, force: true });
  await withRuntime((runtime) => ask(runtime, 5));
  expect(await readFile(`${file}.bad`, "utf8")).toBe("{ not what was written");
});
