import { describe, expect, it } from "vitest";
import { loadConfig } from "../../../lib/config";
import { contextsAt, domainAdaptersAt, registerModels } from "../../../lib/runtime/model-registry";

const register = (environment: Record<string, string>) => registerModels(loadConfig(environment, "/start"));

describe("registerModels", () => {
  it("makes demo models of what is not set", () => {
    expect(register({}).map(({ id, roles, source }) => ({ id, roles, source }))).toEqual([
      { id: "demo-response", roles: ["response"], source: "demo" },
      { id: "demo-reasoning", roles: ["reasoning"], source: "demo" },
    ]);
  });

  it("one file in both roles is one model", () => {
    const models = register({ MEMWELL_RESPONSE_MODEL: "m.gguf", MEMWELL_REASONING_MODEL: "./m.gguf" });
    expect(models).toMatchObject([{ id: "m", roles: ["response", "reasoning"] }]);
  });

  it("an adapter on a shared base is a model of its own on the same file", () => {
    const models = register({
      MEMWELL_RESPONSE_MODEL: "base.gguf",
      MEMWELL_RESPONSE_ADAPTER: "Tutor LoRA.gguf",
      MEMWELL_REASONING_MODEL: "base.gguf",
    });
    expect(models.map((model) => model.id)).toEqual(["base-tutor-lora", "base"]);
    expect(new Set(models.map((model) => model.path)).size).toBe(1);
  });

  it("files of the same name get different ids, and nobody is called memwell", () => {
    const models = register({ MEMWELL_RESPONSE_MODEL: "a/x.gguf", MEMWELL_REASONING_MODEL: "b/x.gguf" });
    expect(models.map((model) => model.id)).toEqual(["x", "x-2"]);
    expect(register({ MEMWELL_RESPONSE_MODEL: "memwell.gguf" })[0]?.id).toBe("model-memwell");
  });

  it.each([
    ["hf:org/Qwen2.5-0.5B-Instruct-GGUF", "qwen2.5-0.5b-instruct"],
    ["hf:org/Qwen2.5-0.5B-Instruct-GGUF:Q4_K_M", "qwen2.5-0.5b-instruct-q4_k_m"],
    ["hf:org/repo/Q8_0/Big Model-Q8_0.gguf@v1", "big-model-q8_0"],
    ["hf:org/memwell", "model-memwell"],
  ])("a model on the Hub, %s, is called %s", (reference, id) => {
    const [model] = register({ MEMWELL_RESPONSE_MODEL: reference });
    expect(model).toMatchObject({ id, source: "hub", path: reference, roles: ["response"] });
  });

  it("one model of the Hub in both roles is one model", () => {
    const models = register({ MEMWELL_RESPONSE_MODEL: "hf:o/r:Q8_0", MEMWELL_REASONING_MODEL: "hf:o/r:Q8_0" });
    expect(models).toHaveLength(1);
  });

  it("a domain is a model of its own on the response model's base, whatever adapter that has", () => {
    const models = register({
      MEMWELL_RESPONSE_MODEL: "base.gguf",
      MEMWELL_RESPONSE_ADAPTER: "tutor.gguf",
      MEMWELL_DOMAINS: "business=b.gguf,law=hf:org/lora",
    });
    expect(models.slice(2)).toMatchObject([
      { id: "base-business", domain: "business", roles: [], path: "/start/base.gguf", adapterPath: "/start/b.gguf" },
      { id: "base-law", domain: "law", roles: [], path: "/start/base.gguf", adapterPath: "hf:org/lora" },
    ]);
    expect(contextsAt("/start/base.gguf", models).map(({ name }) => name)).toEqual(["/start/tutor.gguf"]);
    expect(domainAdaptersAt("/start/base.gguf", models)).toEqual(["/start/b.gguf", "hf:org/lora"]);
  });
});
