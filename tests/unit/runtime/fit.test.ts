import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../../lib/config";
import { demoResponseShape, writeSyntheticModel } from "../../../lib/gguf";
import { fitModel } from "../../../lib/runtime";
import { encodeFit } from "../../../lib/wire";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "memwell-fit-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const configOf = (environment: Record<string, string> = {}) =>
  loadConfig({ MEMWELL_DATA_DIR: folder, MEMWELL_MEMORY_BUDGET: "8GB", ...environment }, folder);
const fit = (
  reference: string,
  environment: Record<string, string> = {},
  options: Parameters<typeof fitModel>[2] = {},
) => fitModel(configOf(environment), reference, options);

describe("fitModel", () => {
  it("forecasts a known model by parts, and finds room for all of its context", async () => {
    const report = await fit("demo-response");
    const { total, ...parts } = report.forecast;
    expect(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(total);
    expect(report.forecast.adapters).toBe(0);
    expect(report).toMatchObject({ fits: true, fitsBeside: true, waysOut: [], resident: [], limit: { bound: "user" } });
    expect(report.largestContext).toBe(report.trainedContext);
    expect(Object.keys(encodeFit(report))).toContain("largest_context");
  });

  it("takes a path, and says the same of it", async () => {
    const known = await fit("demo-response");
    const report = await fit(known.path);
    expect(report.forecast).toEqual(known.forecast);
    expect((await fit("memwell")).path).toBe(known.path);
  });

  it("forecasts more for a larger context", async () => {
    const [small, large] = [
      await fit("demo-response", {}, { contextSize: 256 }),
      await fit("demo-response", {}, { contextSize: 2048 }),
    ];
    expect([small?.contextSize, large?.contextSize]).toEqual([256, 2048]);
    expect(large.forecast.kv).toBeGreaterThan(small.forecast.kv);
  });

  it("names what would help when it does not fit: no smaller context when none helps, no bigger machine when only a cap is small", async () => {
    const report = await fit("demo-response", { MEMWELL_MEMORY_BUDGET: "1MB" });
    expect(report).toMatchObject({ fits: false, fitsBeside: false, largestContext: null });
    expect(report.waysOut.map(({ type }) => type)).toEqual(["quantized_kv", "smaller_quant"]);
  });

  it("finds the largest context that fits: it fits with this one, and not with one more", async () => {
    const path = join(folder, "long.gguf");
    await writeSyntheticModel(path, { ...demoResponseShape, contextLength: 2 ** 20 });
    const budget = { MEMWELL_MEMORY_BUDGET: "2GB" };
    const report = await fit(path, budget);
    const largest = report.largestContext as number;
    expect(largest).toBeGreaterThan(report.contextSize);
    expect(largest).toBeLessThan(report.trainedContext);
    const room = report.budgetBytes - report.otherBytes;
    const at = async (contextSize: number) => (await fit(path, budget, { contextSize })).forecast.total;
    expect(await at(largest)).toBeLessThanOrEqual(room);
    expect(await at(largest + 1)).toBeGreaterThan(room);
  });

  it("counts what a running server holds: its other models must leave where both are too much", async () => {
    const alone = await fit("demo-response");
    const running = (bytes: number) => ({
      running: { models: [{ ids: ["demo-reasoning"], pid: 2 ** 30, bytes }], ownBytes: 0 },
    });
    const room = alone.budgetBytes - alone.otherBytes;
    expect(await fit("demo-response", {}, running(1e6))).toMatchObject({ fits: true, fitsBeside: true });
    expect(await fit("demo-response", {}, running(room))).toMatchObject({ fits: true, fitsBeside: false });
    const itself = { running: { models: [{ ids: ["demo-response"], pid: 2 ** 30, bytes: room }], ownBytes: 0 } };
    expect(await fit("demo-response", {}, itself)).toMatchObject({ fitsBeside: true, resident: [] });
    const server = { running: { models: [], ownBytes: alone.budgetBytes } };
    expect(await fit("demo-response", {}, server)).toMatchObject({ fits: false });
  });

  it("says what to do about what is no model here", async () => {
    await expect(fit("hf:org/repo:Q4_0", { HF_HUB_OFFLINE: "1", HF_HOME: folder })).rejects.toMatchObject({
      code: "hub_offline",
      message: expect.stringContaining("memwell models pull hf:org/repo:Q4_0"),
    });
    await expect(fit("hf:not a reference")).rejects.toMatchObject({ code: "invalid_request" });
    await expect(fit("nobody")).rejects.toMatchObject({
      code: "model_not_found",
      fields: { known: ["memwell", "demo-response", "demo-reasoning"] },
    });
    await expect(fit(join(folder, "none.gguf"))).rejects.toMatchObject({ code: "model_file_missing" });
  });
});
