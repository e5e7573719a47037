import { contextShape, hasFlashAttention } from "./context-shape";
import { layerSizes } from "./layers";
import { wholeNumber } from "./numbers";
import type { ForecastInput } from "./types";

const FLOAT_BYTES = 4;
const HALF_BYTES = 2;
/** A row quantized to 8 bits before it is multiplied: 34 bytes for 32 values (`ggml_graph_plan`, MUL_MAT). */
const QUANTIZED_BYTES = 34 / 32;

/**
 * Bytes that the steps of all contexts write to. llama.cpp reserves a buffer for as many rows of logits as a batch has
 * tokens (`graph_reserve` with `n_outputs_pp`), 62 MiB for 512 tokens of a vocabulary of 32,000; but memory that nobody
 * wrote to is not resident, and an answer asks for logits of one token a sequence. (Scoring asks for a row for each token
 * of its answers, which are a few words; they are not counted.) So the parts are, per context:
 *
 * - per token of a batch, what is alive at once in the widest layer: three feed-forward rows (gate, up, product) or the
 *   attention's queries, keys, values and result, and four rows of embeddings (residual, norm, input, result). 3 F + 4 E
 *   floats are what llama.cpp reserves for `tiny`; the other fixtures, whose reserve is ruled by the logits, grow by as
 *   much when used;
 * - the mask, one half float for each token and cell; without flash attention instead a float, and one for each head;
 * - the widest row once more, quantized;
 * - the logits, copied into a buffer of their own (`output_reserve`): sequences x vocabulary floats, twice.
 */
export function computeBytes(input: ForecastInput): number {
  const { summary, settings } = input;
  const { contexts, sequences, cells, batch } = contextShape(settings);
  const width = wholeNumber(summary.embeddingLength);
  const layers = layerSizes(input);
  const rows = layers.map(({ feedForward, queryValues, keyValues, valueValues }) =>
    Math.max(3 * feedForward, 2 * queryValues + keyValues + valueValues),
  );
  const widestRow = Math.max(width, ...layers.map(({ feedForward }) => feedForward));
  const activations = batch * FLOAT_BYTES * (Math.max(0, ...rows) + 4 * width);
  const mask = hasFlashAttention(summary) ? HALF_BYTES : FLOAT_BYTES * (1 + wholeNumber(summary.headCount));
  const logits = 2 * sequences * wholeNumber(summary.vocabularySize) * FLOAT_BYTES;
  return contexts * (activations + batch * cells * mask + batch * widestRow * QUANTIZED_BYTES + logits);
}
