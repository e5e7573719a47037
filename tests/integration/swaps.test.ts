import { describe, expect, it } from "vitest";
import { loadConfig } from "../../lib/config";
import { readProcessMemory } from "../../lib/memory";
import { createRuntime, type Runtime } from "../../lib/runtime";
import { makeMemoryGroup } from "../fixtures/memory-group";
import { ensureFixtureModel } from "../fixtures/models";
import { takeTurns, type Turns } from "../fixtures/take-turns";
import { childScript, collect, temporaryFolder } from "./support";

const LOADS = 12;
/** The machine may be busy with anything: only a run that stands still takes this long. In ms. */
const PATIENCE = 5 * 60_000;
const MEGABYTE = 1e6;
const folder = temporaryFolder();
const [response, reasoning] = [await ensureFixtureModel("small"), await ensureFixtureModel("smallReasoning")];

/** About 250 MB each with this context; `room` is what the budget leaves beside what this process holds now. */
async function runtimeWith(room: number): Promise<Runtime> {
  const own = readProcessMemory("self")?.anonymous ?? 0;
  const config = loadConfig({
    MEMWELL_RESPONSE_MODEL: response,
    MEMWELL_REASONING_MODEL: reasoning,
    MEMWELL_CONTEXT_SIZE: "4096",
    MEMWELL_MEMORY_BUDGET: String(Math.round((own + room) / 0.8)),
    MEMWELL_DATA_DIR: folder,
  });
  return createRuntime(config, { childScript, keepSpare: false });
}

const ask = (runtime: Runtime, id: string, content: string) =>
  collect(runtime.generate(id, { prompt: { messages: [{ role: "user", content }] }, maxTokens: 4 }));

function expectGoodTurns(turns: Turns): void {
  expect(turns.errors).toEqual([]);
  expect(turns.loads).toBeGreaterThanOrEqual(LOADS);
  expect(turns.questions).toBeGreaterThanOrEqual(turns.loads);
  expect(turns.mostResident).toBe(1);
  expect(turns.highestHeldBytes).toBeLessThanOrEqual(turns.budgetBytes);
}

describe.runIf(process.platform === "linux")("two models in a budget that holds one", () => {
  it(
    "take turns without a refusal or an error, and never hold more than the budget",
    async () => {
      const turns = await takeTurns({ loads: LOADS, limit: "own" });
      expectGoodTurns(turns);
      expect(turns.bound).toBe("user");
    },
    PATIENCE,
  );

  it(
    "take turns in a memory cgroup, and the kernel kills nobody",
    async (context) => {
      const group = makeMemoryGroup(620 * MEGABYTE);
      if (typeof group === "string") return context.skip(group);
      try {
        const program = ["node_modules/tsx/dist/cli.mjs", "tests/fixtures/take-turns-program.ts", String(LOADS)];
        const { stdout, stderr, code } = await group.run(process.execPath, program);
        expect({ code, kills: group.oomKills() }, stderr).toEqual({ code: 0, kills: 0 });
        const turns = JSON.parse(stdout) as Turns;
        expectGoodTurns(turns);
        expect(turns.bound).toBe("cgroup");
        expect(turns.oomKills).toBe(0);
      } finally {
        group.remove();
      }
    },
    PATIENCE,
  );

  it("what can never fit is refused at once, with the figures and what would help", async () => {
    const runtime = await runtimeWith(40 * MEGABYTE);
    const refused = await ask(runtime, "memwell", "Hello");
    await runtime.close();
    expect(refused.failed?.error.code).toBe("memory_exceeded");
    expect(refused.failed?.error.fields["neededBytes"]).toBeGreaterThan(150 * MEGABYTE);
    expect(refused.failed?.error.fields["waysOut"]).not.toHaveLength(0);
  });
});

describe("two models in a budget that holds both", () => {
  it("stay together", async () => {
    const runtime = await runtimeWith(2000 * MEGABYTE);
    for (const { id } of runtime.models()) expect((await ask(runtime, id, "Hello")).done).not.toBeNull();
    expect(runtime.models().map(({ state }) => state)).toEqual(["ready", "ready"]);
    await runtime.close();
  });
});
