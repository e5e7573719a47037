import { describe, expect, it } from "vitest";
import { filesOfQuant } from "../../../../lib/hub/clean/find-target";
import { parseRemoveTarget } from "../../../../lib/hub/clean/target";

const HASH = "0123456789abcdef0123456789abcdef01234567";

describe("what somebody wants removed", () => {
  it.each([
    ["org/name", null, "org/name", null, null],
    ["gpt2", null, "gpt2", null, null],
    ["model/org/name", "model", "org/name", null, null],
    ["models/org/name", "model", "org/name", null, null],
    ["dataset/org/name", "dataset", "org/name", null, null],
    ["space/org/name@main", "space", "org/name", "main", null],
    ["hf:org/name:Q4_K_M", null, "org/name", null, "Q4_K_M"],
    ["hf:model/org/name:q8_0@main", "model", "org/name", "main", "q8_0"],
    ["hf://datasets/org/name", "dataset", "org/name", null, null],
    ["org/name@refs/pr/1", null, "org/name", "refs/pr/1", null],
    ["org/name/sub/a.gguf@v1.0", null, "org/name/sub/a.gguf", "v1.0", null],
    [HASH, null, HASH, null, null],
  ])("%s", (text, repo_type, name, revision, quant) => {
    expect(parseRemoveTarget(text)).toEqual({ text, repo_type, name, revision, quant });
  });

  it.each([
    "",
    "hf:",
    "org/",
    "/org/name",
    "org//name",
    "../name",
    "org/..",
    "org/name/../../x",
    "org/name@",
    "org/name@..",
    "org/name:",
    "org/na\u0000me",
    "org/na\nme",
    "model/",
    ".",
  ])("is refused when it can name nothing in a cache: %j", (text) => {
    expect(() => parseRemoveTarget(text)).toThrow(expect.objectContaining({ code: "invalid_request" }));
  });
});

describe("a quant", () => {
  const names = [
    "model-Q4_K_M.gguf",
    "model_Q4_K_M.gguf",
    "model-Q4_K_S.gguf",
    "model-IQ4_XS.gguf",
    "model.q8_0.gguf",
    "model-UD-Q2_K_XL.gguf",
    "BF16/model-00001-of-00002.gguf",
    "BF16/model-00002-of-00002.gguf",
    "model-F16.gguf",
    "onnx/model-int8.onnx",
  ];

  it.each([
    ["Q4_K_M", ["model-Q4_K_M.gguf", "model_Q4_K_M.gguf"]],
    ["q4_k_m", ["model-Q4_K_M.gguf", "model_Q4_K_M.gguf"]],
    ["Q4_K", []],
    ["K_M", []],
    ["Q4_XS", []],
    ["Q8_0", ["model.q8_0.gguf"]],
    ["bf16", ["BF16/model-00001-of-00002.gguf", "BF16/model-00002-of-00002.gguf"]],
    ["F16", ["model-F16.gguf"]],
    ["Q2_K_XL", ["model-UD-Q2_K_XL.gguf"]],
    ["int8", ["onnx/model-int8.onnx"]],
    [".*", []],
  ])("%s is a whole word of a file's name or its folder's", (quant, expected) => {
    const found = filesOfQuant(
      names.map((name) => ({ name })),
      quant,
    );
    expect(found.map(({ name }) => name)).toEqual(expected);
  });
});
