import {
  LlamaText,
  resolveChatWrapper,
  type ChatWrapper,
  type Llama,
  type LlamaContext,
  type LlamaGrammar,
  type LlamaModel,
  type Token,
} from "node-llama-cpp";
import { MemwellError, messageOf } from "../../errors";
import type { EngineInfo, LoadProgress, LoadSettings } from "../contract";
import { ContextOpener, type HostedContext } from "./context-opener";
import { fingerprintFile, libraryVersion } from "./fingerprint";

/** The loaded model with its contexts: what every request in this child works on. */
export interface Host {
  library: Llama;
  model: LlamaModel;
  chatWrapper: ChatWrapper;
  thoughtTags: ThoughtTags | null;
  opener: ContextOpener;
  /** Those that are open. */
  contexts: Map<string, HostedContext>;
  grammars: Map<string, Promise<LlamaGrammar>>;
  info: EngineInfo;
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
  const opener = new ContextOpener({ library, model, settings, weights: await fingerprintFile(settings.modelPath) });
  const contexts = new Map<string, HostedContext>();
  for (const [index, context] of settings.contexts.entries()) {
    tell({ stage: "context", fraction: index / settings.contexts.length });
    contexts.set(context.name, await opener.open(context, tell));
  }
  tell({ stage: "context", fraction: 1 });
  const [first] = contexts.values();
  if (first === undefined) throw new MemwellError("internal", "A model needs at least one context.");
  return {
    library,
    model,
    chatWrapper,
    thoughtTags,
    opener,
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
    modelBytes: memoryUsage(model),
    contextBytes: contextBytesOf(contexts),
    loadMs: performance.now() - startedAt,
    libraryVersion: libraryVersion(library),
  };
}

/** Bytes of all open contexts, by llama.cpp's own account. */
export function contextBytesOf(contexts: ReadonlyMap<string, HostedContext>): number {
  return [...contexts.values()].reduce((sum, { context }) => sum + memoryUsage(context), 0);
}

function memoryUsage(holder: LlamaModel | LlamaContext): number {
  const { memoryUsage: usage } = holder as { memoryUsage?: { ram?: number; vram?: number } };
  return (usage?.ram ?? 0) + (usage?.vram ?? 0);
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

/** @throws MemwellError `internal` for a context that was never asked for at load. */
export function contextOf(host: Host, name: string | undefined): HostedContext {
  const found = name === undefined ? host.contexts.values().next().value : host.contexts.get(name);
  if (found === undefined)
    throw new MemwellError("internal", `No context "${name}" was loaded.`, { loaded: [...host.contexts.keys()] });
  return found;
}
