import type { GgufTensorInfo } from "../../gguf";
import { architectureNumber, wholeNumber } from "./numbers";
import type { ForecastInput } from "./types";

/** What one layer keeps of each token, and how wide it computes. In values. */
export interface LayerSizes {
  keyValues: number;
  valueValues: number;
  queryValues: number;
  feedForward: number;
}

/** llama.cpp's LLAMA_MAX_LAYERS; a file that claims more is refused before anyone forecasts it. */
const MAX_LAYERS = 512;

/** The widest feed-forward layer of any known model is 8 times its embeddings (Gemma 2B). */
const MOST_FEED_FORWARD_RATIO = 8;

/**
 * The layers of a model. The rows of a projection say how many values it makes, so that models whose layers have
 * different numbers of heads (`head_count_kv` as an array), or none at all, need no table of architectures. Layers that
 * cannot be read so have the sizes of the summary, which are those of the largest layer.
 */
export function layerSizes(input: ForecastInput): LayerSizes[] {
  const { summary, tensors, metadata } = input;
  const count = Math.min(wholeNumber(summary.blockCount), MAX_LAYERS);
  const headCountKv = wholeNumber(summary.headCountKv);
  const largest: LayerSizes = {
    keyValues: headCountKv * wholeNumber(summary.keyLength),
    valueValues: headCountKv * wholeNumber(summary.valueLength),
    queryValues: wholeNumber(summary.headCount) * wholeNumber(summary.keyLength),
    feedForward: guessFeedForward(input),
  };
  const rows = tensors === undefined ? null : rowsByLayer(tensors);
  if (rows === null || rows.size === 0) return Array.from({ length: count }, () => largest);
  const experts = Math.max(1, architectureNumber(summary, metadata, "expert_used_count") ?? 1);
  // The last layers of Gemma 4 use the keys and values of earlier ones; in no other architecture does the key count.
  const sharing = summary.architecture === "gemma4" ? "attention.shared_kv_layers" : "";
  const shared = count - wholeNumber(architectureNumber(summary, metadata, sharing) ?? 0);
  return Array.from({ length: count }, (_, layer) => {
    const sizes = readLayer(rows.get(layer) ?? new Map<string, number>(), largest, experts);
    return layer < shared ? sizes : { ...sizes, keyValues: 0, valueValues: 0 };
  });
}

function readLayer(rows: Map<string, number>, largest: LayerSizes, experts: number): LayerSizes {
  const dense = Math.max(rows.get("ffn_up") ?? 0, rows.get("ffn_gate") ?? 0);
  const mixed = experts * Math.max(rows.get("ffn_up_exps") ?? 0, rows.get("ffn_gate_exps") ?? 0);
  const feedForward = Math.max(dense, mixed + (rows.get("ffn_up_shexp") ?? 0)) || largest.feedForward;
  const key = rows.get("attn_k");
  if (key !== undefined) {
    // Without a projection of their own the values are the keys.
    const valueValues = rows.get("attn_v") ?? key;
    return { keyValues: key, valueValues, queryValues: rows.get("attn_q") ?? largest.queryValues, feedForward };
  }
  const latent = rows.get("attn_kv_a_mqa");
  // Multi-head latent attention keeps one compressed key for all heads and no values (`is_mla` in llama-kv-cache.cpp).
  if (latent !== undefined && rows.has("attn_k_b"))
    return { keyValues: latent, valueValues: 0, queryValues: largest.queryValues, feedForward };
  // A joined projection has the sizes of the header; a layer with none is recurrent, and keeps nothing per token.
  if (rows.has("attn_qkv") || latent !== undefined) return { ...largest, feedForward };
  return { keyValues: 0, valueValues: 0, queryValues: 0, feedForward };
}

function rowsByLayer(tensors: readonly GgufTensorInfo[]): Map<number, Map<string, number>> {
  const layers = new Map<number, Map<string, number>>();
  for (const { name, shape } of tensors) {
    const [, layer, part] = /^blk\.(\d+)\.(\w+)\.weight$/.exec(name) ?? [];
    if (layer === undefined || part === undefined) continue;
    const rows = layers.get(Number(layer)) ?? new Map<string, number>();
    rows.set(part, wholeNumber(shape[1]));
    layers.set(Number(layer), rows);
  }
  return layers;
}

/** The width that explains the number of parameters: each layer has three such matrices beside its attention. */
function guessFeedForward({ summary }: ForecastInput): number {
  const width = wholeNumber(summary.embeddingLength, 1);
  const layers = wholeNumber(summary.blockCount, 1);
  const query = wholeNumber(summary.headCount) * wholeNumber(summary.keyLength);
  const keyValue =
    wholeNumber(summary.headCountKv) * (wholeNumber(summary.keyLength) + wholeNumber(summary.valueLength));
  const inLayers = wholeNumber(summary.parameters) - width * wholeNumber(summary.vocabularySize);
  const guess = (inLayers / layers / width - 2 * query - keyValue) / 3;
  return Math.min(wholeNumber(guess, width), MOST_FEED_FORWARD_RATIO * width);
}
