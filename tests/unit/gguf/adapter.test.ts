import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { checkAdapterFile, checkAdapterFitsModel, writeSyntheticAdapter, writeSyntheticModel } from "../../../lib/gguf";
import type { GgufMetadata, GgufTensorInfo } from "../../../lib/gguf";
import { failureOf, microShape, scratchFolder, writeVariant } from "./helpers";

const folder = scratchFolder();
const model = join(folder, "model.gguf");
const adapter = join(folder, "adapter.gguf");
const description = { name: "Voice", seed: 1, base: microShape, rank: 4, alpha: 8, strength: 1 };

beforeAll(async () => {
  await writeSyntheticModel(model, microShape);
  await writeSyntheticAdapter(adapter, description);
});

test("an adapter is summed up and fits the model it was made for", async () => {
  expect(await checkAdapterFile(adapter)).toEqual({
    architecture: "llama",
    name: "Voice",
    alpha: 8,
    rank: 4,
    targets: ["blk.0.attn_q.weight", "blk.0.attn_v.weight", "blk.0.ffn_down.weight"],
    fileBytes: expect.any(Number) as number,
  });
  await checkAdapterFitsModel(adapter, model);
});

test("an adapter fits a base of the same shape in another quantization, and of another seed", async () => {
  const path = join(folder, "other.gguf");
  await writeSyntheticModel(path, { ...microShape, quantization: "F16", seed: 99 });
  await checkAdapterFitsModel(adapter, path);
});

describe("an adapter is refused", () => {
  test("on a wider model", async () => {
    const path = join(folder, "wide.gguf");
    await writeSyntheticModel(path, { ...microShape, embeddingLength: 128 });
    const error = await failureOf(checkAdapterFitsModel(adapter, path));
    expect(error.code).toBe("adapter_invalid");
    expect(error.fields).toMatchObject({ path: adapter, modelPath: path });
    expect(error.message).toMatch(/128 x 128.*made for this base model\.$/);
  });

  test("that changes blocks the base does not have", async () => {
    const path = join(folder, "deep.gguf");
    await writeSyntheticAdapter(path, { ...description, base: { ...microShape, blockCount: 2 } });
    const error = await failureOf(checkAdapterFitsModel(path, model));
    expect(error.fields["reason"]).toMatch(/blk\.1\.attn_q\.weight, which the base does not have/);
  });

  test("that is a whole model", async () => {
    expect((await failureOf(checkAdapterFile(model))).code).toBe("adapter_invalid");
  });

  test("whose file is missing or damaged, as any file", async () => {
    expect((await failureOf(checkAdapterFile(join(folder, "none")))).code).toBe("model_file_missing");
  });

  type Change = (metadata: GgufMetadata, tensors: Pick<GgufTensorInfo, "name" | "shape" | "type">[]) => void;
  const cases: [string, Change, RegExp][] = [
    ["of another kind", (metadata) => metadata.set("adapter.type", { type: "string", value: "cvec" }), /only lora/],
    ["of no kind", (metadata) => metadata.delete("adapter.type"), /only lora/],
    ["with an alpha of NaN", (metadata) => metadata.set("adapter.lora.alpha", { type: "float32", value: NaN }), /NaN/],
    ["with half a pair", (_metadata, tensors) => tensors.splice(0, 1), /half of the pair/],
    ["without pairs", (_metadata, tensors) => tensors.splice(0), /changes nothing/],
    ["with a stray tensor", (_metadata, tensors) => tensors.push({ name: "x", shape: [1], type: "F32" }), /no part/],
    [
      "with two ranks in a pair",
      (_metadata, tensors) =>
        tensors.forEach((tensor) => tensor.name.endsWith("q.weight.lora_b") && (tensor.shape[0] = 5)),
      /different ranks/,
    ],
    [
      "with a vector for a matrix",
      (_metadata, tensors) =>
        tensors.forEach((tensor) => tensor.name.endsWith("q.weight.lora_b") && (tensor.shape = [4])),
      /two matrices/,
    ],
  ];
  test.each(cases)("%s", async (_name, change, reason) => {
    const path = await writeVariant(adapter, join(folder, "variant.gguf"), change);
    const error = await failureOf(checkAdapterFile(path));
    expect(error.code).toBe("adapter_invalid");
    expect(error.fields["reason"]).toMatch(reason);
  });

  test("for another architecture", async () => {
    const path = await writeVariant(adapter, join(folder, "qwen.gguf"), (metadata) =>
      metadata.set("general.architecture", { type: "string", value: "qwen3" }),
    );
    const error = await failureOf(checkAdapterFitsModel(path, model));
    expect(error.fields["reason"]).toMatch(/kind qwen3, and the base is a llama/);
  });
});
