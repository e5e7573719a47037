import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import {
  checkModelFile,
  demoReasoningShape,
  demoResponseShape,
  parameterCount,
  writeSyntheticModel,
} from "../../../lib/gguf";
import type { GgufMetadata, GgufTensorInfo, GgufValue } from "../../../lib/gguf";
import { failureOf, microShape, scratchFolder, writeVariant } from "./helpers";

const folder = scratchFolder();
const model = join(folder, "model.gguf");

beforeAll(() => writeSyntheticModel(model, microShape));

test("a sound model is summed up", async () => {
  const summary = await checkModelFile(model);
  expect(summary).toEqual({
    architecture: "llama",
    name: "Micro",
    parameters: parameterCount(microShape),
    fileBytes: expect.any(Number) as number,
    quantization: "Q8_0",
    contextLength: 256,
    blockCount: 1,
    embeddingLength: 64,
    headCount: 2,
    headCountKv: 1,
    keyLength: 32,
    valueLength: 32,
    vocabularySize: 400,
    chatTemplate: expect.stringContaining("<think>") as string,
    thinks: true,
  });
});

test("only the reasoning demo thinks", async () => {
  for (const [shape, thinks] of [
    [demoResponseShape, false],
    [demoReasoningShape, true],
  ] as const) {
    const path = join(folder, "demo.gguf");
    await writeSyntheticModel(path, shape);
    const summary = await checkModelFile(path);
    expect(summary).toMatchObject({ name: shape.name, thinks, contextLength: 4096 });
    expect(summary.fileBytes).toBeGreaterThan(5e6);
    expect(summary.fileBytes).toBeLessThan(8e6);
  }
});

type Change = (metadata: GgufMetadata, tensors: Pick<GgufTensorInfo, "name" | "shape" | "type">[]) => void;

const set =
  (key: string, value: GgufValue): Change =>
  (metadata) =>
    metadata.set(key, value);
const uint32 = (value: number): GgufValue => ({ type: "uint32", value });
const text = (value: string): GgufValue => ({ type: "string", value });
const without =
  (key: string): Change =>
  (metadata) =>
    metadata.delete(key);
const tokens =
  (key: string, change: (items: string[]) => void): Change =>
  (metadata) => {
    const items = [...(metadata.get(key)?.value as string[])];
    change(items);
    metadata.set(key, { type: "array", itemType: "string", value: items });
  };
const reshape =
  (name: string, shape: number[]): Change =>
  (_metadata, tensors) =>
    tensors.forEach((tensor) => {
      if (tensor.name === name) tensor.shape = shape;
    });

describe("a model is refused", () => {
  const cases: [string, Change, RegExp][] = [
    ["without an architecture", without("general.architecture"), /general.architecture is missing/],
    ["that is an adapter", set("general.type", text("adapter")), /adapter, which needs a base model/],
    ["that is an image part", set("general.architecture", text("clip")), /image part/],
    ["without blocks", set("llama.block_count", uint32(0)), /block_count is 0/],
    ["with a million blocks", set("llama.block_count", uint32(1e6)), /block_count is 1000000/],
    ["with a block that is not there", set("llama.block_count", uint32(2)), /blk.1.attn_norm.weight is missing/],
    ["without a width", without("llama.embedding_length"), /embedding_length is missing/],
    ["with another width", set("llama.embedding_length", uint32(128)), /rotates 32/],
    [
      "with a size of the wrong type",
      set("llama.context_length", { type: "uint64", value: 8n }),
      /instead of a uint32/,
    ],
    ["without a context", set("llama.context_length", uint32(0)), /context_length is 0/],
    ["without heads", set("llama.attention.head_count", uint32(0)), /head_count is 0/],
    ["with heads that do not divide", set("llama.attention.head_count", uint32(3)), /not a multiple/],
    ["with more KV heads than heads", set("llama.attention.head_count_kv", uint32(4)), /cannot share/],
    ["without KV heads", set("llama.attention.head_count_kv", uint32(0)), /head_count_kv is 0/],
    ["with other rotary dimensions", set("llama.rope.dimension_count", uint32(30)), /rotates 30/],
    ["without an epsilon", without("llama.attention.layer_norm_rms_epsilon"), /epsilon/],
    [
      "with an epsilon of NaN",
      set("llama.attention.layer_norm_rms_epsilon", { type: "float32", value: NaN }),
      /epsilon/,
    ],
    ["with a rotary base of 0", set("llama.rope.freq_base", { type: "float32", value: 0 }), /freq_base is 0/],
    ["without a tokenizer", without("tokenizer.ggml.model"), /tokenizer.ggml.model is missing/],
    ["without a vocabulary", set("tokenizer.ggml.model", text("none")), /no vocabulary/],
    ["without tokens", without("tokenizer.ggml.tokens"), /tokens is missing/],
    ["with no token at all", tokens("tokenizer.ggml.tokens", (items) => (items.length = 0)), /missing or empty/],
    ["with a token too few", tokens("tokenizer.ggml.tokens", (items) => items.pop()), /400 items for 399 tokens/],
    ["with a token twice", tokens("tokenizer.ggml.tokens", (items) => (items[5] = "a")), /there twice/],
    ["with numbers for tokens", set("tokenizer.ggml.tokens", numbers("int32", 400)), /instead of string/],
    ["with a token type too few", set("tokenizer.ggml.token_type", numbers("int32", 399)), /399 items/],
    ["with token types as fractions", set("tokenizer.ggml.token_type", numbers("float32", 400)), /instead of int32/],
    ["with a score too many", set("tokenizer.ggml.scores", numbers("float32", 401)), /401 items/],
    ["without merges", without("tokenizer.ggml.merges"), /merges is missing/],
    ["with numbers for merges", set("tokenizer.ggml.merges", numbers("int32", 3)), /instead of string/],
    ["with half a merge", tokens("tokenizer.ggml.merges", (items) => (items[2] = "alone")), /merge 2 /],
    ["whose last token is not there", set("tokenizer.ggml.eos_token_id", uint32(400)), /eos_token_id is 400/],
    ["whose padding is not there", set("tokenizer.ggml.padding_token_id", uint32(2 ** 32 - 1)), /padding_token_id/],
    ["whose template is a number", set("tokenizer.chat_template", uint32(1)), /instead of a string/],
    ["with embeddings of another size", reshape("token_embd.weight", [64, 399]), /token_embd.weight has the shape/],
    ["with an output of another size", reshape("output.weight", [64, 401]), /output.weight has the shape/],
    ["with keys of another size", reshape("blk.0.attn_k.weight", [64, 64]), /attn_k.weight has the shape 64 x 64/],
    ["with a matrix on its side", reshape("blk.0.ffn_up.weight", [96, 64]), /ffn_up.weight has the shape 96 x 64/],
    ["with a norm too short", reshape("output_norm.weight", [63]), /output_norm.weight/],
    [
      "with a tensor of another block",
      (_metadata, tensors) => (tensors[4] = { ...tensors[4], name: "blk.1.x" } as never),
      /no such model has/,
    ],
    [
      "with a misspelled output",
      (_metadata, tensors) => renameTensor(tensors, "output.weight", "outpux.weight"),
      /outpux.weight/,
    ],
    [
      "whose bytes are no bytes",
      set("tokenizer.ggml.token_type", { type: "array", itemType: "int32", value: new Int32Array(400).fill(6) }),
      /token 0 is called a byte/,
    ],
    ["that uses experts it does not have", set("llama.expert_used_count", uint32(2)), /uses 2 of its 0 experts/],
    ["that uses none of its experts", set("llama.expert_count", uint32(8)), /uses 0 of its 8 experts/],
    ["with groups of no experts", set("llama.expert_group_count", uint32(1)), /1 groups of 0 experts/],
    [
      "that predicts more blocks than it has",
      set("llama.nextn_predict_layers", uint32(9)),
      /nextn_predict_layers is 9/,
    ],
    ["with a rope scaling nobody knows", set("llama.rope.scaling.type", text("bogus")), /rope scaling/],
    ["with a smaller feed-forward part", set("llama.feed_forward_length", counts(64)), /ffn_gate.weight has the shape/],
    ["with heads of a block that cannot share", set("llama.attention.head_count_kv", counts(4)), /cannot share/],
    [
      "with a split of which the number is missing",
      set("split.count", { type: "uint16", value: 2 }),
      /split.no is missing/,
    ],
    ["that is part 2 of 3", split(3, 1), /part 2 of 3/],
  ];

  test.each(cases)("%s", async (_name, change, reason) => {
    const path = await writeVariant(model, join(folder, "variant.gguf"), change);
    const error = await failureOf(checkModelFile(path));
    expect(error.code).toBe("model_file_invalid");
    expect(error.fields["reason"]).toMatch(reason);
    expect(error.message).toMatch(/choose another file\.$/);
  });
});

describe("a model is accepted", () => {
  const cases: [string, Change][] = [
    ["with tied embeddings", (_metadata, tensors) => removeTensor(tensors, "output.weight")],
    [
      "without a name or a chat template",
      (metadata) => ["general.name", "tokenizer.chat_template"].forEach((key) => metadata.delete(key)),
    ],
    [
      "without KV heads of its own",
      (metadata, tensors) => {
        metadata.delete("llama.attention.head_count_kv");
        for (const part of ["attn_k", "attn_v"]) reshape(`blk.0.${part}.weight`, [64, 64])(metadata, tensors);
      },
    ],
    [
      "with tensors nobody asked for",
      (_metadata, tensors) => tensors.push({ name: "rope_freqs.weight", shape: [16], type: "F32" }),
    ],
    [
      "that is the first part of several",
      (metadata, tensors) => {
        split(2, 0)(metadata, tensors);
        removeTensor(tensors, "output_norm.weight");
      },
    ],
    ["of an architecture Memwell does not know", otherArchitecture],
  ];

  test.each(cases)("%s", async (_name, change) => {
    const path = await writeVariant(model, join(folder, "accepted.gguf"), change);
    expect((await checkModelFile(path)).vocabularySize).toBe(400);
  });
});

function counts(...value: number[]): GgufValue {
  return { type: "array", itemType: "uint32", value: Uint32Array.from(value) };
}

function numbers(itemType: "int32" | "float32", count: number): GgufValue {
  return { type: "array", itemType, value: itemType === "int32" ? new Int32Array(count) : new Float32Array(count) };
}

function split(count: number, part: number): Change {
  return (metadata) => {
    metadata.set("split.count", { type: "uint16", value: count });
    metadata.set("split.no", { type: "uint16", value: part });
  };
}

function removeTensor(tensors: { name: string }[], name: string): void {
  tensors.splice(
    tensors.findIndex((tensor) => tensor.name === name),
    1,
  );
}

function renameTensor(tensors: { name: string }[], from: string, to: string): void {
  for (const tensor of tensors) if (tensor.name === from) tensor.name = to;
}

function otherArchitecture(metadata: GgufMetadata, tensors: { name: string }[]): void {
  metadata.set("general.architecture", text("future"));
  for (const [key, value] of [...metadata]) {
    if (key.startsWith("llama.")) metadata.set(key.replace("llama.", "future."), value);
  }
  removeTensor(tensors, "blk.0.ffn_gate.weight");
}
