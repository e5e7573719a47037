import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { loadConfig, type Config } from "../../lib/config";
import type { ChatMessage } from "../../lib/engine";
import { readProcessMemory } from "../../lib/memory";
import { createRuntime, type Runtime } from "../../lib/runtime";
import { ensureFixtureModel } from "../../tests/fixtures/models";
import { raise } from "../support/measure";

const MEGABYTE = 1e6;
const INSTRUCTIONS =
  "You are a tutor. You explain every step, you ask back, and you never give the answer away. ".repeat(8);

interface Turn {
  text: string;
  /** Prompt tokens that were evaluated. */
  prefilled: number;
}

/**
 * The second turn of a conversation: prompt tokens evaluated, over those evaluated where the model simply stayed loaded,
 * which are the new ones. After a swap, and after a restart of everything.
 */
export async function benchReturn(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "memwell-bench-"));
  const [model, other] = [await ensureFixtureModel("small"), await ensureFixtureModel("smallReasoning")];
  const settings = (name: string, room?: number): Config =>
    loadConfig({
      MEMWELL_RESPONSE_MODEL: model,
      MEMWELL_REASONING_MODEL: other,
      MEMWELL_CONTEXT_SIZE: "4096",
      // Other numbers of threads add in another order, and the answers could not be compared.
      MEMWELL_THREADS: "1",
      MEMWELL_DATA_DIR: join(folder, name),
      ...(room === undefined ? {} : { MEMWELL_MEMORY_BUDGET: String(Math.round(room)) }),
    });
  const room = ((readProcessMemory("self")?.anonymous ?? 0) + 310 * MEGABYTE) / 0.8;
  const stayed = await secondTurn(settings("stayed"), async (runtime) => runtime);
  const swapped = await secondTurn(settings("swapped", room), async (runtime, otherId) => {
    await ask(runtime, otherId, [{ role: "user", content: "Think about this." }]);
    return runtime;
  });
  const restarted = await secondTurn(settings("restarted"), async (runtime, _, config) => {
    await runtime.close();
    return start(config);
  });
  await rm(folder, { recursive: true, force: true });
  console.log("## second turn: prompt tokens evaluated / tokens that were new (goal 1.0)\n");
  console.log(
    `after a swap                      ${(swapped.prefilled / stayed.prefilled).toFixed(2)} (${swapped.prefilled} / ${stayed.prefilled})`,
  );
  console.log(
    `after a restart                   ${(restarted.prefilled / stayed.prefilled).toFixed(2)} (${restarted.prefilled} / ${stayed.prefilled})`,
  );
  console.log(
    `the same answer in all three      ${swapped.text === stayed.text && restarted.text === stayed.text ? "yes" : "no"}\n`,
  );
}

async function secondTurn(
  config: Config,
  between: (runtime: Runtime, otherId: string, config: Config) => Promise<Runtime>,
): Promise<Turn> {
  const first = await start(config);
  const [id, otherId] = first.models().map((model) => model.id);
  if (id === undefined || otherId === undefined) raise("two models are needed");
  const messages: ChatMessage[] = [
    { role: "system", content: INSTRUCTIONS },
    { role: "user", content: "What is a prime number, and how can I tell whether 91 is one?" },
  ];
  const { text } = await ask(first, id, messages);
  const runtime = await between(first, otherId, config);
  const history: ChatMessage[] = [...messages, { role: "assistant", content: text }];
  const turn = await ask(runtime, id, [...history, { role: "user", content: "And 97?" }]);
  await runtime.close();
  return turn;
}

function start(config: Config): Promise<Runtime> {
  return createRuntime(config, { childScript: resolve("dist/engine-child.js"), keepSpare: false });
}

async function ask(runtime: Runtime, id: string, messages: ChatMessage[]): Promise<Turn> {
  const turn: Turn = { text: "", prefilled: 0 };
  const request = { prompt: { messages }, maxTokens: 48, sampling: { temperature: 0, seed: 1 } };
  for await (const event of runtime.generate(id, request)) {
    if (event.type === "text") turn.text += event.text;
    if (event.type === "failed") throw new Error(event.error.message);
    if (event.type === "done") turn.prefilled = event.usage.promptTokens - event.usage.reusedTokens;
  }
  return turn;
}
