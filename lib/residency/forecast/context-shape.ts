import type { LoadSettings } from "../../engine";
import type { ModelFileSummary } from "../../gguf";
import { pad, wholeNumber } from "./numbers";

/** What llama.cpp makes of the sizes it is asked for. In tokens. */
export interface ContextShape {
  contexts: number;
  sequences: number;
  /** Cells of one sequence. */
  cells: number;
  /** Tokens of the largest step. */
  batch: number;
}

/**
 * node-llama-cpp asks for `sequences` times the context and a batch of at least one token each (`LlamaContext`'s
 * constructor); llama.cpp then gives each sequence a multiple of 256 cells (`GGML_PAD(n_ctx_seq, 256)` in
 * llama-context.cpp) and a batch no larger than all cells.
 */
export function contextShape(settings: LoadSettings): ContextShape {
  const sequences = wholeNumber(settings.sequences, 1);
  const contextSize = wholeNumber(settings.contextSize, 1);
  const cells = pad(contextSize, 256);
  const asked = Math.min(wholeNumber(settings.batchSize, 1), contextSize * sequences);
  return { contexts: Math.max(1, settings.contexts.length), sequences, cells, batch: Math.max(asked, sequences) };
}

/**
 * node-llama-cpp leaves flash attention to llama.cpp, which has it on the CPU, except for these
 * (`GgufInsights.flashAttentionSupported`).
 */
export function hasFlashAttention(summary: ModelFileSummary): boolean {
  const without = ["grok", "gemma2"].includes(summary.architecture);
  return !without && summary.keyLength === summary.valueLength;
}
