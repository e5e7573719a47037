import type { LoadSettings } from "../../engine";
import type { GgufMetadata, GgufTensorInfo, ModelFileSummary } from "../../gguf";

/** Bytes a child holds in memory at its fullest: every sequence in use, one prompt as long as the context. */
export interface Footprint {
  weights: number;
  /** Keys and values of all contexts. llama.cpp fills them with zeros at once, so all of it is resident from the start. */
  kv: number;
  /** What one step of prefill writes to, in all contexts. */
  compute: number;
  adapters: number;
  /** Node, the libraries and the vocabulary: what a child holds beside the model. */
  process: number;
  /** The sum of the others. */
  total: number;
}

export interface ForecastInput {
  summary: ModelFileSummary;
  settings: LoadSettings;
  /** One for each adapter file; an adapter that several contexts use is loaded once. */
  adapters: readonly { fileBytes: number }[];
  /** The header's table of tensors. Without it the sizes of single layers are taken to be those of the summary. */
  tensors?: readonly GgufTensorInfo[] | undefined;
  /** The header's metadata: what names sliding windows and experts. Without it every layer attends to all of the context. */
  metadata?: GgufMetadata | undefined;
}
