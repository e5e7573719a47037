import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfig, parseModelReference, type Config } from "../../../../lib/config";
import { keepChoices, lockedBy, withChoices, withModel } from "../../../../lib/runtime/catalogue/choices";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "memwell-choices-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const configOf = (environment: Record<string, string> = {}): Config =>
  loadConfig({ MEMWELL_DATA_DIR: folder, ...environment }, folder);
const chosen = parseModelReference("hf:org/tutor-GGUF:Q4_K_M", "/");

describe("a choice of models", () => {
  it("is there again after a restart, and gone when what is built in is chosen", async () => {
    const config = configOf();
    const next = { ...config, ...withModel(config, ["response", "reasoning"], chosen) };
    await keepChoices(next);
    expect(readdirSync(folder)).toEqual(["models.json"]);
    const warnings: string[] = [];
    const read = withChoices(configOf(), (warning) => warnings.push(warning));
    expect(read).toMatchObject({
      responseModel: chosen,
      reasoningModel: chosen,
      chosenRoles: ["response", "reasoning"],
    });
    await keepChoices({ ...read, ...withModel(read, ["response"], null) });
    const half = withChoices(configOf(), (warning) => warnings.push(warning));
    expect(half).toMatchObject({ responseModel: null, reasoningModel: chosen, chosenRoles: ["reasoning"] });
    expect(warnings).toEqual([]);
  });

  it("loses against the settings, which say so by name", async () => {
    const config = configOf();
    await keepChoices({ ...config, ...withModel(config, ["response", "reasoning"], chosen) });
    const own = { MEMWELL_RESPONSE_MODEL: join(folder, "own.gguf") };
    const read = withChoices(configOf(own), () => {});
    expect(read).toMatchObject({ responseModel: { type: "path" }, reasoningModel: chosen, chosenRoles: ["reasoning"] });
    expect([lockedBy(read, "response"), lockedBy(read, "reasoning")]).toEqual(["MEMWELL_RESPONSE_MODEL", null]);
    expect(lockedBy(configOf({ MEMWELL_REASONING_MODEL: "hf:o/r:Q4_0" }), "reasoning")).toBe("MEMWELL_REASONING_MODEL");
    expect(lockedBy(configOf({ MEMWELL_RESPONSE_ADAPTER: "a.gguf" }), "response")).toBe("MEMWELL_RESPONSE_ADAPTER");
    expect(lockedBy(configOf({ MEMWELL_DOMAINS: "law=a.gguf" }), "response")).toBe("MEMWELL_DOMAINS");
  });

  it.each([
    ["no JSON", "{"],
    ["a list", "[]"],
    ["of another version", '{"version": 2}'],
    ["a path, which no catalogue has", '{"version": 1, "response": "/etc/passwd"}'],
    ["a number", '{"version": 1, "response": 7}'],
    ["far too large", `{"version": 1, "words": "${"x".repeat(100_001)}"}`],
  ])("that is %s is left alone, with a warning", (_, text) => {
    writeFileSync(join(folder, "models.json"), text);
    const warnings: string[] = [];
    expect(withChoices(configOf(), (warning) => warnings.push(warning))).toEqual(configOf());
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("choose again");
    expect(readFileSync(join(folder, "models.json"), "utf8")).toBe(text);
  });
});
