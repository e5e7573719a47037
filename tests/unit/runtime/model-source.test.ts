import { mkdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadConfig, parseModelReference } from "../../../lib/config";
import { writeSyntheticModel, type GgufModel } from "../../../lib/gguf";
import { scanCache } from "../../../lib/hub";
import { fitModel, pullModel } from "../../../lib/runtime";
import { fetchModel, locateModel, type FetchEvent, type Sizing } from "../../../lib/runtime/model-source";
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

function reference(text: string) {
  const parsed = parseModelReference(text, folder);
  if (parsed === null) throw new Error(`${text} is no reference`);
  return parsed;
}

/** Weighs a model by its file alone. */
const sizing = (memoryBytes: number): Sizing => ({
  memoryBytes: () => memoryBytes,
  footprintOf: (_path: string, model: GgufModel) => model.summary.fileBytes,
});

describe("a model on the Hub", () => {
  it("is downloaded once; then the cache has it, also offline", async () => {
    const config = newConfig();
    const wanted = reference("hf:org/tutor-GGUF:q8_0");
    expect(await locateModel(config, wanted, null)).toBeNull();
    const located = await fetchModel(config, wanted, { sizing: sizing(1e9) });
    expect(located).toMatchObject({ commit_hash: commit, reason: null, repo: { repo_id: "org/tutor-GGUF" } });
    expect(located.path).toBe(
      join(config.hub.cacheDir, "models--org--tutor-GGUF/snapshots", commit, "tutor-Q8_0.gguf"),
    );
    expect(realpathSync(located.path)).toContain("/blobs/");
    expect(readFileSync(located.path)).toEqual(readFileSync(join(folder, "small.gguf")));
    const asked = hub.requests.length;
    const offline = { ...config, hub: { ...config.hub, offline: true } };
    expect(await fetchModel(offline, wanted, { sizing: sizing(1e9) })).toEqual(located);
    expect(hub.requests.length).toBe(asked);
  });

  it("in several parts is there with all of them, and not with one missing", async () => {
    const config = newConfig();
    const located = await fetchModel(config, reference("hf:org/tutor-GGUF:Q4_0"), { sizing: sizing(1e9) });
    expect(located.paths.map((path) => path.slice(-20))).toEqual(["-00001-of-00002.gguf", "-00002-of-00002.gguf"]);
    const named = reference("hf:org/tutor-GGUF/Q4_0/tutor-Q4_0-00001-of-00002.gguf");
    expect(await locateModel(config, named, null)).toMatchObject({ paths: located.paths });
    rmSync(located.paths[1] ?? "");
    expect(await locateModel(config, named, null)).toBeNull();
  });

  it("of which the quant is left out is the best that fits, and says why", async () => {
    const config = newConfig();
    const heard: FetchEvent[] = [];
    const size = readFileSync(join(folder, "small.gguf")).length;
    const located = await fetchModel(config, reference("hf:org/tutor-GGUF"), {
      sizing: sizing(size + 100_000),
      onEvent: (event) => heard.push(event),
    });
    expect(located.path).toMatch(/tutor-Q4_0-00001-of-00002.gguf$|tutor-Q8_0.gguf$/);
    expect(located.reason).toMatch(/is the best of 3/);
    expect(heard[0]).toEqual({ type: "resolving" });
    expect(heard[1]).toMatchObject({ type: "chosen", reason: located.reason });
    const all = await failureOf(fetchModel(newConfig(), reference("hf:org/tutor-GGUF"), { sizing: sizing(1000) }));
    expect(all).toMatchObject({ code: "memory_exceeded" });
  });

  it("is named by commit, too", async () => {
    const config = newConfig();
    const located = await fetchModel(config, reference(`hf:org/tutor-GGUF/tutor-Q8_0.gguf@${commit}`), {
      sizing: null,
    });
    expect(located.commit_hash).toBe(commit);
  });

  it.each([
    ["hf:org/tutor-GGUF:Q2_K", "file_not_found", /no quant Q2_K.*F16.*Q8_0/],
    ["hf:org/tutor-GGUF/none.gguf", "file_not_found", /no file none.gguf.*tutor-Q8_0.gguf/],
    ["hf:org/no-models", "file_not_found", /no GGUF model/],
    ["hf:org/nobody", "repo_not_found", /private|token/i],
    ["hf:org/tutor-GGUF:Q8_0@v9", "revision_not_found", /v9/],
  ])("%s: %s, with what to do", async (text, code, message) => {
    const failure = await failureOf(fetchModel(newConfig(), reference(text), { sizing: sizing(1e9) }));
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
  });

  it("that is not in the cache is not to be had offline, and the command that fetches it is named", async () => {
    const config = newConfig({ HF_HUB_OFFLINE: "1" });
    const asked = hub.requests.length;
    const failure = await failureOf(fetchModel(config, reference("hf:org/tutor-GGUF:Q8_0"), { sizing: null }));
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
    await pullModel(config, reference("hf:org/tutor-GGUF:Q4_0"));
    const there = await fitModel(config, "hf:org/tutor-GGUF:Q4_0");
    expect(there.download).toBeNull();
    expect(there.forecast).toEqual(report.forecast);
  });
});

describe("a disk budget", () => {
  it("lets go of the models used longest ago before the next is downloaded, and of no pinned one", async () => {
    const size = readFileSync(join(folder, "small.gguf")).length;
    for (const name of ["org/first", "org/second", "org/third"])
      hub.createRepo("model", name).commit({ "m-Q8_0.gguf": readFileSync(join(folder, "small.gguf")) });
    const config = newConfig({
      MEMWELL_DISK_BUDGET: String(Math.round(size * 2.5)),
      MEMWELL_CACHE_PIN: "org/first",
    });
    for (const name of ["first", "second", "third"]) await pullModel(config, reference(`hf:org/${name}`));
    const { repos } = await scanCache(config.hub.cacheDir);
    expect(repos.map(({ repo_id }) => repo_id)).toEqual(["org/first", "org/third"]);
    const failure = await failureOf(
      pullModel({ ...config, diskBudget: Math.round(size * 1.5) }, reference("hf:org/second")),
    );
    expect(failure).toMatchObject({ code: "disk_full", message: expect.stringContaining("MEMWELL_DISK_BUDGET") });
  });
});
