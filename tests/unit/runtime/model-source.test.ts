import { mkdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig, type Config } from "../../../lib/config";
import { writeSyntheticModel, type GgufModel } from "../../../lib/gguf";
import { scanCache } from "../../../lib/hub";
import { fitModel, hubReference, pullModel, pullsOf, type FetchEvent } from "../../../lib/runtime";
import { ModelFiles } from "../../../lib/runtime/model-files";
import { fetchModel, locateModel, type Wanted } from "../../../lib/runtime/model-source";
import type { Sizing } from "../../../lib/runtime/sizing";
import { HubServer } from "../../fixtures/hub-server";
import { splitModel } from "../../fixtures/split-model";
import { microShape } from "../gguf/helpers";
import { failureOf, scratchFolder } from "../hub/helpers";

const folder = scratchFolder();
let hub: HubServer;
let homes = 0;
let commit = "";

beforeAll(async () => {
  hub = await HubServer.start();
  const [large, small] = [join(folder, "large.gguf"), join(folder, "small.gguf")];
  await writeSyntheticModel(large, { ...microShape, quantization: "F16" });
  await writeSyntheticModel(small, microShape);
  const parts = await splitModel(small, join(folder, "split"), 2);
  commit = hub.createRepo("model", "org/tutor-GGUF").commit({
    "README.md": "A tutor.",
    "tutor-F16.gguf": readFileSync(large),
    "tutor-Q8_0.gguf": readFileSync(small),
    "Q4_0/tutor-Q4_0-00001-of-00002.gguf": readFileSync(parts[0] ?? ""),
    "Q4_0/tutor-Q4_0-00002-of-00002.gguf": readFileSync(parts[1] ?? ""),
    "mmproj-tutor-F16.gguf": "no model",
  });
  hub.createRepo("model", "org/no-models").commit({ "README.md": "Nothing here." });
});
afterAll(() => hub.close());

function newConfig(environment: Record<string, string> = {}) {
  const home = join(folder, `home-${(homes += 1)}`);
  mkdirSync(home);
  return loadConfig({ HF_HOME: home, HF_ENDPOINT: hub.url, MEMWELL_DATA_DIR: join(home, "data"), ...environment });
}

/** Weighs a model by its file alone. */
const sizing = (memoryBytes: number): Sizing => ({
  memoryBytes: () => memoryBytes,
  footprintOf: (_path: string, model: GgufModel) => model.summary.fileBytes,
});

const wanted = (text: string, changes: Partial<Wanted> = {}): Wanted => ({
  reference: hubReference(text),
  kind: "model",
  sizing: sizing(1e9),
  ...changes,
});
const pull = (config: Config, text: string) => pullModel(config, wanted(text) as Parameters<typeof pullModel>[1]);

describe("a model on the Hub", () => {
  it("is downloaded once; then the cache has it, also offline", async () => {
    const config = newConfig();
    const q8 = wanted("hf:org/tutor-GGUF:q8_0");
    expect(await locateModel(config, q8)).toBeNull();
    const located = await fetchModel(config, q8);
    expect(located).toMatchObject({ commit_hash: commit, reason: null, repo: { repo_id: "org/tutor-GGUF" } });
    expect(located.path).toBe(
      join(config.hub.cacheDir, "models--org--tutor-GGUF/snapshots", commit, "tutor-Q8_0.gguf"),
    );
    expect(realpathSync(located.path)).toContain("/blobs/");
    expect(readFileSync(located.path)).toEqual(readFileSync(join(folder, "small.gguf")));
    const asked = hub.requests.length;
    const offline = { ...config, hub: { ...config.hub, offline: true } };
    expect(await fetchModel(offline, q8)).toEqual(located);
    expect(hub.requests.length).toBe(asked);
  });

  it("in several parts is there with all of them, and not with one missing", async () => {
    const config = newConfig();
    const located = await fetchModel(config, wanted("hf:org/tutor-GGUF:Q4_0"));
    expect(located.paths.map((path) => path.slice(-20))).toEqual(["-00001-of-00002.gguf", "-00002-of-00002.gguf"]);
    const named = wanted("hf:org/tutor-GGUF/Q4_0/tutor-Q4_0-00001-of-00002.gguf");
    expect(await locateModel(config, named)).toMatchObject({ paths: located.paths });
    rmSync(located.paths[1] ?? "");
    expect(await locateModel(config, named)).toBeNull();
  });

  it("of which the quant is left out is the best that fits, and says why", async () => {
    const heard: FetchEvent[] = [];
    const size = readFileSync(join(folder, "small.gguf")).length;
    const located = await fetchModel(newConfig(), wanted("hf:org/tutor-GGUF", { sizing: sizing(size + 100_000) }), {
      onEvent: (event) => heard.push(event),
    });
    expect(located.path).toMatch(/tutor-Q4_0-00001-of-00002.gguf$|tutor-Q8_0.gguf$/);
    expect(located.reason).toMatch(/is the best of 3 on the Hub/);
    expect(heard[0]).toEqual({ type: "resolving" });
    expect(heard[1]).toMatchObject({ type: "chosen", reason: located.reason });
    const none = await failureOf(fetchModel(newConfig(), wanted("hf:org/tutor-GGUF", { sizing: sizing(1000) })));
    expect(none).toMatchObject({ code: "memory_exceeded" });
  });

  it("of which only a quant that is too large is in the cache is looked for on the Hub", async () => {
    const config = newConfig();
    const [large, small] = ["large", "small"].map((name) => readFileSync(join(folder, `${name}.gguf`)).length);
    await fetchModel(config, wanted("hf:org/tutor-GGUF:F16"));
    const located = await fetchModel(
      config,
      wanted("hf:org/tutor-GGUF", { sizing: sizing(((large ?? 0) + (small ?? 0)) / 2) }),
    );
    expect(located.path).not.toContain("F16");
    const offline = { ...config, hub: { ...config.hub, offline: true } };
    const tooLarge = wanted("hf:org/tutor-GGUF", { sizing: sizing(1000) });
    expect(await failureOf(fetchModel(offline, tooLarge))).toMatchObject({
      code: "memory_exceeded",
      message: expect.stringContaining("in the cache fits"),
    });
  });

  it("is named by commit, too", async () => {
    const located = await fetchModel(newConfig(), wanted(`hf:org/tutor-GGUF/tutor-Q8_0.gguf@${commit}`));
    expect(located.commit_hash).toBe(commit);
  });

  it("that went from the cache meanwhile is fetched again, and another quant is not taken for it", async () => {
    const config = newConfig();
    const files = new ModelFiles(config, () => Promise.resolve());
    const any = wanted("hf:org/tutor-GGUF:F16");
    const { path } = await files.ensure("key", any);
    await files.ensure("other", wanted("hf:org/tutor-GGUF:Q8_0"));
    rmSync(realpathSync(path));
    rmSync(path);
    expect((await files.ensure("key", any)).path).toBe(path);
    expect(readFileSync(path)).toEqual(readFileSync(join(folder, "large.gguf")));
    await files.close();
    rmSync(path);
    expect((await failureOf(files.ensure("key", any))).code).toBe("engine_closed");
  });

  it.each([
    ["hf:org/tutor-GGUF:Q2_K", "file_not_found", /no quant Q2_K.*F16.*Q8_0/],
    ["hf:org/tutor-GGUF/none.gguf", "file_not_found", /no file none.gguf.*tutor-Q8_0.gguf/],
    ["hf:org/no-models", "file_not_found", /no GGUF model/],
    ["hf:org/nobody", "repo_not_found", /private|token/i],
    ["hf:org/tutor-GGUF:Q8_0@v9", "revision_not_found", /v9/],
  ])("%s: %s, with what to do", async (text, code, message) => {
    const failure = await failureOf(fetchModel(newConfig(), wanted(text)));
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
  });

  it("that is not in the cache is not to be had offline, and the command that fetches it is named", async () => {
    const config = newConfig({ HF_HUB_OFFLINE: "1" });
    const asked = hub.requests.length;
    const failure = await failureOf(fetchModel(config, wanted("hf:org/tutor-GGUF:Q8_0")));
    expect(failure).toMatchObject({ code: "hub_offline" });
    expect(failure.message).toContain("HF_HUB_OFFLINE=0 npx memwell models pull hf:org/tutor-GGUF:Q8_0");
    expect(hub.requests.length).toBe(asked);
  });
});

describe("fitting a model that is only on the Hub", () => {
  it("reads its header alone, and says what would be downloaded", async () => {
    const config = newConfig({ MEMWELL_MEMORY_BUDGET: "2GB" });
    const report = await fitModel(config, "hf:org/tutor-GGUF:Q4_0");
    expect(report).toMatchObject({ fits: true, reason: null, path: expect.stringContaining(`@${commit}`) });
    expect(report.download).toMatchObject({ fits_disk: true, files: [{ size: expect.any(Number) }, {}] });
    await pull(config, "hf:org/tutor-GGUF:Q4_0");
    const there = await fitModel(config, "hf:org/tutor-GGUF:Q4_0");
    expect(there.download).toBeNull();
    expect(there.forecast).toEqual(report.forecast);
  });
});

describe("an adapter on the Hub", () => {
  it("is found by its name, and is never weighed", async () => {
    hub.createRepo("model", "org/lora").commit({ "tutor-lora-f16.gguf": "an adapter", "README.md": "" });
    const adapter = wanted("hf:org/lora", { kind: "adapter", sizing: null });
    expect((await fetchModel(newConfig(), adapter)).path).toMatch(/tutor-lora-f16\.gguf$/);
    const config = newConfig({ MEMWELL_RESPONSE_ADAPTER: "hf:org/lora", MEMWELL_REASONING_MODEL: "hf:org/tutor-GGUF" });
    const pulls = pullsOf(config, []);
    expect(pulls.map(({ name, kind }) => [name, kind])).toEqual([
      ["hf:org/lora", "adapter"],
      ["hf:org/tutor-GGUF", "model"],
    ]);
    for (const one of pulls) await pullModel(config, one);
  });

  it("of several must be named", async () => {
    hub.createRepo("model", "org/loras").commit({ "a-lora.gguf": "a", "b-lora.gguf": "b" });
    const failure = await failureOf(fetchModel(newConfig(), wanted("hf:org/loras", { kind: "adapter", sizing: null })));
    expect(failure).toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining("a-lora.gguf, b-lora.gguf"),
    });
  });
});

describe("pulling", () => {
  it("brings what is new on the Hub, and takes what the cache has when the Hub cannot be asked", async () => {
    const small = readFileSync(join(folder, "small.gguf"));
    const repo = hub.createRepo("model", "org/moving");
    const before = repo.commit({ "m-Q8_0.gguf": small });
    const config = newConfig();
    expect((await pull(config, "hf:org/moving")).commit_hash).toBe(before);
    const after = repo.commit({ "m-Q8_0.gguf": readFileSync(join(folder, "large.gguf")) });
    expect((await fetchModel(config, wanted("hf:org/moving"))).commit_hash).toBe(before);
    expect((await pull(config, "hf:org/moving")).commit_hash).toBe(after);
    expect((await fetchModel(config, wanted("hf:org/moving"))).commit_hash).toBe(after);
    const gone = await HubServer.start();
    await gone.close();
    const away = { ...config, hub: { ...config.hub, endpoint: gone.url } };
    const heard: string[] = [];
    const kept = await fetchModel(away, wanted("hf:org/moving"), {
      refresh: true,
      onEvent: ({ type }) => heard.push(type),
    });
    expect(kept.commit_hash).toBe(after);
    expect(heard).toContain("unreachable");
  });
});

describe("a disk budget", () => {
  const idsIn = async (config: Config) => (await scanCache(config.hub.cacheDir)).repos.map(({ repo_id }) => repo_id);

  beforeAll(() => {
    const files = { "m-Q8_0.gguf": readFileSync(join(folder, "small.gguf")) };
    for (const name of ["org/first", "org/second", "org/third"]) hub.createRepo("model", name).commit(files);
  });

  it("lets go of the models used longest ago before the next is downloaded, and of no pinned one", async () => {
    const size = readFileSync(join(folder, "small.gguf")).length;
    const config = newConfig({ MEMWELL_DISK_BUDGET: String(Math.round(size * 2.5)), MEMWELL_CACHE_PIN: "org/first" });
    for (const name of ["first", "second", "third"]) await pull(config, `hf:org/${name}`);
    expect(await idsIn(config)).toEqual(["org/first", "org/third"]);
  });

  it("removes nothing for a download that does not fit all the same, or that the Hub refuses", async () => {
    const size = readFileSync(join(folder, "small.gguf")).length;
    const config = newConfig({ MEMWELL_CACHE_PIN: "org/first" });
    for (const name of ["first", "second"]) await pull(config, `hf:org/${name}`);
    const failure = await failureOf(pull({ ...config, diskBudget: Math.round(size * 1.5) }, "hf:org/third"));
    expect(failure).toMatchObject({ code: "disk_full", message: expect.stringContaining("MEMWELL_DISK_BUDGET") });
    hub.createRepo("model", "org/gated", { gated: true }).commit({ "m-Q8_0.gguf": "gated" });
    expect((await failureOf(pull({ ...config, diskBudget: size * 2 }, "hf:org/gated"))).code).toMatch(
      /gated|unauthorized/,
    );
    expect(await idsIn(config)).toEqual(["org/first", "org/second"]);
  });

  it("counts what is there of a model once: the rest of it still fits", async () => {
    const config = newConfig();
    const located = await pull(config, "hf:org/tutor-GGUF:Q4_0");
    const sizes = located.paths.map((path) => readFileSync(path).length);
    rmSync(realpathSync(located.paths[1] ?? ""));
    rmSync(located.paths[1] ?? "");
    const total = sizes.reduce((sum, size) => sum + size, 0);
    const again = await pull({ ...config, diskBudget: total + 1000 }, "hf:org/tutor-GGUF:Q4_0");
    expect(again.paths).toEqual(located.paths);
  });
});
