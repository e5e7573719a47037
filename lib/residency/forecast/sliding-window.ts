import { architectureNumber } from "./numbers";
import type { ForecastInput } from "./types";

/**
 * How many layers make one round in which all but one have a sliding window, where the header does not say it itself
 * (`load_swa_pattern` in llama.cpp's src/models). Architectures that are not listed, Phi-3 and Mistral among them, keep all
 * of the context in every layer, whatever window their header names; counting too much is then the safe side.
 */
const ROUNDS = new Map<string, { layers: number; fullFirst?: boolean }>([
  ["afmoe", { layers: 4 }],
  ["cohere2", { layers: 4 }],
  ["cohere2moe", { layers: 4, fullFirst: true }],
  ["exaone-moe", { layers: 4 }],
  ["exaone4", { layers: 4 }],
  ["gemma2", { layers: 2 }],
  ["gemma3", { layers: 6 }],
  ["gemma3n", { layers: 5 }],
  ["gpt-oss", { layers: 2 }],
  ["olmo2", { layers: 4 }],
  ["plamo3", { layers: 8 }],
  ["smallthinker", { layers: 4, fullFirst: true }],
]);

/** Architectures whose headers list the window of every layer. */
const LISTED = ["gemma4", "granite_swa", "mimo2", "step35"];

/** Tokens that a layer with a sliding window looks back; null when no layer has one. */
export function slidingWindow(input: ForecastInput): number | null {
  const { architecture } = input.summary;
  if (!ROUNDS.has(architecture) && !LISTED.includes(architecture)) return null;
  const window = architectureNumber(input.summary, input.metadata, "attention.sliding_window");
  return window !== null && window >= 1 ? window : null;
}

/** Which of the layers have the window. */
export function slidingLayers(input: ForecastInput, count: number): boolean[] {
  const none = Array.from({ length: count }, () => false);
  if (slidingWindow(input) === null) return none;
  const pattern = input.metadata?.get(`${input.summary.architecture}.attention.sliding_window_pattern`);
  if (pattern?.type === "array") return none.map((_, layer) => Boolean(Number(pattern.value[layer] ?? 0)));
  const round = ROUNDS.get(input.summary.architecture);
  const layers = typeof pattern?.value === "number" ? pattern.value : round?.layers;
  if (layers === undefined || !(layers >= 0)) return none;
  // `llama_hparams::set_swa_pattern`: 0 stands for a window in every layer.
  if (layers === 0) return none.map(() => true);
  return none.map((_, layer) => layer % layers !== (round?.fullFirst === true ? 0 : layers - 1));
}
