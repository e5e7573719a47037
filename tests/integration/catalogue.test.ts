import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createRuntime, loadConfig, type ModelUse, type Runtime } from "../../lib/runtime";
import { offerModels } from "../fixtures/choosable-models";
import { failureOf } from "../fixtures/failure-of";
import { HubServer } from "../fixtures/hub-server";
import { childScript, collect, temporaryFolder, until } from "./support";
import { hearTurn } from "./turn-support";

/** Models chosen while the runtime runs, with real engines and a Hub of this test's own. */
const folder = temporaryFolder();
let hub: HubServer;
let catalogue: string;
let runtime: Runtime;
let homes = 0;

beforeAll(async () => {
  hub = await HubServer.start();
  catalogue = await offerModels(hub, folder);
});
afterAll(() => hub.close());
afterEach(async () => {
  hub.faults.clear();
  hub.rate = null;
  await runtime?.close();
});

/** A runtime with nothing chosen, in a home of its own unless one is named. */
async function start(more: Record<string, string> = {}, home = `home-${(homes += 1)}`): Promise<Runtime> {
  const dataDir = join(folder, home, "data");
  mkdirSync(dataDir, { recursive: true });
  const environment = {
    HF_HOME: join(folder, home),
    HF_ENDPOINT: hub.url,
    MEMWELL_DATA_DIR: dataDir,
    MEMWELL_CATALOGUE: catalogue,
    MEMWELL_THREADS: "1",
    ...more,
  };
  return (runtime = await createRuntime(loadConfig(environment), { childScript, keepSpare: false }));
}

async function use(id: string, role?: "response" | "reasoning"): Promise<ModelUse | null> {
  await runtime.catalogue.use({ id, role });
  return runtime.catalogue.ended();
}

const rolesNow = () => runtime.models().map(({ id, roles }) => [id, ...roles]);
const BUILT_IN = [
  ["demo-response", "response"],
  ["demo-reasoning", "reasoning"],
];

/** The model that writes the answer of a turn, by its step. */
async function answering(): Promise<string | null | undefined> {
  const turn = await hearTurn(runtime, { message: "Hello" });
  expect(turn.last.type).toBe("done");
  return turn.ends.find(({ name }) => name === "response")?.model;
}

/** What the ledger names otherwise than by an id. */
const strangeNames = () => runtime.memoryLog({}).flatMap(({ model }) => (model?.includes("/") ? model : []));

/** Something happens to what is downloaded, and not to the header that is read before. */
const whileDownloading = ({ server }: { server: string }): boolean =>
  server === "cdn" && runtime.catalogue.now?.phase === "downloading";

describe("a model that is chosen", () => {
  it("answers the next turn without a restart, and the next start's too; then the one that was built in", async () => {
    await start({}, "kept");
    expect(await answering()).toBe("demo-response");
    expect(await use("tutor")).toMatchObject({ phase: "done", roles: ["response"], error: null, notKept: null });
    expect(rolesNow()).toEqual([
      ["tutor-q8_0", "response"],
      ["demo-reasoning", "reasoning"],
    ]);
    expect(await answering()).toBe("tutor-q8_0");
    await runtime.close();
    hub.faults.add({ match: /./, do: { status: 500 } });
    await start({}, "kept");
    expect(await answering()).toBe("tutor-q8_0");
    expect(await use("built-in")).toMatchObject({ phase: "done" });
    expect(rolesNow()).toEqual(BUILT_IN);
    expect(await answering()).toBe("demo-response");
    await runtime.close();
    await start({}, "kept");
    expect(rolesNow()).toEqual(BUILT_IN);
  });

  it("takes both roles where it is meant for both, or the one that is asked for", async () => {
    await start();
    expect(await use("both")).toMatchObject({ phase: "done", roles: ["response", "reasoning"] });
    expect(rolesNow()).toEqual([["both-q8_0", "response", "reasoning"]]);
    expect(await answering()).toBe("both-q8_0");
    expect(await use("built-in", "response")).toMatchObject({ phase: "done" });
    expect(rolesNow()).toEqual([
      ["demo-response", "response"],
      ["both-q8_0", "reasoning"],
    ]);
  });

  it("does not end a turn that runs: that one ends on the model it began with, which then leaves memory", async () => {
    await start();
    const turn = await hearTurn(
      runtime,
      { message: "Hello" },
      {
        on: async (event) => {
          if (event.type !== "step-start" || runtime.catalogue.now !== null) return;
          expect(await use("tutor")).toMatchObject({ phase: "done" });
        },
      },
    );
    expect(turn.last.type).toBe("done");
    expect(turn.ends.find(({ name }) => name === "response")?.model).toBe("demo-response");
    const ids = async () => (await runtime.memory()).models.flatMap((model) => model.ids);
    await until(async () => !(await ids()).includes("demo-response"));
    expect(await answering()).toBe("tutor-q8_0");
    const unloads = () => runtime.memoryLog({}).filter(({ step }) => step === "unload");
    await until(() => unloads().length > 0);
    // By its id to the last: where its file lies is not for everybody who reads the ledger.
    expect(strangeNames()).toEqual([]);
  });

  it("leaves memory even where somebody was about to load it, and another was chosen meanwhile", async () => {
    await start({}, "chosen-before");
    expect(await use("tutor")).toMatchObject({ phase: "done" });
    await runtime.close();
    rmSync(join(folder, "chosen-before", "hub"), { recursive: true });
    await start({}, "chosen-before");
    hub.rate = 2_000_000;
    const loading = runtime.load("tutor-q8_0");
    await until(() => runtime.models()[0]?.download?.type === "downloading");
    expect(await use("built-in")).toMatchObject({ phase: "done" });
    hub.rate = null;
    await loading;
    await until(async () => !(await runtime.memory()).models.some(({ ids }) => !ids.join().startsWith("demo-")));
    expect(strangeNames()).toEqual([]);
  });
});

describe("a choice that fails leaves the one before answering", () => {
  it("when the download is cut in the middle; the next try goes on from there", async () => {
    await start();
    let bodies = 0;
    // Each connection ends within its part, and then the repository lets nobody in any more.
    const isOver = (): boolean => runtime.catalogue.now?.phase === "downloading" && bodies >= 5;
    const gated = { status: 403, headers: { "X-Error-Code": "GatedRepo" } };
    hub.faults.add({ match: ({ server }) => server === "hub" && isOver(), do: gated });
    hub.faults.add({ match: ({ server }) => server === "cdn" && isOver(), do: { status: 403 } });
    hub.faults.add({ match: (request) => whileDownloading(request) && (bodies += 1) > 0, after: 1_000_000, do: "cut" });
    const failed = await use("tutor");
    expect(failed).toMatchObject({ phase: "failed", error: { code: "repo_gated" } });
    expect(failed?.error?.message).toMatch(/accept.*demo-response goes on answering\.$/s);
    expect(rolesNow()).toEqual(BUILT_IN);
    expect(await answering()).toBe("demo-response");
    hub.faults.clear();
    const sent = hub.bytesSent(/cdn.*tutor/);
    expect(await use("tutor")).toMatchObject({ phase: "done" });
    const size = runtime.models()[0]?.fileBytes ?? 0;
    expect(hub.bytesSent(/cdn.*tutor/) - sent).toBeLessThan(size);
    expect(await answering()).toBe("tutor-q8_0");
  });

  it("when what arrives is not what was announced", async () => {
    await start();
    hub.faults.add({ match: whileDownloading, do: "corrupt" });
    const failed = await use("tutor");
    expect(failed).toMatchObject({ phase: "failed", error: { code: "download_corrupt" } });
    expect(await answering()).toBe("demo-response");
  });

  it.each([
    ["is no model", "broken", "model_file_invalid"],
    ["llama.cpp refuses to load", "liar", "model_unsupported"],
    ["nobody has", "nobody", "repo_not_found"],
  ])("when it %s", async (_, id, code) => {
    await start();
    const failed = await use(id);
    expect(failed).toMatchObject({ phase: "failed", error: { code } });
    expect(failed?.error?.message).toMatch(/Nothing was changed: demo-\w+ goes on answering\.$/);
    expect(rolesNow()).toEqual(BUILT_IN);
    expect(await answering()).toBe("demo-response");
    expect(existsSync(join(runtime.config.dataDir, "models.json"))).toBe(false);
  });

  it("when it does not fit, in figures, before a byte of it is downloaded", async () => {
    await start({ MEMWELL_MEMORY_BUDGET: "150MB" });
    const failed = await use("tutor");
    expect(failed).toMatchObject({ phase: "failed", error: { code: "memory_exceeded" } });
    expect(failed?.error?.message).toMatch(/needs .*MB.* may hold .*MB/);
    expect(existsSync(join(runtime.config.hub.cacheDir, "models--org--tutor-GGUF"))).toBe(false);
  });

  it("when it is cancelled", async () => {
    await start();
    hub.rate = 2_000_000;
    await runtime.catalogue.use({ id: "tutor" });
    await until(() => runtime.catalogue.now?.download?.type === "downloading");
    expect(await failureOf(runtime.catalogue.use({ id: "both" }))).toMatchObject({ code: "conflict" });
    expect(await runtime.catalogue.cancel()).toMatchObject({ phase: "cancelled", error: null });
    hub.rate = null;
    expect(await answering()).toBe("demo-response");
    expect(await use("both")).toMatchObject({ phase: "done" });
  });

  it("when the runtime closes", async () => {
    await start();
    hub.rate = 2_000_000;
    await runtime.catalogue.use({ id: "tutor" });
    await runtime.close();
    expect(runtime.catalogue.now).toMatchObject({ phase: "cancelled" });
  });
});

describe("the settings", () => {
  it("win over a choice, and are named", async () => {
    await start({ MEMWELL_RESPONSE_MODEL: "hf:org/both-GGUF:Q8_0" });
    const failure = await failureOf(runtime.catalogue.use({ id: "tutor" }));
    expect(failure).toMatchObject({ code: "conflict", fields: { settings: ["MEMWELL_RESPONSE_MODEL"] } });
    expect((await runtime.catalogue.report()).lockedBy).toEqual({
      response: "MEMWELL_RESPONSE_MODEL",
      reasoning: null,
    });
    expect(await use("both")).toMatchObject({ phase: "done", roles: ["reasoning"] });
    expect(rolesNow()).toEqual([["both-q8_0", "response", "reasoning"]]);
    expect(JSON.parse(readFileSync(join(runtime.config.dataDir, "models.json"), "utf8"))).toEqual({
      version: 1,
      reasoning: "hf:org/both-GGUF:Q8_0",
    });
  });
});

describe("the list", () => {
  it("says of each model what it takes, whether it fits, and what it does now", async () => {
    await start({ MEMWELL_MEMORY_BUDGET: "2GB" });
    const before = await runtime.catalogue.report();
    expect(before.models.map(({ id }) => id)).toEqual(["built-in", "tutor", "both", "liar", "broken", "nobody"]);
    expect(before.models[0]).toMatchObject({ usedAs: ["response", "reasoning"], fit: null });
    expect(before.models[1]).toMatchObject({ isOnDisk: false, isSizeExact: false, fit: { isForecast: false } });
    expect(before.models.at(-1)?.fit).toMatchObject({ mark: "no" });
    const asked = hub.requests.length;
    await runtime.catalogue.report();
    expect(hub.requests.length).toBe(asked);
    await use("tutor");
    const { models } = await runtime.catalogue.report();
    expect(models[1]).toMatchObject({
      isOnDisk: true,
      isSizeExact: true,
      usedAs: ["response"],
      fit: { mark: "beside", isForecast: true, downloadBytes: 0 },
    });
    expect(models[0]?.usedAs).toEqual(["reasoning"]);
    const { forecast } = await runtime.fit("tutor-q8_0");
    expect(models[1]?.fit?.neededBytes).toBe(forecast.total);
  });

  it("names what it knows to whoever asks for something else", async () => {
    await start();
    const failure = await failureOf(runtime.catalogue.use({ id: "gpt" }));
    expect(failure).toMatchObject({ code: "model_not_found" });
    expect(failure.message).toContain("built-in, tutor, both");
  });
});

it("a model alone is known by its id as soon as it answers, and the one before no more", async () => {
  await start();
  const request = { prompt: { messages: [{ role: "user" as const, content: "Hello" }] }, maxTokens: 4 };
  expect((await collect(runtime.generate("tutor-q8_0", request))).failed?.error.code).toBe("model_not_found");
  await use("tutor");
  expect((await collect(runtime.generate("tutor-q8_0", request))).done).not.toBeNull();
  expect((await collect(runtime.generate("demo-response", request))).failed?.error.code).toBe("model_not_found");
});
