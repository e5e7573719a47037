import { existsSync } from "node:fs";
import type { Config } from "../config";
import type { ContextSettings, LoadSettings } from "../engine";
import type { ModelFileSummary } from "../gguf";
import type { CpuLimit } from "../memory";

const AUTO_CONTEXT_SIZE = 4096;
const MAX_SEQUENCES = 4;
/** KV cache that several sequences may take together before their number is lowered. In bytes. */
const MAX_AUTO_KV_BYTES = 512 * 1024 ** 2;
/** Below this, one thread decodes faster than two that wait for each other at every layer. */
const SINGLE_THREAD_PARAMETERS = 250e6;
/** Tokens of a prompt evaluated in one step: larger ones are no faster on a CPU, and cost buffers of their size. */
const BATCH_SIZE = 256;
const BYTES_PER_KV_VALUE = 2;

/** What to ask a child to load, from the settings, the file's header and the machine. */
export function chooseLoadSettings(parts: {
  config: Config;
  modelPath: string;
  contexts: ContextSettings[];
  summary: ModelFileSummary;
  cpu: CpuLimit;
}): LoadSettings {
  const { config, modelPath, contexts, summary, cpu } = parts;
  const contextSize =
    config.contextSize === "auto" ? Math.min(AUTO_CONTEXT_SIZE, summary.contextLength) : config.contextSize;
  return {
    modelPath,
    contexts,
    contextSize,
    sequences: chooseSequences(kvBytesPerToken(summary) * contextSize * contexts.length),
    batchSize: Math.min(BATCH_SIZE, contextSize),
    threads: config.threads === "auto" ? chooseThreads(summary.parameters, cpu) : config.threads,
    gpu: existsSync("/dev/nvidiactl") || process.platform === "darwin" ? "auto" : false,
  };
}

/** Keys and values of one token in every layer, as 16-bit numbers: layers x KV heads x (key + value length) x 2 bytes. */
export function kvBytesPerToken(summary: ModelFileSummary): number {
  return summary.blockCount * summary.headCountKv * (summary.keyLength + summary.valueLength) * BYTES_PER_KV_VALUE;
}

function chooseSequences(bytesPerSequence: number): number {
  return Math.max(1, Math.min(MAX_SEQUENCES, Math.floor(MAX_AUTO_KV_BYTES / bytesPerSequence)));
}

function chooseThreads(parameters: number, cpu: CpuLimit): number {
  return parameters < SINGLE_THREAD_PARAMETERS ? 1 : Math.max(1, Math.floor(cpu.cores));
}
