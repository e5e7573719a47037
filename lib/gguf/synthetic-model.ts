import { PLAIN_CHAT_TEMPLATE, THINKING_CHAT_TEMPLATE } from "./chat-template";
import { SeededRandom } from "./random";
import { randomTensor } from "./random-blocks";
import { firstAttention } from "./recency-head";
import { residualLayout, tokenSign } from "./residual-layout";
import type { ResidualLayout } from "./residual-layout";
import { structuredRows } from "./structured-rows";
import { FILE_TYPES, checkShape } from "./synthetic-shape";
import type { SyntheticShape } from "./synthetic-shape";
import { tokenBehaviour } from "./token-logits";
import type { GgufMetadata, GgufValue } from "./types";
import { buildVocabulary } from "./vocabulary";
import type { Vocabulary } from "./vocabulary";
import { writeGguf } from "./write";
import type { GgufTensorSource } from "./write";

/**
 * Models of random weights that real llama.cpp loads, chats and (when asked to) thinks with, made in a second.
 *
 * How nonsense stays readable: a token's embedding is random except for one direction that names the token's class
 * (`TOKEN_CLASSES`), as large as the whole random part. The blocks add random changes of moderate size, which depend on
 * the context. The output matrix reads the class direction as "what may follow this class" and the random part as
 * noise. So the class decides which tokens are possible, and context decides which of them come. One planned attention
 * head keeps it from repeating itself (recency-head.ts).
 */
const RESIDUAL_GROWTH = 0.6; // what all blocks add to the squared length, as a share of the embedding's random part
const LOGIT_NOISE = 0.6; // standard deviation of a logit over contexts, the recency head's part not counted
const REPEAT_PENALTY = 2; // by how much a token's logit falls for its own code in the residual stream
const QUERY_SHARPNESS = 1.6; // 1 would be the deviation that keeps queries and keys at length one per dimension

/**
 * Writes a synthetic model; the same shape always gives the same bytes.
 *
 * @param path where the file goes; it appears complete or not at all
 * @throws TypeError when the shape cannot work; a file system error when the file cannot be written
 */
export async function writeSyntheticModel(path: string, shape: SyntheticShape): Promise<void> {
  checkShape(shape);
  const vocabulary = buildVocabulary(shape.vocabularySize, shape.seed, shape.thinks === true);
  await writeGguf(path, { metadata: modelMetadata(shape, vocabulary), tensors: modelTensors(shape, vocabulary) });
}

function modelMetadata(shape: SyntheticShape, vocabulary: Vocabulary): GgufMetadata {
  const uint32 = (value: number): GgufValue => ({ type: "uint32", value });
  const string = (value: string): GgufValue => ({ type: "string", value });
  const float32 = (value: number): GgufValue => ({ type: "float32", value });
  const strings = (value: string[]): GgufValue => ({ type: "array", itemType: "string", value });
  return new Map<string, GgufValue>([
    ["general.architecture", string("llama")],
    ["general.type", string("model")],
    ["general.name", string(shape.name)],
    ["general.license", string(shape.license ?? "apache-2.0")],
    ["general.description", string(shape.description ?? "Random weights, for tests and demonstrations")],
    ...(shape.topics === undefined ? [] : [["memwell.topics", strings([...shape.topics])] as const]),
    ["general.file_type", uint32(FILE_TYPES[shape.quantization])],
    ["general.quantization_version", uint32(2)],
    ["llama.block_count", uint32(shape.blockCount)],
    ["llama.context_length", uint32(shape.contextLength)],
    ["llama.embedding_length", uint32(shape.embeddingLength)],
    ["llama.feed_forward_length", uint32(shape.feedForwardLength)],
    ["llama.attention.head_count", uint32(shape.headCount)],
    ["llama.attention.head_count_kv", uint32(shape.headCountKv)],
    ["llama.attention.layer_norm_rms_epsilon", float32(1e-5)],
    ["llama.rope.dimension_count", uint32(shape.embeddingLength / shape.headCount)],
    ["llama.rope.freq_base", float32(10000)],
    ["llama.vocab_size", uint32(shape.vocabularySize)],
    ["tokenizer.ggml.model", string("gpt2")],
    // Qwen2's splitting rule keeps two line breaks together, so that text read back gives the tokens it was made of.
    ["tokenizer.ggml.pre", string("qwen2")],
    ["tokenizer.ggml.tokens", strings(vocabulary.tokens)],
    ["tokenizer.ggml.token_type", { type: "array", itemType: "int32", value: vocabulary.types }],
    ["tokenizer.ggml.merges", strings(vocabulary.merges)],
    ["tokenizer.ggml.bos_token_id", uint32(vocabulary.endOfText)],
    ["tokenizer.ggml.eos_token_id", uint32(vocabulary.messageEnd)],
    ["tokenizer.ggml.padding_token_id", uint32(vocabulary.endOfText)],
    ["tokenizer.ggml.add_bos_token", { type: "bool", value: false }],
    ["tokenizer.chat_template", string(shape.thinks === true ? THINKING_CHAT_TEMPLATE : PLAIN_CHAT_TEMPLATE)],
  ]);
}

function modelTensors(shape: SyntheticShape, vocabulary: Vocabulary): GgufTensorSource[] {
  const width = shape.embeddingLength;
  const keyWidth = (width / shape.headCount) * shape.headCountKv;
  const matrix = (name: string, columns: number, rows: number, gain: number): GgufTensorSource => ({
    name,
    shape: [columns, rows],
    type: shape.quantization,
    data: () =>
      randomTensor(
        shape.quantization,
        columns * rows,
        gain / Math.sqrt(columns),
        new SeededRandom(`${name}.${shape.seed}`),
      ),
  });
  const norm = (name: string, weights = new Float32Array(width).fill(1)): GgufTensorSource => ({
    name,
    shape: [width],
    type: "F32",
    data: () => [new Uint8Array(weights.buffer)],
  });
  // Attention averages and a gated unit halves its input, hence the factors; together they give RESIDUAL_GROWTH.
  const blockGain = Math.sqrt(RESIDUAL_GROWTH / shape.blockCount);
  const layout = residualLayout(shape);
  const blind = blindNorm(width, layout);
  const [embeddings, output] = vocabularyTensors(shape, vocabulary, layout);
  const blocks = Array.from({ length: shape.blockCount }, (_, block) => {
    const name = (part: string): string => `blk.${block}.${part}.weight`;
    const attention =
      block === 0
        ? firstAttention(shape, layout, { query: QUERY_SHARPNESS, value: 1, output: blockGain })
        : [
            matrix(name("attn_q"), width, width, QUERY_SHARPNESS),
            matrix(name("attn_k"), width, keyWidth, QUERY_SHARPNESS),
            matrix(name("attn_v"), width, keyWidth, 1),
            matrix(name("attn_output"), width, width, blockGain),
          ];
    return [
      norm(name("attn_norm"), block === 0 ? undefined : blind),
      ...attention,
      norm(name("ffn_norm"), blind),
      matrix(name("ffn_gate"), width, shape.feedForwardLength, 1),
      matrix(name("ffn_up"), width, shape.feedForwardLength, 1),
      matrix(name("ffn_down"), shape.feedForwardLength, width, 2 * blockGain),
    ];
  });
  return [embeddings, output, norm("output_norm.weight"), ...blocks.flat()];
}

/**
 * Norm weights that hide the class directions from a block. All tokens of an answer have the same class; a block that saw
 * it would add the same vector every time, and with it the same bonus or penalty for each token of the vocabulary.
 */
function blindNorm(width: number, layout: ResidualLayout): Float32Array<ArrayBuffer> {
  const weights = new Float32Array(width).fill(Math.SQRT2); // the class is half of the squared length
  for (const column of layout.classColumns) weights[column] = 0;
  return weights;
}

/** token_embd and output: class directions and codes in a head of floats, random blocks behind it. */
function vocabularyTensors(
  shape: SyntheticShape,
  vocabulary: Vocabulary,
  layout: ResidualLayout,
): [GgufTensorSource, GgufTensorSource] {
  const width = shape.embeddingLength;
  const rows = vocabulary.tokens.length;
  const { type, headColumns, classColumns, codeColumns } = layout;
  const behaviour = tokenBehaviour(vocabulary);
  // In the last norm a class direction has this length: its square is `width`, out of a total of (2 + growth) x width.
  const lastNorm = 1 / Math.sqrt(2 + RESIDUAL_GROWTH);
  const classLength = Math.sqrt(width) * lastNorm;
  const noise = LOGIT_NOISE / (Math.sqrt(width * (1 + RESIDUAL_GROWTH)) * lastNorm);
  const penalty = REPEAT_PENALTY / (codeColumns.length * lastNorm);
  const tensor = (
    name: string,
    deviation: number,
    setHead: (token: number, head: Float32Array) => void,
  ): GgufTensorSource => ({
    name,
    shape: [width, rows],
    type,
    data: () => {
      const random = new SeededRandom(`${name}.${shape.seed}`);
      return structuredRows({ type, columns: width, rows, headColumns, deviation, setHead, random });
    },
  });
  return [
    tensor("token_embd.weight", 1, (token, head) => {
      classColumns.forEach((column, index) => {
        head[column] = behaviour.classes[token] === index ? Math.sqrt(width) : 0;
      });
      codeColumns.forEach((column, index) => (head[column] = tokenSign(token, index)));
    }),
    tensor("output.weight", noise, (token, head) => {
      behaviour.logits.forEach((logits, index) => {
        head[classColumns[index] as number] = (logits[token] as number) / classLength;
      });
      codeColumns.forEach((column, index) => (head[column] = -penalty * tokenSign(token, index)));
    }),
  ];
}
