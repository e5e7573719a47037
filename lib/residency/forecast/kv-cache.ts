import type { EngineKvType } from "../../engine";
import { contextShape } from "./context-shape";
import { layerSizes } from "./layers";
import { pad } from "./numbers";
import { slidingLayers, slidingWindow } from "./sliding-window";
import type { ForecastInput } from "./types";

/** Bytes of one value: a block's bytes over its values (ggml-common.h). */
export const KV_TYPES: Record<EngineKvType, number> = { F16: 2, Q8_0: 34 / 32, Q4_0: 18 / 32 };

/**
 * Keys and values of all contexts, in bytes: for every layer its key and value widths, times cells, times sequences, times
 * the bytes of a value (`llama_kv_cache` in llama-kv-cache.cpp). A layer with a sliding window has cells for the window
 * and one batch only, padded to 256 (`llama_kv_cache_iswa`); node-llama-cpp asks for one token more in such models.
 */
export function kvCacheBytes(input: ForecastInput): number {
  const { contexts, sequences, cells, batch } = contextShape(input.settings);
  const window = slidingWindow(input);
  const windowCells = window === null ? cells : Math.min(cells, pad(Math.min(cells, window + batch + 1), 256));
  const layers = layerSizes(input);
  const sliding = slidingLayers(input, layers.length);
  const values = layers.reduce((sum, { keyValues, valueValues }, layer) => {
    return sum + (keyValues + valueValues) * (sliding[layer] === true ? windowCells : cells);
  }, 0);
  return values * sequences * contexts * KV_TYPES[input.settings.kvType ?? "F16"];
}
