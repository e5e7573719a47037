import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { loadConfig } from "../../lib/config";
import { readProcessMemory } from "../../lib/memory";
import { createRuntime } from "../../lib/runtime";
import { ensureFixtureModel } from "../../tests/fixtures/models";
import { median, raise, spread } from "../support/measure";

const MEGABYTE = 1e6;

/** Two models in a budget that holds one, four clients asking in turn, until there were `swaps` loads. */
export async function benchSwaps(swaps: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "memwell-bench-"));
  const own = readProcessMemory("self")?.anonymous ?? 0;
  const limit = Math.round((own + 310 * MEGABYTE) / 0.8);
  const config = loadConfig({
    MEMWELL_RESPONSE_MODEL: await ensureFixtureModel("small"),
    MEMWELL_REASONING_MODEL: await ensureFixtureModel("smallReasoning"),
    MEMWELL_CONTEXT_SIZE: "4096",
    MEMWELL_MEMORY_BUDGET: String(limit),
    MEMWELL_DATA_DIR: folder,
  });
  const runtime = await createRuntime(config, { childScript: resolve("dist/engine-child.js"), keepSpare: false });
  const ids = runtime.models().map(({ id }) => id);
  const processes = new Set<number>();
  const unloaded: number[] = [];
  const loadMs: number[] = [];
  let highest = 0;
  let errors = 0;
  const sample = (): void => {
    const held = runtime.models().flatMap(({ info }) => (info === null ? [] : [info]));
    for (const { pid, loadMs: ms } of held) {
      if (!processes.has(pid)) loadMs.push(ms);
      processes.add(pid);
    }
    const models = held.reduce((sum, { pid }) => sum + (readProcessMemory(pid)?.rss ?? 0), 0);
    highest = Math.max(highest, models + (readProcessMemory("self")?.anonymous ?? 0));
  };
  const sampler = setInterval(sample, 10);
  const turnMs: number[] = [];
  const client = async (first: number): Promise<void> => {
    for (let question = 0; processes.size < swaps; question++) {
      const startedAt = performance.now();
      const events = runtime.generate(ids[(first + question) % ids.length] ?? raise("no model"), {
        prompt: { messages: [{ role: "user", content: `Client ${first}, question ${question}` }] },
        maxTokens: 4,
      });
      for await (const event of events) if (event.type === "failed") errors++;
      turnMs.push(performance.now() - startedAt);
      sample();
      if (first === 0) unloaded.push(readProcessMemory("self")?.anonymous ?? 0);
    }
  };
  const startedAt = performance.now();
  await Promise.all([0, 1, 2, 3].map(client));
  clearInterval(sampler);
  const elapsed = performance.now() - startedAt;
  await runtime.close();
  await rm(folder, { recursive: true, force: true });
  console.log("## two models, one place, four clients asking in turn\n");
  console.log(`loads                                   ${processes.size}`);
  console.log(`questions answered, errors              ${turnMs.length}, ${errors}`);
  console.log(`highest held / budget                   ${(highest / (limit * 0.8)).toFixed(3)}`);
  console.log(`time for each load / the load itself    ${(elapsed / processes.size / median(loadMs)).toFixed(2)}`);
  console.log(`a question, ms                          ${spread(turnMs, 0)}`);
  console.log(
    `server's memory, last turn / first      ${((unloaded.at(-1) ?? NaN) / (unloaded[0] ?? NaN)).toFixed(3)}`,
  );
}
