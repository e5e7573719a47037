import type { GgufMetadata, ModelFileSummary } from "../../gguf";

/** Larger than any machine, and small enough that sums of it are exact. 2^50 bytes. */
const MOST_BYTES = 2 ** 50;

/** `value` as a whole number of at least `least`, whatever a header or a caller claims: NaN and negatives become `least`. */
export function wholeNumber(value: number | undefined, least = 0): number {
  if (value === undefined || !(value > least)) return least;
  return Math.min(Math.ceil(value), MOST_BYTES);
}

export function pad(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}

/** A number of the model's own architecture ("llama.expert_used_count"); null when missing or no number. */
export function architectureNumber(
  summary: ModelFileSummary,
  metadata: GgufMetadata | undefined,
  name: string,
): number | null {
  const entry = metadata?.get(`${summary.architecture}.${name}`);
  return typeof entry?.value === "number" && Number.isFinite(entry.value) ? entry.value : null;
}
