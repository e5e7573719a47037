import { copyFileSync, mkdirSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createRuntime, loadConfig, pullModel, pullsOf, type Runtime } from "../../lib/runtime";
import { placeBuiltInModels, TOPICS } from "../fixtures/built-in-models";
import { offerModels } from "../fixtures/choosable-models";
import { HubServer } from "../fixtures/hub-server";
import { ensureFixtureModel } from "../fixtures/models";
import { childScript, collect, temporaryFolder, until } from "./support";
import { hearTurn, MATHEMATICS, type HeardTurn } from "./turn-support";

/** The models that Memwell ships with, here small ones of random weights, with real engines. */
const folder = temporaryFolder();
let hub: HubServer;
let builtIn: string;
let catalogue: string;
let runtime: Runtime;
let homes = 0;

beforeAll(async () => {
  hub = await HubServer.start();
  [builtIn, catalogue] = await Promise.all([placeBuiltInModels(join(folder, "models")), offerModels(hub, folder)]);
});
afterAll(() => hub.close());
afterEach(async () => {
  hub.faults.clear();
  await runtime?.close();
});

function configOf(more: Record<string, string>, home: string) {
  const dataDir = join(folder, home, "data");
  mkdirSync(dataDir, { recursive: true });
  return loadConfig({
    HF_HOME: join(folder, home),
    HF_ENDPOINT: hub.url,
    MEMWELL_DATA_DIR: dataDir,
    MEMWELL_CATALOGUE: catalogue,
    MEMWELL_BUILTIN_MODELS: builtIn,
    MEMWELL_THREADS: "1",
    ...more,
  });
}

/** A runtime in a home of its own unless one is named. */
async function start(more: Record<string, string> = {}, home = `home-${(homes += 1)}`): Promise<Runtime> {
  const options = { childScript, keepSpare: false, keepHistory: true };
  return (runtime = await createRuntime(configOf(more, home), options));
}

/** A greeting asks the response model alone. */
const turn = (domain?: string, message = "Hello") => hearTurn(runtime, { message, domain });
/** Which model wrote the answer, and in whose place. */
const writerOf = ({ ends, last }: HeardTurn) => {
  expect(last, JSON.stringify(last)).toMatchObject({ type: "done" });
  const slot = ends.find(({ name, detail }) => name === "slot" && detail === "response");
  return [ends.find(({ name }) => name === "response")?.model, slot?.stands_in_for ?? null];
};
const modelNamed = (id: string) => runtime.models().find((model) => model.id === id);
const stoodIn = () => runtime.memoryEvents({}).filter(({ event }) => event === "stood_in");
const ofTheHub = { match: /./, do: { status: 403, headers: { "X-Error-Code": "GatedRepo" } } } as const;

describe("without a model in the settings", () => {
  it("the built-in ones answer, in their domains too, with the compact prompts of their context", async () => {
    await start();
    expect(runtime.domains).toEqual(["education", "business"]);
    expect(modelNamed("memwell-response")).toMatchObject({
      source: "builtin",
      builtIn: { topics: TOPICS },
      standIns: [],
    });
    const heard = await turn(undefined, MATHEMATICS);
    expect(writerOf(heard)).toEqual(["memwell-response", null]);
    expect(heard.ends.find(({ name }) => name === "decision")?.model).toBe("memwell-reasoning");
    expect(modelNamed("memwell-response")?.info).toMatchObject({ contextSize: 2048 });
    const inDomain = await turn("business");
    expect(writerOf(inDomain)).toEqual(["memwell-response-business", null]);
    expect(inDomain.ends.flatMap(({ swapped_out }) => swapped_out)).toEqual([]);
    expect(runtime.readiness().ready).toBe(true);
    const fit = await runtime.fit("memwell-response");
    expect(fit).toMatchObject({ fits: true, contextSize: 2048, trainedContext: 2048 });
    const [row] = (await runtime.catalogue.report()).models;
    expect(row).toMatchObject({
      id: "built-in",
      usedAs: ["response", "reasoning"],
      isSizeExact: true,
      fit: { mark: "beside" },
    });
    expect(row?.words).toContain(`${TOPICS.length} topics`);
  });

  it("a damaged file is a typed error that names the model, and the runtime starts all the same", async () => {
    const damaged = await placeBuiltInModels(join(folder, "damaged"));
    const file = join(damaged, "memwell-response.gguf");
    truncateSync(file, 5_000);
    await start({ MEMWELL_BUILTIN_MODELS: damaged });
    const error = { code: "model_file_invalid", fields: { model: "memwell-response" } };
    expect(modelNamed("memwell-response")).toMatchObject({ builtIn: null, lastError: error, standIns: [] });
    expect(runtime.readiness().ready).toBe(false);
    expect((await turn()).last).toMatchObject({ type: "failed", error });
    copyFileSync(join(builtIn, "memwell-response.gguf"), file);
    expect(writerOf(await turn())).toEqual(["memwell-response", null]);
    expect(modelNamed("memwell-response")?.lastError).toBeNull();
  });

  it("a damaged adapter of a domain leaves the model without it answering", async () => {
    const damaged = await placeBuiltInModels(join(folder, "damaged-adapter"));
    truncateSync(join(damaged, "memwell-business.gguf"), 500);
    await start({ MEMWELL_BUILTIN_MODELS: damaged });
    const heard = await turn("business");
    expect(writerOf(heard)).toEqual(["memwell-response", "memwell-response-business"]);
    expect(heard.ends.some(({ domain }) => domain !== undefined)).toBe(false);
    expect(writerOf(await turn("education"))).toEqual(["memwell-response-education", null]);
  });

  it("another model that is chosen takes the domains with it, and gives them back", async () => {
    await start();
    await runtime.catalogue.use({ id: "both", role: "response" });
    expect(await runtime.catalogue.ended()).toMatchObject({ phase: "done" });
    expect(runtime.domains).toEqual([]);
    expect(modelNamed("memwell-response")).toMatchObject({ roles: [] });
    expect(writerOf(await turn())).toEqual(["both-q8_0", null]);
    await runtime.catalogue.use({ id: "built-in" });
    expect(await runtime.catalogue.ended()).toMatchObject({ phase: "done" });
    expect(runtime.domains).toEqual(["education", "business"]);
    expect(writerOf(await turn())).toEqual(["memwell-response", null]);
  });
});

describe("where the model of the settings cannot be had", () => {
  it("the built-in one answers, and says so in its trace, among the models and on record", async () => {
    await start({ MEMWELL_RESPONSE_MODEL: "hf:org/both-GGUF:Q8_0", HF_HUB_OFFLINE: "1" });
    const heard = await turn();
    expect(writerOf(heard)).toEqual(["memwell-response", "both-q8_0"]);
    const slots = heard.ends.filter(({ stands_in_for }) => stands_in_for !== undefined);
    expect(slots).toMatchObject([{ name: "slot", detail: "response", model: "memwell-response" }]);
    expect(slots[0]?.stands_in_why).toContain("both-q8_0");
    expect(slots[0]?.stands_in_why).not.toContain(folder);
    expect(modelNamed("both-q8_0")).toMatchObject({
      lastError: { code: "hub_offline" },
      standIns: ["memwell-response"],
    });
    expect(runtime.readiness()).toMatchObject({ ready: true });
    expect(stoodIn()).toMatchObject([{ model: "memwell-response", for: "both-q8_0", code: "hub_offline" }]);
    await turn();
    expect(stoodIn()).toHaveLength(1);
    const steps = runtime.memoryLog({}).filter(({ step, phase }) => step === "decode" && phase === "end");
    expect(steps.map(({ model }) => model)).not.toContain("both-q8_0");
  });

  it("asked for by its id alone, it fails: nobody else answers under its name", async () => {
    await start({ MEMWELL_RESPONSE_MODEL: "hf:org/both-GGUF:Q8_0", HF_HUB_OFFLINE: "1" });
    const request = { prompt: { messages: [{ role: "user" as const, content: "Hello" }] }, maxTokens: 4 };
    expect((await collect(runtime.generate("both-q8_0", request))).failed?.error.code).toBe("hub_offline");
    expect((await collect(runtime.generate("memwell-response", request))).done).not.toBeNull();
  });

  it("it answers again once its files are in the cache, whoever has put them there", async () => {
    const settings = { MEMWELL_RESPONSE_MODEL: "hf:org/both-GGUF:Q8_0" };
    await start({ ...settings, HF_HUB_OFFLINE: "1" }, "pulled");
    expect(writerOf(await turn())).toEqual(["memwell-response", "both-q8_0"]);
    const online = configOf(settings, "pulled");
    for (const pull of pullsOf(online, [])) await pullModel(online, pull);
    expect(writerOf(await turn())).toEqual(["both-q8_0", null]);
    expect(modelNamed("both-q8_0")).toMatchObject({ lastError: null, standIns: [] });
  });

  it("it is fetched while the built-in one answers, once the Hub lets it be", async () => {
    hub.faults.add(ofTheHub);
    await start({ MEMWELL_RESPONSE_MODEL: "hf:org/both-GGUF:Q8_0" });
    expect(writerOf(await turn())).toEqual(["memwell-response", "both-q8_0"]);
    hub.faults.clear();
    await turn();
    await until(() => modelNamed("both-q8_0")?.lastError === null);
    expect(writerOf(await turn())).toEqual(["both-q8_0", null]);
  });

  it("a file that is gone, and one that llama.cpp refuses, are tried at each turn again", async () => {
    const file = join(folder, "own.gguf");
    rmSync(file, { force: true });
    await start({ MEMWELL_RESPONSE_MODEL: file });
    expect(writerOf(await turn())).toEqual(["memwell-response", "own"]);
    copyFileSync(await ensureFixtureModel("tiny"), file);
    expect(writerOf(await turn())).toEqual(["own", null]);
  });

  it("what was chosen and does not load is answered for, in both roles", async () => {
    await start({ MEMWELL_RESPONSE_MODEL: "hf:org/liar-GGUF:Q8_0", MEMWELL_REASONING_MODEL: "hf:org/liar-GGUF:Q8_0" });
    const heard = await turn(undefined, MATHEMATICS);
    expect(writerOf(heard)).toEqual(["memwell-response", "liar-q8_0"]);
    expect(heard.ends.find(({ name }) => name === "decision")?.model).toBe("memwell-reasoning");
    expect(modelNamed("liar-q8_0")).toMatchObject({ standIns: ["memwell-response", "memwell-reasoning"] });
  });

  it("a model that does not fit is answered for; a turn that is stopped is stopped", async () => {
    const settings = { MEMWELL_MEMORY_BUDGET: "1GB", MEMWELL_CONTEXT_SIZE: "300000" };
    await start({ ...settings, MEMWELL_RESPONSE_MODEL: await ensureFixtureModel("small") });
    expect(writerOf(await turn())).toEqual(["memwell-response", runtime.models()[0]?.id]);
    expect(runtime.models()[0]?.lastError).toMatchObject({ code: "memory_exceeded" });
    const stop = new AbortController();
    stop.abort();
    const stopped = await hearTurn(runtime, { message: "Hello" }, { signal: stop.signal });
    expect(stopped.last).toMatchObject({ type: "failed", error: { code: "aborted" } });
  });

  it("a choice of the page whose files are gone is answered for after a restart", async () => {
    await start({}, "gone");
    await runtime.catalogue.use({ id: "both", role: "response" });
    expect(await runtime.catalogue.ended()).toMatchObject({ phase: "done" });
    await runtime.close();
    rmSync(join(folder, "gone", "hub"), { recursive: true });
    hub.faults.add(ofTheHub);
    await start({}, "gone");
    expect(writerOf(await turn())).toEqual(["memwell-response", "both-q8_0"]);
    hub.faults.clear();
    await turn();
    await until(() => modelNamed("both-q8_0")?.lastError === null);
    expect(writerOf(await turn())).toEqual(["both-q8_0", null]);
  });
});
