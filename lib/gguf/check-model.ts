import { checkAssertedKeys } from "./check-experts";
import { checkLlamaTensors } from "./check-llama";
import { checkTokenizer } from "./check-tokenizer";
import { MetadataView } from "./metadata-view";
import { readGgufHeader } from "./read-header";
import type { GgufHeader, GgufTensorInfo, TensorType } from "./types";

/** What a model file says about itself. Sizes in bytes, tokens and values. */
export interface ModelFileSummary {
  architecture: string;
  name: string | null;
  /** Values in all tensors. */
  parameters: number;
  fileBytes: number;
  /** The type most values have: "Q4_0". */
  quantization: TensorType;
  contextLength: number;
  blockCount: number;
  embeddingLength: number;
  headCount: number;
  /** 0 when no block has attention. */
  headCountKv: number;
  /** Values of one key and of one value of one KV head. */
  keyLength: number;
  valueLength: number;
  vocabularySize: number;
  chatTemplate: string | null;
  /** Whether the chat template knows thoughts. */
  thinks: boolean;
}

/** llama.cpp's LLAMA_MAX_LAYERS. */
const MAX_BLOCKS = 512;
const BOUNDS = {
  any: { least: 0, most: 2 ** 32 },
  blocks: { least: 1, most: MAX_BLOCKS },
  context: { least: 1, most: 2 ** 30 },
  width: { least: 1, most: 2 ** 20 },
  // 0 heads: a block without attention in a mixed model.
  heads: { least: 0, most: 65536 },
} as const;

/** How thoughts are marked, in the templates of the models that have them. */
const THOUGHT_MARKS = [
  ["<think>", "</think>"],
  ["<thought>", "</thought>"],
  ["[THINK]", "[/THINK]"],
  ["<|START_THINKING|>", "<|END_THINKING|>"],
  ["<|begin_of_thought|>", "<|end_of_thought|>"],
] as const;

/**
 * Reads a model's header and checks what would make llama.cpp refuse the file, abort the process or answer nonsense. For
 * the architecture "llama" every size and tensor is checked; of others only what all have in common. Of a model in several
 * files only the first is read; see `readModel`.
 *
 * @throws MemwellError `model_file_missing` or `model_file_invalid`, see `readGgufHeader`
 */
export async function checkModelFile(path: string): Promise<ModelFileSummary> {
  return checkModelHeader(path, await readGgufHeader(path));
}

/** The same of a header that has been read. `name`: of the file, for errors. */
export function checkModelHeader(name: string, header: GgufHeader): ModelFileSummary {
  const view = new MetadataView(name, header);
  const architecture = view.requiredText("general.architecture");
  checkKind(view, architecture);
  const vocabularySize = checkTokenizer(view);
  const sizes = readSizes(view, architecture);
  const experts = checkAssertedKeys(view, architecture, sizes.blockCount);
  if (architecture === "llama") checkLlama(view, sizes, vocabularySize, experts);
  else checkEmbeddings(view, sizes.embeddingLength, vocabularySize);
  const chatTemplate = view.text("tokenizer.chat_template");
  return {
    architecture,
    name: view.text("general.name"),
    fileBytes: view.header.fileBytes,
    ...tensorFacts(view.header.tensors),
    ...sizes,
    vocabularySize,
    chatTemplate,
    thinks: THOUGHT_MARKS.some(([open, close]) => chatTemplate?.includes(open) && chatTemplate.includes(close)),
  };
}

function checkKind(view: MetadataView, architecture: string): void {
  const type = view.text("general.type");
  // llama.cpp reads these two before anything else, and wants them as uint32.
  for (const key of ["general.file_type", "general.quantization_version"]) view.count(key, BOUNDS.any);
  if (type === "adapter") view.refuse("it is an adapter, which needs a base model: name it as an adapter");
  if (type === "mmproj" || architecture === "clip")
    view.refuse("it is the image part of a model, not a language model");
  if (type === "imatrix") view.refuse("it is an importance matrix, not a model");
  if (view.header.tensors.length === 0 && !isSplit(view)) view.refuse("it has no weights, only a vocabulary");
}

/** Whether the other tensors are in files beside this one ("-00001-of-00003.gguf"); llama.cpp finds and checks them. */
function isSplit(view: MetadataView): boolean {
  const count = splitNumber(view, "split.count");
  if (count < 2) return false;
  if (!view.header.metadata.has("split.no")) view.refuse("split.no is missing");
  const part = splitNumber(view, "split.no") + 1;
  if (part !== 1) view.refuse(`it is part ${part} of ${count}: name the first part instead`);
  return true;
}

function splitNumber(view: MetadataView, key: string): number {
  const entry = view.header.metadata.get(key);
  if (entry === undefined) return 0;
  if (entry.type !== "uint16") return view.refuse(`${key} is a ${entry.type} instead of a uint16`);
  return entry.value;
}

type Sizes = Pick<
  ModelFileSummary,
  "contextLength" | "blockCount" | "embeddingLength" | "headCount" | "headCountKv" | "keyLength" | "valueLength"
>;

function readSizes(view: MetadataView, architecture: string): Sizes {
  const key = (name: string): string => `${architecture}.${name}`;
  const contextLength = view.requiredCount(key("context_length"), BOUNDS.context);
  const embeddingLength = view.requiredCount(key("embedding_length"), BOUNDS.width);
  const blockCount = view.requiredCount(key("block_count"), BOUNDS.blocks);
  const heads = view.countOrCounts(key("attention.head_count"), blockCount, BOUNDS.heads);
  const headsKv = view.countOrCounts(key("attention.head_count_kv"), blockCount, BOUNDS.heads) ?? heads;
  const headCount = Math.max(1, largest(heads));
  const headLength = embeddingLength / headCount;
  return {
    contextLength,
    blockCount,
    embeddingLength,
    headCount,
    headCountKv: largest(headsKv),
    keyLength: view.count(key("attention.key_length"), BOUNDS.width) ?? headLength,
    valueLength: view.count(key("attention.value_length"), BOUNDS.width) ?? headLength,
  };
}

function largest(counts: number | number[] | null): number {
  if (typeof counts === "number") return counts;
  return counts?.reduce((most, count) => Math.max(most, count), 0) ?? 0;
}

function checkLlama(view: MetadataView, sizes: Sizes, vocabularySize: number, experts: number): void {
  const key = (name: string): string => `llama.${name}`;
  const { blockCount, embeddingLength, headCount, keyLength, valueLength } = sizes;
  const atLeastOne = { ...BOUNDS.heads, least: 1 };
  const headCounts = view.countOrCounts(key("attention.head_count"), blockCount, atLeastOne);
  if (headCounts === null) view.refuse("llama.attention.head_count is missing");
  const headCountsKv = view.countOrCounts(key("attention.head_count_kv"), blockCount, atLeastOne) ?? headCounts;
  if (!Number.isInteger(keyLength) || !Number.isInteger(valueLength)) {
    view.refuse(`its width of ${embeddingLength} is not a multiple of its ${headCount} attention heads`);
  }
  const rotary = view.count(key("rope.dimension_count"), BOUNDS.width);
  if (rotary !== null && rotary !== keyLength) view.refuse(`it rotates ${rotary} dimensions of heads of ${keyLength}`);
  if (keyLength % 2 !== 0) view.refuse(`heads of ${keyLength} dimensions have no rotary pairs`);
  const epsilon = view.number(key("attention.layer_norm_rms_epsilon"));
  if (epsilon === null || !(epsilon > 0 && epsilon < 1)) view.refuse("its RMS norm has no sensible epsilon");
  for (const name of ["rope.freq_base", "rope.scaling.factor", "rope.scale_linear"]) {
    const value = view.number(key(name));
    if (value !== null && !(value > 0 && value < Infinity)) view.refuse(`${key(name)} is ${value}`);
  }
  const named = view.count(key("vocab_size"), { least: 1, most: 2 ** 31 });
  if (named !== null && named !== vocabularySize) view.refuse(`it has ${vocabularySize} tokens and claims ${named}`);
  view.count(key("nextn_predict_layers"), { least: 0, most: 0 });
  view.flag(key("attention.causal"));
  const feedForward = view.countOrCounts(key("feed_forward_length"), blockCount, BOUNDS.width);
  if (feedForward === null) view.refuse("llama.feed_forward_length is missing");
  if (isSplit(view)) return checkEmbeddings(view, embeddingLength, vocabularySize);
  const feedForwardLengths = experts > 0 ? null : feedForward;
  checkLlamaTensors(view, { ...sizes, feedForwardLengths, headCounts, headCountsKv, vocabularySize });
}

/** Every architecture's embeddings are named so and must match the vocabulary. */
function checkEmbeddings(view: MetadataView, embeddingLength: number, vocabularySize: number): void {
  const embeddings = view.header.tensors.find((tensor) => tensor.name === "token_embd.weight");
  if (embeddings === undefined) return;
  const [width, count] = embeddings.shape;
  if (width !== embeddingLength || count !== vocabularySize) {
    view.refuse(
      `its embeddings are ${width} x ${count} for a width of ${embeddingLength} and ${vocabularySize} tokens`,
    );
  }
}

/** How many values there are, and the type most of them have. */
export function tensorFacts(tensors: readonly GgufTensorInfo[]): { parameters: number; quantization: TensorType } {
  // A first part may hold metadata only; F32 is then as good a guess as any.
  const values = new Map<TensorType, number>([["F32", 0]]);
  for (const { type, shape } of tensors) values.set(type, (values.get(type) ?? 0) + countValues(shape));
  const quantization = [...values].reduce((best, other) => (other[1] > best[1] ? other : best))[0];
  return { quantization, parameters: tensors.reduce((sum, { shape }) => sum + countValues(shape), 0) };
}

function countValues(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
