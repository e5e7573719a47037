import { writeFile } from "node:fs/promises";
import { getLlama, LlamaLogLevel } from "node-llama-cpp";
import { MemwellError, toMemwellError } from "../../errors";
import { PROTOCOL_VERSION, type Command } from "../protocol";
import type { GenerateRequest } from "../contract";
import { Channel } from "./channel";
import { Coalescer } from "./coalesce";
import { generate } from "./generate";
import { loadModel, type Host } from "./host";
import { closeContext, openContext } from "./open-contexts";
import { park } from "./park";
import { countPromptTokens } from "./prompt";
import { score } from "./score";
import { restoreState, saveState } from "./slot-states";
import type { TellStep } from "./state-shelf";

/**
 * The program of a child process: loads llama.cpp, says hello, loads one model and serves requests for it until its stdin
 * closes. It never outlives its parent, and leaves by exit, which returns every byte it held.
 */
// What a model has evaluated are people's words: files of a child are for who runs Memwell alone.
process.umask(0o077);
const running = new Map<number, AbortController>();
let host: Promise<Host> | null = null;

const channel = new Channel({
  onCommand: (command) => void serve(command),
  // SIGKILL to itself: an orderly exit would wait for native work that nobody needs any more.
  onClosed: () => process.kill(process.pid, "SIGKILL"),
});
process.on("SIGTERM", () => process.kill(process.pid, "SIGKILL"));
// Ctrl+C in a terminal reaches the whole process group; the parent decides when its children go.
process.on("SIGINT", () => {});

async function serve(command: Command): Promise<void> {
  if (command.type === "abort") return running.get(command.id)?.abort();
  const { id } = command;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const value = await answer(command, controller.signal);
    if (value !== undefined) channel.send({ type: "result", id, value });
  } catch (thrown) {
    const error = toMemwellError(thrown).toRecord();
    channel.send(
      command.type === "generate"
        ? { type: "event", id, event: { type: "failed", error } }
        : { type: "error", id, error },
    );
  } finally {
    running.delete(id);
  }
}

async function answer(command: Exclude<Command, { type: "abort" }>, signal: AbortSignal): Promise<unknown> {
  const { id } = command;
  switch (command.type) {
    case "load": {
      if (host !== null) throw new MemwellError("internal", "A child loads one model only.");
      host = loadModel(library, command.settings, (progress) => channel.send({ type: "progress", id, progress }));
      return (await host).info;
    }
    case "open-context":
      return openContext(await loadedHost(), command.context, (progress) =>
        channel.send({ type: "progress", id, progress }),
      );
    case "close-context":
      return closeContext(await loadedHost(), command.name, command.withinMs, signal);
    case "generate":
      return answerInEvents(id, command.request, signal);
    case "score":
      return score(await loadedHost(), command.request, signal);
    case "count":
      return { tokens: countPromptTokens(await loadedHost(), command.prompt) };
    case "save":
      return saveState(await loadedHost(), command.request, signal);
    case "park":
      return park(await loadedHost(), command.withinMs, signal);
    case "restore":
      return restoreState(await loadedHost(), command.request, signal);
  }
}

async function answerInEvents(id: number, request: GenerateRequest, signal: AbortSignal): Promise<void> {
  const events = new Coalescer((event) => channel.send({ type: "event", id, event }));
  try {
    const tell: TellStep = (step) => channel.send({ type: "step", id, step });
    await generate(await loadedHost(), request, signal, (event) => events.emit(event), tell);
  } finally {
    events.flush();
  }
}

async function loadedHost(): Promise<Host> {
  if (host === null) throw new MemwellError("internal", "No model was loaded in this child.");
  return host;
}

/** Under memory pressure the kernel should take a model, never the server that would explain it. Linux only. */
async function volunteerForTheKernel(): Promise<void> {
  await writeFile("/proc/self/oom_score_adj", "800").catch(() => {});
}

await volunteerForTheKernel();
const library = await getLlama({
  gpu: process.env["MEMWELL_CHILD_GPU"] === "auto" ? "auto" : false,
  build: "never",
  skipDownload: true,
  // 0: no shared limit. The number of threads belongs to the context, which is told at load.
  maxThreads: 0,
  progressLogs: false,
  logLevel: LlamaLogLevel.warn,
  logger: (level, message) => process.stderr.write(`[${level}] ${message.trimEnd()}\n`),
});
channel.send({ type: "hello", protocol: PROTOCOL_VERSION });
