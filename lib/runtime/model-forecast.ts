import type { Config } from "../config";
import type { ContextSettings, LoadSettings } from "../engine";
import type { GgufModel } from "../gguf";
import { readCpuLimit } from "../memory";
import { forecastFootprint, type Footprint } from "../residency";
import { chooseLoadSettings } from "./load-settings";

/** How a model would be loaded with the settings of `config`, and what that would take. In bytes. */
export function forecastModel(parts: {
  config: Config;
  path: string;
  contexts: ContextSettings[];
  adapters: { fileBytes: number }[];
  model: GgufModel;
}): { settings: LoadSettings; forecast: Footprint } {
  const { config, path, contexts, adapters, model } = parts;
  const { summary, metadata, tensors } = model;
  const settings = chooseLoadSettings({ config, modelPath: path, contexts, summary, cpu: readCpuLimit() });
  return { settings, forecast: forecastFootprint({ summary, settings, adapters, metadata, tensors }) };
}
