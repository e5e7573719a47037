import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { loadConfig } from "../../lib/config";
import { readMemoryUse } from "../../lib/memory";
import { createRuntime, type Runtime } from "../../lib/runtime";
import { ensureFixtureModel } from "../../tests/fixtures/models";
import { median, raise, spread } from "../support/measure";

const ROUNDS = 9;

/**
 * Loading a model in the place of another one, which has a conversation to be saved, over loading it into an empty place;
 * in turn, so that both see the same machine. And what the machine has back after an unload of what the load took from it.
 */
export async function benchSwapTime(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "memwell-bench-"));
  const config = loadConfig({
    MEMWELL_RESPONSE_MODEL: await ensureFixtureModel("b1_1"),
    MEMWELL_REASONING_MODEL: await ensureFixtureModel("m135"),
    MEMWELL_MEMORY_BUDGET: "1500MB",
    MEMWELL_DATA_DIR: folder,
  });
  const runtime = await createRuntime(config, { childScript: resolve("dist/engine-child.js") });
  const [large = raise("no model"), small = raise("no second model")] = runtime.models().map(({ id }) => id);
  const [bare, swap, returned]: number[][] = [[], [], []];
  for (let round = 0; round <= ROUNDS; round++) {
    const before = await settledUse();
    const alone = await timeOf(() => runtime.load(large));
    const during = await settledUse();
    await runtime.unload(large);
    const after = await settledUse();
    await runtime.load(small);
    await converse(runtime, small, round);
    await settledUse();
    const inPlace = await timeOf(() => runtime.load(large));
    if (runtime.models().find(({ id }) => id === small)?.info != null) raise("nothing had to leave");
    await runtime.unload(large);
    // The first round finds cold files.
    if (round === 0) continue;
    bare?.push(alone);
    swap?.push(inPlace);
    returned?.push((during - after) / (during - before));
  }
  await runtime.close();
  await rm(folder, { recursive: true, force: true });
  const ratios = swap?.map((ms, index) => ms / (bare?.[index] ?? NaN)) ?? [];
  console.log("## a 1.1 B model takes the place of a 135 M one with a conversation of 300 tokens\n");
  console.log(
    `load in its place / bare load     ${spread(ratios)} (goal 1.1; bare: ${median(bare ?? []).toFixed(0)} ms)`,
  );
  console.log(
    `memory back after an unload       ${spread(
      (returned ?? []).map((share) => share * 100),
      1,
    )} % (goal 100)\n`,
  );
}

/** What the whole machine holds and cannot drop, in bytes, once the spare process for the next load is there again. */
async function settledUse(): Promise<number> {
  await sleep(2500);
  return readMemoryUse({ scope: "host" }).usedBytes;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function converse(runtime: Runtime, id: string, round: number): Promise<void> {
  const content = `Round ${round}. ${"Tell me of something that takes many words to say. ".repeat(20)}`;
  const events = runtime.generate(id, { prompt: { messages: [{ role: "user", content }] }, maxTokens: 16 });
  for await (const event of events) if (event.type === "failed") throw new Error(event.error.message);
}
