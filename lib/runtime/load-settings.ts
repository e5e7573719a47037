import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config";
import type { ContextSettings, LoadSettings } from "../engine";
import type { ModelFileSummary } from "../gguf";
import type { CpuLimit } from "../memory";
import { KV_TYPES } from "../residency";
import { isBuiltInFile } from "./built-in";

const AUTO_CONTEXT_SIZE = 4096;
const MAX_SEQUENCES = 4;
/** KV cache that several sequences may take together before their number is lowered. In bytes. */
const MAX_AUTO_KV_BYTES = 512 * 1024 ** 2;
/** Tokens of a prompt evaluated in one step: larger ones are no faster on a CPU, and cost buffers of their size. */
const BATCH_SIZE = 256;

/** What to ask a child to load, from the settings, the file's header and the machine. */
export function chooseLoadSettings(parts: {
  config: Config;
  modelPath: string;
  contexts: ContextSettings[];
  summary: ModelFileSummary;
  cpu: CpuLimit;
}): LoadSettings {
  const { config, modelPath, contexts, summary, cpu } = parts;
  const contextSize = chooseContextSize(config, modelPath, summary);
  return {
    modelPath,
    contexts,
    contextSize,
    sequences: chooseSequences(kvBytesPerToken(summary, config.kvType) * contextSize * contexts.length),
    batchSize: Math.min(BATCH_SIZE, contextSize),
    threads: config.threads === "auto" ? { max: Math.max(1, Math.floor(cpu.cores)), remembered: null } : config.threads,
    gpu: existsSync("/dev/nvidiactl") || process.platform === "darwin" ? "auto" : false,
    kvType: config.kvType,
    keptStates:
      config.kvDiskBudget === 0 ? undefined : { folder: join(config.dataDir, "states"), capBytes: config.kvDiskBudget },
  };
}

/** What the owner names is for models of his choice: a built-in one knows nothing beyond the context it was trained for. */
function chooseContextSize(config: Config, modelPath: string, { contextLength }: ModelFileSummary): number {
  if (config.contextSize === "auto") return Math.min(AUTO_CONTEXT_SIZE, contextLength);
  return isBuiltInFile(config, modelPath) ? Math.min(config.contextSize, contextLength) : config.contextSize;
}

/** Keys and values of one token in every layer: layers x KV heads x (key + value length) x bytes of a value. */
export function kvBytesPerToken(summary: ModelFileSummary, type: Config["kvType"] = "F16"): number {
  const values = summary.blockCount * summary.headCountKv * (summary.keyLength + summary.valueLength);
  return values * KV_TYPES[type];
}

function chooseSequences(bytesPerSequence: number): number {
  return Math.max(1, Math.min(MAX_SEQUENCES, Math.floor(MAX_AUTO_KV_BYTES / bytesPerSequence)));
}
