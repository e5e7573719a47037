import { SeededRandom } from "./random";
import type { ResidualLayout } from "./residual-layout";
import { structuredRows } from "./structured-rows";
import type { SyntheticShape } from "./synthetic-shape";
import type { GgufTensorSource } from "./write";

/**
 * The first attention head of the first block looks at the last few tokens and adds up their codes, which the output
 * matrix reads as "not these again". Without it, a model of random weights says the same two words for ever at
 * temperature 0. What codes have in common by chance makes every logit depend on the last few tokens.
 *
 * It knows the distance from the rotary embedding (Su et al., https://arxiv.org/abs/2104.09864): when queries and keys
 * are the same constant for every token, their product is a sum of cosines of distance x frequency, largest at 0.
 */
const ROPE_BASE = 10000;
/** Faster pairs come round again within a few dozen tokens. */
const HIGHEST_FREQUENCY = 0.35;
/** Score of a token with itself, in nats: one 8 tokens back gets about an eighth of its weight. */
const SCORE = 13;
/** By how much the summed codes outweigh the last token's own. */
const CODE_GAIN = 9;

/** The four attention matrices of block 0, planned in their first head and random with the given gains elsewhere. */
export function firstAttention(
  shape: SyntheticShape,
  layout: ResidualLayout,
  gains: { query: number; value: number; output: number },
): GgufTensorSource[] {
  const width = shape.embeddingLength;
  const headLength = width / shape.headCount;
  const keyWidth = headLength * shape.headCountKv;
  const codes = layout.codeColumns.slice(0, headLength);
  const pairs = Array.from({ length: headLength / 2 }, (_, pair) => ROPE_BASE ** ((-2 * pair) / headLength));
  const slowPairs = pairs.filter((frequency) => frequency <= HIGHEST_FREQUENCY).length;
  // In the first norm a class direction has length sqrt(width / 2), and llama.cpp divides scores by sqrt(headLength).
  const constant = Math.sqrt(((SCORE / Math.max(1, slowPairs)) * Math.sqrt(headLength)) / (width / 2));

  // The other heads do not see classes, for the reason given at `blindNorm`.
  const hideClasses = (values: Float32Array): void => layout.classColumns.forEach((column) => (values[column] = 0));
  const position = (row: number, values: Float32Array): void => {
    if (row >= headLength) return hideClasses(values);
    values.fill(0);
    const slow = row % 2 === 0 && (pairs[row / 2] as number) <= HIGHEST_FREQUENCY;
    if (slow) for (const column of layout.classColumns) values[column] = constant;
  };
  const matrix = (part: string, rows: number, gain: number, setHead: (row: number, values: Float32Array) => void) => ({
    name: `blk.0.${part}.weight`,
    shape: [width, rows],
    type: layout.type,
    data: () =>
      structuredRows({
        type: layout.type,
        columns: width,
        rows,
        headColumns: width,
        deviation: gain / Math.sqrt(width),
        setHead,
        random: new SeededRandom(`blk.0.${part}.${shape.seed}`),
      }),
  });
  return [
    matrix("attn_q", width, gains.query, position),
    matrix("attn_k", keyWidth, gains.query, position),
    matrix("attn_v", keyWidth, gains.value, (row, values) => {
      if (row >= headLength) return hideClasses(values);
      values.fill(0);
      const column = codes[row];
      if (column !== undefined) values[column] = 1;
    }),
    matrix("attn_output", width, gains.output, (row, values) => {
      const code = codes.indexOf(row);
      if (code < 0) return;
      values.fill(0);
      values[code] = CODE_GAIN;
    }),
  ];
}
