import { setTimeout as sleep } from "node:timers/promises";
import { createRuntime, loadConfig } from "../runtime";
import { encodeMemory, type MemoryBody } from "../wire";
import { bytes, printJson, printTable } from "./output";
import { engineChildPath } from "./paths";
import { showMemorySince } from "./memory-since";
import { askServer, isNobodyThere, type ServerOptions } from "./server-client";

const WATCH_EVERY_MS = 1000;
const CLEAR_SCREEN = "\x1b[2J\x1b[H";

/**
 * The budget and every process of the running server; of this machine alone when none runs.
 *
 * @param options.since in ms: what was held in that time instead
 */
export async function showMemory(options: ServerOptions & { watch?: boolean; since?: number }): Promise<void> {
  if (options.since !== undefined) return showMemorySince(options.since, options);
  if (!options.watch) return show(await readMemory(options), options);
  let watching = true;
  const stop = (): void => void (watching = false);
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  while (watching) {
    const memory = await readMemory(options);
    if (!options.json && process.stdout.isTTY) process.stdout.write(CLEAR_SCREEN);
    show(memory, options);
    await sleep(WATCH_EVERY_MS);
  }
}

async function readMemory(options: ServerOptions): Promise<MemoryBody> {
  try {
    return await askServer<MemoryBody>(options, "GET", "/api/memory");
  } catch (thrown) {
    if (!isNobodyThere(thrown, options)) throw thrown;
  }
  const runtime = await createRuntime(loadConfig(process.env), { childScript: engineChildPath(), keepSpare: false });
  try {
    return { ...encodeMemory(await runtime.memory()), server: null };
  } finally {
    await runtime.close();
  }
}

function show(memory: MemoryBody, options: ServerOptions & { watch?: boolean }): void {
  // Watched, each reading is one line, so that another program can follow.
  if (options.json) return options.watch ? void process.stdout.write(`${JSON.stringify(memory)}\n`) : printJson(memory);
  const { limit, use } = memory;
  process.stdout.write(
    `Budget ${bytes(memory.budget)} (${Math.round(memory.threshold * 100)} % of ${bytes(limit.bytes)}, bound by ${limit.bound})` +
      `, held ${bytes(use.used)}, page cache ${bytes(use.file)} (no pressure)\n\n`,
  );
  const rows = [
    ...memory.models.map((model) => ({ name: model.ids.join(", "), ...model })),
    ...(memory.server ? [{ name: "web server", state: "", ...memory.server }] : []),
    ...(memory.spare ? [{ name: "spare process", state: "warm", ...memory.spare }] : []),
  ];
  printTable([
    ["PROCESS", "STATE", "RESIDENT", "ANONYMOUS", "FILE-BACKED", "PEAK"],
    ...rows.map((row) => [row.name, row.state, ...[row.rss, row.anonymous, row.file, row.peak].map(bytes)]),
  ]);
  if (memory.gpu_problem) process.stdout.write(`\nGPU: ${memory.gpu_problem.message ?? memory.gpu_problem.code}\n`);
}
