import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../../../lib/config";
import { writeSyntheticModel } from "../../../../lib/gguf";
import { readBuiltInFacts } from "../../../../lib/runtime/built-in";
import { forecastModel } from "../../../../lib/runtime/model-forecast";
import { readModel } from "../../../../lib/gguf";
import { placeBuiltInModels, TOPICS } from "../../../fixtures/built-in-models";
import { fixtureShape } from "../../../fixtures/models";

const folder = mkdtempSync(join(tmpdir(), "memwell-facts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const configOf = (models: string, more: Record<string, string> = {}) =>
  loadConfig({ MEMWELL_BUILTIN_MODELS: models, MEMWELL_DATA_DIR: folder, ...more }, folder);
const read = async (models: string) => [...(await readBuiltInFacts(configOf(models))).values()];

describe("what a built-in model says of itself", () => {
  it("is its size, its topics and what it was trained for, read from its header", async () => {
    const models = await placeBuiltInModels(join(folder, "whole"));
    const facts = await read(models);
    expect(facts).toEqual(
      Array(2).fill({
        parameters: expect.any(Number) as number,
        topics: TOPICS,
        contextSize: 2048,
        license: "apache-2.0",
      }),
    );
  });

  it("is nothing where there is none", async () => expect(await read(join(folder, "nowhere"))).toEqual([]));

  it("has plain names only, each once, and not without end", async () => {
    const models = join(folder, "hostile");
    await placeBuiltInModels(models, []);
    const many = Array.from({ length: 600 }, (_, index) => `topic ${index}`);
    const topics = [" slope\n", "slope", "", "\u202Eevil", "x".repeat(5000), ...many];
    await writeSyntheticModel(join(models, "memwell-response.gguf"), { ...fixtureShape("tiny"), topics });
    const [about] = await read(models);
    if (about === undefined || "error" in about) throw new Error("it could not be read");
    expect(about.topics.slice(0, 3)).toEqual(["slope", "evil", "x".repeat(100)]);
    expect(about.topics.length).toBeLessThanOrEqual(500);
  });

  it.each([
    ["cut short", (path: string) => truncateSync(path, 5000), "model_file_invalid"],
    ["something else", (path: string) => writeFileSync(path, "version https://git-lfs"), "model_file_invalid"],
    ["empty", (path: string) => truncateSync(path, 0), "model_file_invalid"],
  ])(
    "is an error with the model's id where the file is %s; the other one is read all the same",
    async (name, damage, code) => {
      const models = await placeBuiltInModels(join(folder, name));
      damage(join(models, "memwell-response.gguf"));
      expect(await read(models)).toMatchObject([
        { error: { code, fields: { model: "memwell-response" } } },
        { topics: TOPICS },
      ]);
    },
  );
});

it("it gets no larger context than it was trained for, whatever the settings ask of other models", async () => {
  const models = await placeBuiltInModels(join(folder, "context"), ["response"]);
  const config = configOf(models, { MEMWELL_CONTEXT_SIZE: "8192" });
  const path = join(models, "memwell-response.gguf");
  const forecast = async (at: string) =>
    forecastModel({ config, path: at, contexts: [], adapters: [], model: await readModel(path) }).settings.contextSize;
  expect([await forecast(path), await forecast(join(folder, "own.gguf"))]).toEqual([2048, 8192]);
});
