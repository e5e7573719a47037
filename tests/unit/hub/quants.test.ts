import { describe, expect, it } from "vitest";
import { ggufSets, isOfQuant, quantOf } from "../../../lib/hub/quants";

describe("the quant a name tells", () => {
  it.each([
    ["qwen2.5-0.5b-instruct-q4_k_m.gguf", "Q4_K_M"],
    ["Llama-3.2-1B-Instruct-Q8_0.gguf", "Q8_0"],
    ["gemma-3-1b-it-IQ4_XS.gguf", "IQ4_XS"],
    ["model.Q5_0.gguf", "Q5_0"],
    ["model_Q6_K.gguf", "Q6_K"],
    ["Q4_K_M/big-00001-of-00002.gguf", "Q4_K_M"],
    ["big-Q2_K_L-00001-of-00002.gguf", "Q2_K_L"],
    ["BF16/model-F16.gguf", "F16"],
    ["Qwen3-4B-UD-Q4_K_XL.gguf", "UD-Q4_K_XL"],
    ["gpt-oss-20b-mxfp4.gguf", "MXFP4"],
    ["TriLM-TQ1_0.gguf", "TQ1_0"],
    ["q4.gguf", "Q4"],
    ["tinyllama.gguf", null],
    ["Q4_K_M", "Q4_K_M"],
    ["seq2seq-model.gguf", null],
    ["", null],
  ])("%s: %s", (path, quant) => expect(quantOf(path)).toBe(quant));

  it("is asked for in any case, with or without what its maker puts before it", () => {
    expect(isOfQuant("a-UD-Q4_K_XL.gguf", "q4_k_xl")).toBe(true);
    expect(isOfQuant("a-Q4_K_M.gguf", "Q4_K")).toBe(false);
    expect(isOfQuant("a-Q4_K_M.gguf", "Q4_K_S")).toBe(false);
  });
});

describe("the models among a repository's files", () => {
  const file = (path: string, size: number) => ({ path, size });

  it("takes the parts of a split one together, and leaves out what is no model", () => {
    const files = [
      file("README.md", 1),
      file("a-Q8_0.gguf", 10),
      file("a-F16-00002-of-00002.gguf", 1000),
      file("a-F16-00001-of-00002.gguf", 100),
      file("mmproj-a-F16.gguf", 7),
      file("a.imatrix.gguf", 7),
      file("a-lora.gguf", 7),
    ];
    expect(ggufSets(files)).toEqual([
      { paths: ["a-Q8_0.gguf"], size: 10, quant: "Q8_0" },
      { paths: ["a-F16-00001-of-00002.gguf", "a-F16-00002-of-00002.gguf"], size: 1100, quant: "F16" },
    ]);
  });

  it("leaves out a split model of which a part is missing", () => {
    expect(ggufSets([file("a-00001-of-00003.gguf", 1), file("a-00003-of-00003.gguf", 1)])).toEqual([]);
  });

  it("makes no list of a hundred thousand parts because a name says so", () => {
    expect(ggufSets([file("a-00001-of-99999.gguf", 1)])).toEqual([
      { paths: ["a-00001-of-99999.gguf"], size: 1, quant: null },
    ]);
  });
});
