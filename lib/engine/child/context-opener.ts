import type { Llama, LlamaContext, LlamaContextOptions, LlamaModel } from "node-llama-cpp";
import { MemwellError, messageOf } from "../../errors";
import type { ContextSettings, LoadProgress, LoadSettings } from "../contract";
import { batchInSlotOrder } from "./batching";
import { fingerprintFile, hashText, libraryVersion } from "./fingerprint";
import { StepTurns } from "./native-context";
import { SlotPool } from "./slots";
import { StateShelf } from "./state-shelf";
import { StepBarrier } from "./step-barrier";
import { readRememberedThreads } from "./thread-tuner";
import { tuneThreads, type ContextThreads } from "./threads";

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

/** Makes the contexts of one model: at its load, and when another voice of it is first asked for. */
export class ContextOpener {
  readonly #turns = new StepTurns();
  /** By path: the library reads a file once, so that what replaced it later says nothing about what is in memory. */
  readonly #adapters = new Map<string, string>();

  constructor(
    private readonly parts: {
      library: Llama;
      model: LlamaModel;
      settings: LoadSettings;
      /** The fingerprint of the weights. */
      weights: string;
    },
  ) {}

  /** @throws MemwellError `adapter_invalid`, `model_unsupported` */
  async open({ name, adapter }: ContextSettings, tell: (progress: LoadProgress) => void): Promise<HostedContext> {
    const { library, model, settings } = this.parts;
    const context = await createContext(model, settings, adapter, tell);
    try {
      const fingerprint = await this.#fingerprint(adapter);
      const shelf =
        settings.keptStates === undefined
          ? null
          : await StateShelf.open(settings.keptStates, fingerprint, context.contextSize);
      const hosted: HostedContext = {
        name,
        context,
        slots: new SlotPool(context, model, settings.sequences, shelf),
        steps: new StepBarrier(),
        batchSize: context.batchSize,
        threads: chooseThreads(context, library, settings),
        shelf,
        fingerprint,
      };
      // Last: it goes around what the tuner has put there.
      if (library.gpu === false) this.#turns.add(context);
      return hosted;
    } catch (thrown) {
      await context.dispose();
      throw thrown;
    }
  }

  async #fingerprint(adapter: ContextSettings["adapter"]): Promise<string> {
    const { library, settings, weights } = this.parts;
    let ofAdapter = "none";
    if (adapter !== null) {
      const known = this.#adapters.get(adapter.path) ?? (await fingerprintFile(adapter.path));
      this.#adapters.set(adapter.path, known);
      ofAdapter = `${known}*${adapter.scale}`;
    }
    return hashText([weights, ofAdapter, settings.kvType ?? "F16", libraryVersion(library)].join("|"));
  }
}

async function createContext(
  model: LlamaModel,
  settings: LoadSettings,
  adapter: ContextSettings["adapter"],
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
