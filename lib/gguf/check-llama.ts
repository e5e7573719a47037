import type { MetadataView } from "./metadata-view";
import { printable } from "./read-metadata";
import type { GgufTensorInfo } from "./types";

/** Sizes in values; those of a block are one number for all, or one for each. */
export interface LlamaSizes {
  blockCount: number;
  embeddingLength: number;
  /** Null when the blocks have experts instead. */
  feedForwardLengths: number | number[] | null;
  headCounts: number | number[];
  headCountsKv: number | number[];
  keyLength: number;
  valueLength: number;
  vocabularySize: number;
}

/**
 * Checks that a model of architecture "llama" has every tensor its own sizes ask for, in the right shape. llama.cpp does
 * the same (`llama_model::load_tensors`), after a child has been started and memory reserved for it.
 *
 * @throws MemwellError `model_file_invalid`
 */
export function checkLlamaTensors(view: MetadataView, sizes: LlamaSizes): void {
  const tensors = new Map(view.header.tensors.map((tensor) => [tensor.name, tensor]));
  const { embeddingLength, vocabularySize, keyLength, valueLength } = sizes;
  const need = (name: string, shape: readonly (number | null)[]): void => expectShape(view, tensors, name, shape, true);
  const allow = (name: string, shape: readonly (number | null)[]): void =>
    expectShape(view, tensors, name, shape, false);

  for (const { name } of view.header.tensors) {
    if (!mayExist(name, sizes.blockCount)) view.refuse(`it has a tensor ${printable(name)}, which no such model has`);
  }
  need("token_embd.weight", [embeddingLength, vocabularySize]);
  need("output_norm.weight", [embeddingLength]);
  allow("output.weight", [embeddingLength, vocabularySize]);
  for (let block = 0; block < sizes.blockCount; block++) {
    const headCount = ofBlock(sizes.headCounts, block);
    const headCountKv = ofBlock(sizes.headCountsKv, block);
    if (headCount < 1 || headCountKv < 1 || headCount % headCountKv !== 0) {
      view.refuse(`its ${headCount} attention heads cannot share ${headCountKv} KV heads`);
    }
    const name = (part: string): string => `blk.${block}.${part}.weight`;
    need(name("attn_norm"), [embeddingLength]);
    // Newer converters may join the three.
    const joined = tensors.has(name("attn_qkv"));
    if (!joined) {
      need(name("attn_q"), [embeddingLength, headCount * keyLength]);
      need(name("attn_k"), [embeddingLength, headCountKv * keyLength]);
      need(name("attn_v"), [embeddingLength, headCountKv * valueLength]);
    }
    need(name("attn_output"), [headCount * valueLength, embeddingLength]);
    need(name("ffn_norm"), [embeddingLength]);
    if (sizes.feedForwardLengths === null) continue;
    const feedForwardLength = ofBlock(sizes.feedForwardLengths, block);
    need(name("ffn_gate"), [embeddingLength, feedForwardLength]);
    need(name("ffn_up"), [embeddingLength, feedForwardLength]);
    need(name("ffn_down"), [feedForwardLength, embeddingLength]);
  }
}

function ofBlock(counts: number | number[], block: number): number {
  return typeof counts === "number" ? counts : (counts[block] ?? 0);
}

const OUTSIDE_BLOCKS = [
  "token_embd.weight",
  "output_norm.weight",
  "output.weight",
  "output.bias",
  "rope_freqs.weight",
  "rope_factors_long.weight",
  "rope_factors_short.weight",
];

/** llama.cpp counts the tensors it has used and refuses a file with others. */
function mayExist(name: string, blockCount: number): boolean {
  const block = /^blk\.(\d+)\./.exec(name)?.[1];
  return block === undefined ? OUTSIDE_BLOCKS.includes(name) : Number(block) < blockCount;
}

function expectShape(
  view: MetadataView,
  tensors: Map<string, GgufTensorInfo>,
  name: string,
  shape: readonly (number | null)[],
  required: boolean,
): void {
  const tensor = tensors.get(name);
  if (tensor === undefined) {
    if (required) view.refuse(`the tensor ${name} is missing`);
    return;
  }
  // Trailing dimensions of 1 are the same shape.
  const found = [...tensor.shape];
  while (found.length > shape.length && found.at(-1) === 1) found.pop();
  if (found.length !== shape.length || shape.some((size, index) => size !== null && size !== found[index])) {
    view.refuse(`the tensor ${printable(name)} has the shape ${found.join(" x ")} instead of ${shape.join(" x ")}`);
  }
}
