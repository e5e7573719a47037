import { beforeAll, describe, expect, it } from "vitest";
import { loadConfig } from "../../lib/config";
import { readProcessMemory } from "../../lib/memory";
import { createRuntime, type Runtime } from "../../lib/runtime";
import { ensureFixtureModel } from "../fixtures/models";
import { childScript, collect, temporaryFolder } from "./support";

/** Two real models that take turns in a budget that holds one of them. */
const CLIENTS = 4;
const QUESTIONS = 6;
const MEGABYTE = 1e6;
const folder = temporaryFolder();
let response: string;
let reasoning: string;

beforeAll(async () => {
  response = await ensureFixtureModel("small");
  reasoning = await ensureFixtureModel("smallReasoning");
});

/** About 250 MB each with this context; the budget leaves room for one and a quarter beside what this process holds now. */
async function tightRuntime(room: number): Promise<{ runtime: Runtime; budgetBytes: number }> {
  const own = readProcessMemory("self")?.anonymous ?? 0;
  const limit = Math.round((own + room) / 0.8);
  const config = loadConfig({
    MEMWELL_RESPONSE_MODEL: response,
    MEMWELL_REASONING_MODEL: reasoning,
    MEMWELL_CONTEXT_SIZE: "4096",
    MEMWELL_MEMORY_BUDGET: String(limit),
    MEMWELL_DATA_DIR: folder,
  });
  return { runtime: await createRuntime(config, { childScript, keepSpare: false }), budgetBytes: limit * 0.8 };
}

const ask = (runtime: Runtime, id: string, content: string) =>
  collect(runtime.generate(id, { prompt: { messages: [{ role: "user", content }] }, maxTokens: 4 }));

describe.runIf(process.platform === "linux")("two models in a budget that holds one", () => {
  it("take turns without a refusal or an error, and never hold more than the budget", async () => {
    const { runtime, budgetBytes } = await tightRuntime(310 * MEGABYTE);
    const ids = runtime.models().map(({ id }) => id);
    let highest = 0;
    let resident = 0;
    const sampler = setInterval(() => {
      const pids = runtime.models().flatMap(({ info }) => (info === null ? [] : [info.pid]));
      const held = [...new Set(pids)].map((pid) => readProcessMemory(pid)?.rss ?? 0);
      resident = Math.max(resident, held.filter((bytes) => bytes > 0).length);
      highest = Math.max(
        highest,
        held.reduce((sum, bytes) => sum + bytes, readProcessMemory("self")?.anonymous ?? 0),
      );
    }, 10);
    try {
      const client = async (first: number): Promise<void> => {
        for (let question = 0; question < QUESTIONS; question++) {
          const id = ids[(first + question) % ids.length] as string;
          const answer = await ask(runtime, id, `Client ${first}, question ${question}`);
          expect(answer.failed?.error).toBeUndefined();
        }
      };
      await Promise.all(Array.from({ length: CLIENTS }, (_, index) => client(index)));
    } finally {
      clearInterval(sampler);
      await runtime.close();
    }
    expect(resident).toBe(1);
    expect(highest).toBeLessThanOrEqual(budgetBytes);
  });

  it("what can never fit is refused at once, with the figures and what would help", async () => {
    const { runtime } = await tightRuntime(40 * MEGABYTE);
    const refused = await ask(runtime, "memwell", "Hello");
    await runtime.close();
    expect(refused.failed?.error.code).toBe("memory_exceeded");
    expect(refused.failed?.error.fields["neededBytes"]).toBeGreaterThan(150 * MEGABYTE);
    expect(refused.failed?.error.fields["waysOut"]).not.toHaveLength(0);
  });
});

describe("two models in a budget that holds both", () => {
  it("stay together", async () => {
    const { runtime } = await tightRuntime(2000 * MEGABYTE);
    for (const { id } of runtime.models()) expect((await ask(runtime, id, "Hello")).done).not.toBeNull();
    expect(runtime.models().map(({ state }) => state)).toEqual(["ready", "ready"]);
    await runtime.close();
  });
});
