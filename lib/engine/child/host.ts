import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import {
  LlamaText,
  resolveChatWrapper,
  type ChatWrapper,
  type Llama,
  type LlamaContext,
  type LlamaContextOptions,
  type LlamaGrammar,
  type LlamaModel,
  type Token,
} from "node-llama-cpp";
import { MemwellError, messageOf } from "../../errors";
import type { EngineInfo, LoadProgress, LoadSettings } from "../contract";
import { batchInSlotOrder } from "./batching";
import { stepInTurn } from "./native-context";
import { SlotPool } from "./slots";
import { StateShelf } from "./state-shelf";
import { StepBarrier } from "./step-barrier";
import { readRememberedThreads } from "./thread-tuner";
import { tuneThreads, type ContextThreads } from "./threads";

/** The loaded model with its contexts: what every request in this child works on. */
export interface Host {
  library: Llama;
  model: LlamaModel;
  chatWrapper: ChatWrapper;
  thoughtTags: ThoughtTags | null;
  contexts: Map<string, HostedContext>;
  grammars: Map<string, Promise<LlamaGrammar>>;
  info: EngineInfo;
}

export interface HostedContext {
  name: string;
  context: LlamaContext;
  slots: SlotPool;
  steps: StepBarrier;
  batchSize: number;
  threads: ContextThreads;
  /** What this context's sequences held before, on disk; null when nothing is kept. */
  shelf: StateShelf | null;
  /** Identifies weights, adapter, cache type and library: a saved state is valid only where all are the same. */
  fingerprint: string;
}

/** What opens and closes a thought in the model's own format, as plain text and as the model is told it. */
export interface ThoughtTags {
  open: string;
  close: string;
  /** The tags that are one token each; such a token is a tag wherever it comes. */
  tokens: Set<Token>;
  openText: LlamaText | null;
  closeText: LlamaText;
  /** Who opens it: the chat template by itself, whoever writes the prompt, or the model as its first words. */
  start: "template" | "prompt" | "model";
}

/** @throws MemwellError `model_unsupported` when llama.cpp refuses the file, `adapter_invalid` when it refuses a LoRA. */
export async function loadModel(
  library: Llama,
  settings: LoadSettings,
  tell: (progress: LoadProgress) => void,
): Promise<Host> {
  const startedAt = performance.now();
  const model = await loadWeights(library, settings, tell);
  const chatWrapper = resolveChatWrapper(model, { warningLogs: false });
  const thoughtTags = findThoughtTags(model, chatWrapper);
  const weightsFingerprint = await fingerprintFile(settings.modelPath);
  const contexts = new Map<string, HostedContext>();
  for (const [index, contextSettings] of settings.contexts.entries()) {
    const { name, adapter } = contextSettings;
    tell({ stage: "context", fraction: index / settings.contexts.length });
    const context = await createContext(model, settings, adapter, tell);
    const adapterFingerprint = adapter === null ? "none" : `${await fingerprintFile(adapter.path)}*${adapter.scale}`;
    const kvType = settings.kvType ?? "F16";
    const fingerprint = hashText([weightsFingerprint, adapterFingerprint, kvType, libraryVersion(library)].join("|"));
    const shelf =
      settings.keptStates === undefined
        ? null
        : await StateShelf.open(settings.keptStates, fingerprint, context.contextSize);
    contexts.set(name, {
      name,
      context,
      slots: new SlotPool(context, model, settings.sequences, shelf),
      steps: new StepBarrier(),
      batchSize: context.batchSize,
      threads: chooseThreads(context, library, settings),
      shelf,
      fingerprint,
    });
  }
  if (library.gpu === false) stepInTurn([...contexts.values()].map(({ context }) => context));
  tell({ stage: "context", fraction: 1 });
  const [first] = contexts.values();
  if (first === undefined) throw new MemwellError("internal", "A model needs at least one context.");
  return {
    library,
    model,
    chatWrapper,
    thoughtTags,
    contexts,
    grammars: new Map(),
    info: describe({ library, model, settings, context: first.context, contexts, thoughtTags, startedAt }),
  };
}

async function loadWeights(
  library: Llama,
  settings: LoadSettings,
  tell: (progress: LoadProgress) => void,
): Promise<LlamaModel> {
  const onGpu = settings.gpu === "auto" && library.gpu !== false;
  try {
    return await library.loadModel({
      modelPath: settings.modelPath,
      gpuLayers: onGpu ? "auto" : 0,
      // On the CPU llama.cpp repacks the weights: a mapping would keep both copies in memory.
      useMmap: onGpu ? "auto" : false,
      // The library looks at the host's memory, not at this container's limit; admission is decided by the parent.
      ignoreMemorySafetyChecks: !onGpu,
      onLoadProgress: (fraction) => tell({ stage: "model", fraction }),
    });
  } catch (cause) {
    throw new MemwellError(
      "model_unsupported",
      `llama.cpp could not load ${settings.modelPath}: ${messageOf(cause)}. Check that the file is a complete GGUF of an ` +
        `architecture that llama.cpp knows, or choose another one.`,
      { path: settings.modelPath },
      { cause },
    );
  }
}

async function createContext(
  model: LlamaModel,
  settings: LoadSettings,
  adapter: { path: string; scale: number } | null,
  tell: (progress: LoadProgress) => void,
): Promise<LlamaContext> {
  try {
    return await model.createContext({
      contextSize: settings.contextSize,
      sequences: settings.sequences,
      batchSize: Math.min(settings.batchSize, settings.contextSize * settings.sequences),
      threads: { ideal: firstThreads(settings), min: firstThreads(settings) },
      batching: { itemPrioritizationStrategy: batchInSlotOrder },
      ignoreMemorySafetyChecks: true,
      failedCreationRemedy: false,
      ...cacheType(settings),
      ...(adapter === null
        ? {}
        : {
            lora: {
              adapters: [{ filePath: adapter.path, scale: adapter.scale }],
              onLoadProgress: (fraction: number) => tell({ stage: "adapter", fraction }),
            },
          }),
    });
  } catch (cause) {
    if (adapter !== null)
      throw new MemwellError(
        "adapter_invalid",
        `llama.cpp could not use the adapter ${adapter.path} on ${settings.modelPath}: ${messageOf(cause)}. A LoRA fits only ` +
          `the base model it was trained on.`,
        { path: adapter.path, modelPath: settings.modelPath },
        { cause },
      );
    throw new MemwellError(
      "model_unsupported",
      `llama.cpp could not create a context of ${settings.contextSize} tokens for ${settings.modelPath}: ` +
        `${messageOf(cause)}. Set MEMWELL_CONTEXT_SIZE to a smaller number.`,
      { path: settings.modelPath, contextSize: settings.contextSize, sequences: settings.sequences },
      { cause },
    );
  }
}

function firstThreads({ threads }: LoadSettings): number {
  return typeof threads === "number" ? threads : (threads.remembered?.decode ?? 1);
}

function chooseThreads(context: LlamaContext, library: Llama, { threads, sequences }: LoadSettings): ContextThreads {
  const auto = typeof threads === "number" ? { max: threads, remembered: null } : threads;
  return tuneThreads(context, {
    threads: typeof threads === "number" ? threads : "auto",
    max: auto.max,
    sequences,
    remembered: readRememberedThreads(auto.remembered, auto.max),
    gpu: library.gpu !== false,
  });
}

/** llama.cpp quantizes values only where it uses flash attention. */
function cacheType({ kvType }: LoadSettings): Partial<LlamaContextOptions> {
  if (kvType === undefined || kvType === "F16") return {};
  return { experimentalKvCacheKeyType: kvType, experimentalKvCacheValueType: kvType, flashAttention: true };
}

function describe(parts: {
  library: Llama;
  model: LlamaModel;
  settings: LoadSettings;
  context: LlamaContext;
  contexts: Map<string, HostedContext>;
  thoughtTags: ThoughtTags | null;
  startedAt: number;
}): EngineInfo {
  const { library, model, settings, context, contexts, thoughtTags, startedAt } = parts;
  const general = model.fileInfo.metadata.general;
  const total = (usage: { ram?: number; vram?: number } | undefined): number => (usage?.ram ?? 0) + (usage?.vram ?? 0);
  return {
    pid: process.pid,
    architecture: String(general.architecture),
    name: typeof general.name === "string" ? general.name : null,
    parameters: model.fileInfo.totalTensorCount === undefined ? 0 : countParameters(model),
    fileBytes: model.size,
    contextSize: context.contextSize,
    trainContextSize: model.trainContextSize,
    sequences: settings.sequences,
    vocabularySize: model.fileInfo.metadata.tokenizer?.ggml?.tokens?.length ?? 0,
    threads: typeof settings.threads === "number" ? settings.threads : "auto",
    gpu: library.gpu,
    thinks: thoughtTags !== null,
    modelBytes: total(memoryUsage(model)),
    contextBytes: [...contexts.values()].reduce((sum, hosted) => sum + total(memoryUsage(hosted.context)), 0),
    loadMs: performance.now() - startedAt,
    libraryVersion: libraryVersion(library),
  };
}

function memoryUsage(holder: LlamaModel | LlamaContext): { ram?: number; vram?: number } | undefined {
  return (holder as { memoryUsage?: { ram?: number; vram?: number } }).memoryUsage;
}

function countParameters(model: LlamaModel): number {
  const tensors = model.fileInfo.fullTensorInfo ?? [];
  return tensors.reduce(
    (sum, tensor) => sum + tensor.dimensions.reduce<number>((product, size) => product * Number(size), 1),
    0,
  );
}

function findThoughtTags(model: LlamaModel, chatWrapper: ChatWrapper): ThoughtTags | null {
  const thought = chatWrapper.settings.segments?.thought;
  if (thought?.suffix === undefined) return null;
  const { prefix } = thought;
  const openedByTemplate = typeof prefix === "object" && !LlamaText.isLlamaText(prefix);
  const openText = openedByTemplate ? null : LlamaText(prefix);
  const closeText = LlamaText(thought.suffix);
  const open = openText?.toString().trim() ?? "";
  const close = closeText.toString().trim();
  const single = [open, close].map((tag) => model.tokenize(tag, true)).filter((tokens) => tokens.length === 1);
  return {
    open,
    close,
    tokens: new Set(single.flat()),
    openText,
    closeText,
    start: openedByTemplate ? "template" : thought.openOnResponseStart === true ? "prompt" : "model",
  };
}

function libraryVersion(library: Llama): string {
  return `${library.llamaCppRelease.repo}@${library.llamaCppRelease.release}`;
}

/**
 * Size, time of change, and blocks from all over a file: costs little on a file of gigabytes, and another model is another
 * fingerprint even where a fine-tune has the size and the header of what it came from.
 */
async function fingerprintFile(path: string): Promise<string> {
  const blockBytes = 64 * 1024;
  const blocks = 64;
  const file = await open(path);
  try {
    const { size, mtimeMs } = await file.stat();
    const hash = createHash("sha256").update(`${size}|${mtimeMs}`);
    for (let index = 0; index < blocks; index++) {
      const position = Math.floor((Math.max(0, size - blockBytes) * index) / (blocks - 1));
      const { buffer, bytesRead } = await file.read(Buffer.alloc(blockBytes), 0, blockBytes, position);
      hash.update(buffer.subarray(0, bytesRead));
    }
    return hash.digest("hex");
  } finally {
    await file.close();
  }
}

function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** @throws MemwellError `internal` for a context that was never asked for at load. */
export function contextOf(host: Host, name: string | undefined): HostedContext {
  const found = name === undefined ? host.contexts.values().next().value : host.contexts.get(name);
  if (found === undefined)
    throw new MemwellError("internal", `No context "${name}" was loaded.`, { loaded: [...host.contexts.keys()] });
  return found;
}
