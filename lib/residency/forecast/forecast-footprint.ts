import { computeBytes } from "./compute-buffer";
import { kvCacheBytes } from "./kv-cache";
import { wholeNumber } from "./numbers";
import type { Footprint, ForecastInput } from "./types";

const MIB = 1024 ** 2;

/**
 * What a child holds whatever it loads: Node 20 with our script, node-llama-cpp and llama.cpp's CPU library (51 MiB are
 * pages of their files), and what the first request adds to the heap. Measured as VmHWM less everything else below, on
 * Linux x64 with node-llama-cpp 3.22.1: 125 to 128 MiB after loading `tiny`, 2 MiB more after a request.
 */
export const PROCESS_BASE_BYTES = 127 * MIB;

/**
 * The vocabulary, which a child holds twice: in llama.cpp (text, score, map from text to id, merges) and as JS strings.
 * Measured as above on byte-pair vocabularies of 1,024 (`tiny`), 4,096, 24,576 and 32,000 tokens: 1.3 to 1.9 kB each. The
 * heap's garbage makes it vary: 12 loads of the 24,576 tokens spread over 22 MiB.
 */
export const VOCABULARY_BYTES_PER_TOKEN = 1640;

/**
 * Adapters cost more than their files: on `m135` 58 to 66 MiB for 44.3 MiB, on `b1_1` 17 MiB for 9.5 MiB, within the
 * spread of the vocabulary.
 */
const ADAPTER_COST = 1.35;

/** What an adapter's file of so many bytes takes once it is read. In bytes. */
export function adapterFootprint(fileBytes: number): number {
  return Math.ceil(wholeNumber(fileBytes) * ADAPTER_COST);
}

/**
 * Types that llama.cpp repacks on a CPU with AVX2 or with dot products on ARM
 * (`ggml_repack_get_optimal_repack_type` in repack.cpp). Repacked weights keep their size.
 */
const REPACKED_TYPES = ["Q4_0", "Q4_K", "Q2_K", "IQ4_NL", "MXFP4"];

/**
 * What a child will hold at its fullest, without mmap and on the CPU. Bytes, whole numbers, never negative, whatever the
 * header claims. With `gpu: "auto"` the figures are the same: what lies in the GPU's memory is then counted here too.
 *
 * Sources and measurements stand with the parts. Not counted: scoring, whose probabilities pass through the JS heap (on
 * `m135` 7 MiB for two words, 50 MiB after a sentence of 15; a measured peak has it); the states of recurrent layers, the
 * other files of a model in several parts, image and audio encoders.
 */
export function forecastFootprint(input: ForecastInput): Footprint {
  const vocabulary = wholeNumber(input.summary.vocabularySize) * VOCABULARY_BYTES_PER_TOKEN;
  const adapterFiles = input.adapters.reduce((sum, { fileBytes }) => sum + wholeNumber(fileBytes), 0);
  return sumFootprint({
    weights: weightBytes(input),
    kv: kvCacheBytes(input),
    compute: computeBytes(input),
    adapters: adapterFiles * ADAPTER_COST,
    process: PROCESS_BASE_BYTES + vocabulary,
  });
}

/** Parts with their sum; each part becomes a whole number within bounds. */
export function sumFootprint(parts: Omit<Footprint, "total">): Footprint {
  const [weights, kv, compute] = [wholeNumber(parts.weights), wholeNumber(parts.kv), wholeNumber(parts.compute)];
  const [adapters, process] = [wholeNumber(parts.adapters), wholeNumber(parts.process)];
  return { weights, kv, compute, adapters, process, total: weights + kv + compute + adapters + process };
}

/**
 * Tensors as they are stored. Models that use their embeddings for the output too have one tensor for both; llama.cpp
 * reads it a second time when the output is repacked, since the input rows cannot be (`TENSOR_DUPLICATED` in
 * llama-model-loader.cpp; measured: llama.cpp reports the same 72.3 MiB for
 * `m135` with and without output.weight).
 */
function weightBytes({ summary, tensors }: ForecastInput): number {
  if (tensors === undefined || tensors.length === 0) return wholeNumber(summary.fileBytes);
  const stored = tensors.reduce((sum, tensor) => sum + wholeNumber(tensor.bytes), 0);
  const embeddings = tensors.find(({ name }) => name === "token_embd.weight");
  const hasOutput = tensors.some(({ name }) => name === "output.weight");
  if (embeddings === undefined || hasOutput || !REPACKED_TYPES.includes(embeddings.type)) return stored;
  return stored + wholeNumber(embeddings.bytes);
}
