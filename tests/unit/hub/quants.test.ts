import { describe, expect, it } from "vitest";
import { ggufSets, quantOf, setsOfQuant } from "../../../lib/hub/quants";

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

  it("is looked for in the end of a name that no disk can hold", () => {
    expect(quantOf(`${"x".repeat(300)}-Q4_K_M.gguf`)).toBe("Q4_K_M");
    expect(quantOf(`Q4_K_M-${"x".repeat(255)}.gguf`)).toBeNull();
    expect(quantOf(`Q4_K_M/${"x/".repeat(128)}model.gguf`)).toBeNull();
    expect(quantOf("_q4".repeat(300_000))?.length).toBeLessThan(256);
  });

  it("is asked for in any case, with or without what its maker puts before it", () => {
    const sets = ggufSets(["UD-Q4_K_XL", "UD-Q4_K_M", "Q4_K_M"].map((quant) => ({ path: `a-${quant}.gguf`, size: 1 })));
    const quants = (asked: string) => setsOfQuant(sets, asked).map(({ quant }) => quant);
    expect(quants("q4_k_xl")).toEqual(["UD-Q4_K_XL"]);
    expect(quants("Q4_K_M")).toEqual(["Q4_K_M"]);
    expect(quants("UD-Q4_K_M")).toEqual(["UD-Q4_K_M"]);
    expect(quants("Q4_K")).toEqual([]);
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

  it("finds adapters by their names, or else takes every file for one", () => {
    const files = [file("base-Q8_0.gguf", 1), file("tutor-lora-f16.gguf", 2), file("adapter.gguf", 3)];
    expect(ggufSets(files, "adapter").map(({ size }) => size)).toEqual([2, 3]);
    expect(ggufSets(files).map(({ size }) => size)).toEqual([1]);
    expect(ggufSets([file("tutor.gguf", 4)], "adapter").map(({ size }) => size)).toEqual([4]);
  });

  it("leaves out a split model of which a part is missing", () => {
    expect(ggufSets([file("a-00001-of-00003.gguf", 1), file("a-00003-of-00003.gguf", 1)])).toEqual([]);
  });

  it("is soon done with a list of parts whose first ones are missing", () => {
    const files = Array.from({ length: 100_000 }, (_, index) => file(`m${index}-00002-of-02000.gguf`, 1));
    expect(ggufSets([...files, file("m1-00001-of-02000.gguf", 1)])).toEqual([]);
  });

  it("makes no list of a hundred thousand parts because a name says so", () => {
    expect(ggufSets([file("a-00001-of-99999.gguf", 1)])).toEqual([
      { paths: ["a-00001-of-99999.gguf"], size: 1, quant: null },
    ]);
  });
});
