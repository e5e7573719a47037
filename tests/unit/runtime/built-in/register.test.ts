import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfig } from "../../../../lib/config";
import { contextsAt, registerModels, standInFor } from "../../../../lib/runtime/model-registry";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "memwell-built-in-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (...names: string[]) => names.forEach((name) => writeFileSync(join(folder, `memwell-${name}.gguf`), "x"));
const register = (environment: Record<string, string> = {}) =>
  registerModels(loadConfig({ MEMWELL_BUILTIN_MODELS: folder, ...environment }, "/start"));
const said = (environment: Record<string, string> = {}) =>
  register(environment).map(({ id, roles, source }) => [id, source, ...roles]);

const DEMO = [
  ["demo-response", "demo", "response"],
  ["demo-reasoning", "demo", "reasoning"],
];

describe("models that are built in", () => {
  it("answer where the settings name none, with the domains that lie beside them, in a fixed order", () => {
    put("response", "reasoning", "business", "education", "unheard-of");
    expect(said()).toEqual([
      ["memwell-response", "builtin", "response"],
      ["memwell-reasoning", "builtin", "reasoning"],
      ["memwell-response-education", "builtin"],
      ["memwell-response-business", "builtin"],
    ]);
    const models = register();
    expect(models.map(({ domain }) => domain ?? null)).toEqual([null, null, "education", "business"]);
    expect(new Set(models.filter(({ domain }) => domain).map(({ path }) => path))).toEqual(
      new Set([join(folder, "memwell-response.gguf")]),
    );
  });

  it.each([
    ["an empty folder", () => {}],
    ["a folder that is not there", () => rmSync(folder, { recursive: true })],
    ["a file in its place", () => (rmSync(folder, { recursive: true }), writeFileSync(folder, ""))],
    ["folders named like the files", () => mkdirSync(join(folder, "memwell-response.gguf"))],
    ["links that lead nowhere", () => symlinkSync("/nowhere", join(folder, "memwell-response.gguf"))],
    ["adapters without their base", () => put("business", "education")],
  ])("are not there with %s: demo models are made", (_, prepare) => {
    prepare();
    expect(said()).toEqual(DEMO);
  });

  it("may be there for one role alone", () => {
    put("reasoning", "business");
    expect(said()).toEqual([DEMO[0], ["memwell-reasoning", "builtin", "reasoning"]]);
  });

  it("are found behind a link to a file", () => {
    writeFileSync(join(folder, "elsewhere"), "x");
    symlinkSync(join(folder, "elsewhere"), join(folder, "memwell-response.gguf"));
    expect(said()[0]).toEqual(["memwell-response", "builtin", "response"]);
  });

  it("give way to domains of the settings, which are on their base then", () => {
    put("response", "education");
    const domains = register({ MEMWELL_DOMAINS: "law=law.gguf" }).filter(({ domain }) => domain !== undefined);
    expect(domains).toMatchObject([{ id: "memwell-response-law", domain: "law", adapterPath: "/start/law.gguf" }]);
  });

  it("take an adapter of the settings", () => {
    put("response");
    const [response] = register({ MEMWELL_RESPONSE_ADAPTER: "own.gguf" });
    expect(response).toMatchObject({ id: "memwell-response-own", source: "builtin", adapterPath: "/start/own.gguf" });
  });
});

describe("models that stand in", () => {
  it("are there beside those that were named, without a role and without domains", () => {
    put("response", "reasoning", "education");
    const models = register({ MEMWELL_RESPONSE_MODEL: "hf:org/tutor:Q8_0" });
    expect(models).toMatchObject([
      { id: "tutor-q8_0", roles: ["response"] },
      { id: "memwell-reasoning", roles: ["reasoning"] },
      { id: "memwell-response", roles: [], standsInFor: "response", source: "builtin" },
    ]);
    const [tutor, thinker, standIn] = models;
    expect(standInFor(tutor!, "response", models)).toBe(standIn);
    expect(standInFor(thinker!, "reasoning", models)).toBeNull();
    expect(contextsAt(standIn!.path, models)).toEqual([{ name: "base", adapter: null }]);
  });

  it("stand in for a domain's adapter, too", () => {
    put("response", "education");
    const models = register();
    const domain = models.find((model) => model.domain === "education");
    expect(standInFor(domain!, "response", models)?.id).toBe("memwell-response");
  });

  it("never are models of random weights", () => {
    const models = register({ MEMWELL_RESPONSE_MODEL: "own.gguf" });
    expect(models.map(({ id }) => id)).toEqual(["own", "demo-reasoning"]);
    expect(standInFor(models[0]!, "response", models)).toBeNull();
  });

  it("are no second model where the settings name that very file, and get another id where one has theirs", () => {
    put("response");
    expect(said({ MEMWELL_RESPONSE_MODEL: join(folder, "memwell-response.gguf") })).toEqual([
      ["memwell-response", "file", "response"],
      DEMO[1],
    ]);
    expect(said({ MEMWELL_RESPONSE_MODEL: "memwell-response.gguf" }).at(-1)).toEqual(["memwell-response-2", "builtin"]);
  });
});
