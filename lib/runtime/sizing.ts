import type { Config } from "../config";
import type { ContextSettings } from "../engine";
import type { GgufModel } from "../gguf";
import { forecastModel } from "./model-forecast";
import { adaptersOf } from "./opened-model";

/** How quants are weighed: what one takes, in bytes, and what there is for it. */
export interface Sizing {
  /** Bytes of memory that one model may take alone. */
  memoryBytes: () => number;
  footprintOf: (path: string, model: GgufModel) => number;
}

/** Weighs models as they would be loaded with these contexts. */
export function sizingFor(config: Config, contexts: ContextSettings[], memoryBytes: () => number): Sizing {
  return {
    memoryBytes,
    footprintOf: (path, model) =>
      forecastModel({ config, path, contexts, adapters: adaptersOf(contexts), model }).forecast.total,
  };
}
