import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ContextSettings, LoadSettings } from "../../../lib/engine";
import type { GgufMetadata, GgufTensorInfo, ModelFileSummary } from "../../../lib/gguf";
import { forecastFootprint, PROCESS_BASE_BYTES, VOCABULARY_BYTES_PER_TOKEN } from "../../../lib/residency/forecast";

const MIB = 1024 ** 2;

const summary: ModelFileSummary = {
  architecture: "llama",
  name: "TinyLlama in its sizes",
  parameters: 1_100_048_384,
  fileBytes: 620_191_840,
  quantization: "Q4_0",
  contextLength: 2048,
  blockCount: 22,
  embeddingLength: 2048,
  headCount: 32,
  headCountKv: 4,
  keyLength: 64,
  valueLength: 64,
  vocabularySize: 32_000,
  chatTemplate: null,
  thinks: false,
};

const settings: LoadSettings = {
  modelPath: "/model.gguf",
  contexts: [{ name: "base", adapter: null }],
  contextSize: 2048,
  sequences: 1,
  batchSize: 256,
  threads: 1,
  gpu: false,
};

function forecast(changes: {
  summary?: Partial<ModelFileSummary>;
  settings?: Partial<LoadSettings>;
  adapters?: { fileBytes: number }[];
  tensors?: GgufTensorInfo[];
  metadata?: GgufMetadata;
}) {
  return forecastFootprint({
    ...changes,
    summary: { ...summary, ...changes.summary },
    settings: { ...settings, ...changes.settings },
    adapters: changes.adapters ?? [],
  });
}

/** Projections of a model whose layers have these numbers of KV heads of 64 values; 0 heads: a recurrent layer. */
function tensorsOf(heads: number[], others: GgufTensorInfo[] = []): GgufTensorInfo[] {
  const layers = heads.flatMap((count, layer) =>
    (count === 0 ? ["ssm_in"] : ["attn_q", "attn_k", "attn_v"]).map((part) =>
      tensor(`blk.${layer}.${part}.weight`, [2048, part === "attn_q" ? 2048 : count * 64]),
    ),
  );
  return [...layers, ...others];
}

function tensor(name: string, shape: number[], type: GgufTensorInfo["type"] = "Q4_0"): GgufTensorInfo {
  return { name, shape, type, offset: 0, bytes: ((shape[0] ?? 0) * (shape[1] ?? 1) * 18) / 32 };
}

function window(architecture: string, tokens: number, pattern?: GgufMetadata extends Map<string, infer V> ? V : never) {
  const metadata: GgufMetadata = new Map([
    [`${architecture}.attention.sliding_window`, { type: "uint32", value: tokens }],
  ]);
  if (pattern !== undefined) metadata.set(`${architecture}.attention.sliding_window_pattern`, pattern);
  return metadata;
}

describe("keys and values", () => {
  /** 22 layers x 4 heads x (64 + 64) values x 2 bytes. */
  const perToken = 22_528;

  const [context] = settings.contexts;
  test.each([
    ["one sequence", {}, 2048],
    ["four sequences", { sequences: 4 }, 4 * 2048],
    ["a context that is no multiple of 256", { contextSize: 1000 }, 1024],
    ["each sequence padded by itself", { contextSize: 100, sequences: 3 }, 3 * 256],
    ["two contexts", { contexts: [context, context] as ContextSettings[] }, 2 * 2048],
  ])("%s", (_, changes, cells) => {
    expect(forecast({ settings: changes }).kv).toBe(cells * perToken);
  });

  test("every layer counts its own heads, and a recurrent one none", () => {
    const kv = forecast({ summary: { blockCount: 4 }, tensors: tensorsOf([4, 2, 0, 8]) }).kv;
    expect(kv).toBe((4 + 2 + 8) * 128 * 2 * 2048);
  });

  test("quantized they take 34 or 18 bytes for 32 values", () => {
    const full = forecast({}).kv;
    expect(forecast({ settings: { kvType: "Q8_0" } }).kv).toBe((full * 17) / 32);
    expect(forecast({ settings: { kvType: "Q4_0" } }).kv).toBe((full * 9) / 32);
  });

  test("latent attention keeps one compressed row and no values", () => {
    const tensors = [0, 1].flatMap((layer) => [
      tensor(`blk.${layer}.attn_kv_a_mqa.weight`, [2048, 576]),
      tensor(`blk.${layer}.attn_k_b.weight`, [128, 512]),
    ]);
    const kv = forecast({ summary: { architecture: "deepseek2", blockCount: 2 }, tensors }).kv;
    expect(kv).toBe(2 * 576 * 2 * 2048);
  });

  describe("sliding windows: 6 layers, context 8192, batch 255", () => {
    const width = 4 * 128 * 2;
    /** 512 for the window, 255 for the batch, 1 that node-llama-cpp adds: 768 cells. */
    const windowed = (architecture: string, metadata: GgufMetadata) =>
      forecast({
        summary: { architecture, blockCount: 6 },
        settings: { contextSize: 8192, batchSize: 255 },
        metadata,
      }).kv / width;

    test("of Gemma 3: five of six layers", () => {
      expect(windowed("gemma3", window("gemma3", 512))).toBe(5 * 768 + 8192);
    });
    test("by the header's number: every other layer", () => {
      expect(windowed("gemma3", window("gemma3", 512, { type: "uint32", value: 2 }))).toBe(3 * 768 + 3 * 8192);
    });
    test("by the header's list", () => {
      const list = { type: "array", itemType: "bool", value: [true, true, false, false, false, false] } as const;
      expect(windowed("gemma4", window("gemma4", 512, { ...list, value: [...list.value] }))).toBe(2 * 768 + 4 * 8192);
    });
    test("that llama.cpp does not use cost all of the context", () => {
      expect(windowed("phi3", window("phi3", 512))).toBe(6 * 8192);
    });
    test("larger than the context save nothing", () => {
      expect(windowed("gemma3", window("gemma3", 100_000))).toBe(6 * 8192);
    });
  });
});

describe("the other parts", () => {
  test("weights are the tensors as stored, or the file when they are not known", () => {
    expect(forecast({ tensors: tensorsOf([4]) }).weights).toBe((2048 * (2048 + 2 * 256) * 18) / 32);
    expect(forecast({}).weights).toBe(summary.fileBytes);
  });

  test.each([
    ["Q4_0", 2],
    ["Q6_K", 1],
  ] as const)("embeddings in %s that are the output too are read %i times", (type, times) => {
    const embeddings = { ...tensor("token_embd.weight", [2048, 32_000], type), bytes: 1000 };
    expect(forecast({ tensors: [embeddings] }).weights).toBe(times * 1000);
    const output = { ...tensor("output.weight", [2048, 32_000]), bytes: 500 };
    expect(forecast({ tensors: [embeddings, output] }).weights).toBe(1500);
  });

  test("a step of 256 tokens at 2,048 cells needs about 27 MiB, which is what was measured", () => {
    const tensors = tensorsOf(Array.from({ length: 22 }, () => 4)).concat(tensor("blk.0.ffn_up.weight", [2048, 5632]));
    const { compute } = forecast({ tensors });
    expect(compute / MIB).toBeGreaterThan(25);
    expect(compute / MIB).toBeLessThan(29);
    // Without the header the width is told from the number of parameters.
    expect(forecast({}).compute / compute).toBeCloseTo(1, 1);
  });

  test("without flash attention each head has its own scores", () => {
    const difference = forecast({ summary: { architecture: "gemma2" } }).compute - forecast({}).compute;
    expect(difference).toBe(256 * 2048 * (4 + 4 * 32 - 2));
  });

  test("of experts, those in use count", () => {
    const tensors = tensorsOf([4], [tensor("blk.0.ffn_up_exps.weight", [2048, 1024, 64])]);
    const metadata = (used: number): GgufMetadata =>
      new Map([["llama.expert_used_count", { type: "uint32", value: used }]]);
    const cost = (used: number): number =>
      forecast({ summary: { blockCount: 1 }, tensors, metadata: metadata(used) }).compute;
    expect(cost(8)).toBeGreaterThan(cost(4));
    expect(cost(8) - cost(4)).toBe(256 * (4 * 3 + 34 / 32) * 4 * 1024);
  });

  test("a process and its vocabulary; adapters a third more than their files; a GPU changes nothing yet", () => {
    expect(forecast({}).process).toBe(PROCESS_BASE_BYTES + 32_000 * VOCABULARY_BYTES_PER_TOKEN);
    expect(forecast({ adapters: [{ fileBytes: 1000 }, { fileBytes: 2000 }] }).adapters).toBe(Math.ceil(3000 * 1.35));
    expect(forecast({ settings: { gpu: "auto" } })).toEqual(forecast({}));
  });
});

describe("properties", () => {
  const size = fc.integer({ min: 1, max: 32_768 });
  const shape = fc.record({ contextSize: size, sequences: fc.integer({ min: 1, max: 16 }), batchSize: size });
  const architecture = fc.constantFrom("llama", "gemma2", "gemma3", "phi3");

  test("more context, sequences or batch never costs less", () => {
    fc.assert(
      fc.property(shape, fc.constantFrom("contextSize", "sequences", "batchSize"), size, architecture, (...drawn) => {
        const [base, key, more, name] = drawn;
        const fixed = { summary: { architecture: name }, metadata: window(name, 1024) };
        const smaller = forecast({ ...fixed, settings: base });
        const larger = forecast({ ...fixed, settings: { ...base, [key]: base[key] + more } });
        expect(larger.kv).toBeGreaterThanOrEqual(smaller.kv);
        expect(larger.compute).toBeGreaterThanOrEqual(smaller.compute);
        expect(larger.total).toBeGreaterThanOrEqual(smaller.total);
      }),
    );
  });

  test("hostile figures still give whole numbers of bytes that add up", () => {
    const hostile = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(NaN, Infinity, -Infinity, -1, 0, 1e308));
    const tensors = fc.array(
      fc.record({
        name: fc.constantFrom(
          "blk.0.attn_k.weight",
          "blk.1.ffn_up_exps.weight",
          "token_embd.weight",
          "blk.9e9.x.weight",
        ),
        shape: fc.array(hostile, { maxLength: 3 }),
        type: fc.constantFrom("Q4_0" as const, "F32" as const),
        offset: hostile,
        bytes: hostile,
      }),
    );
    const sizes = fc.record({
      ...{ parameters: hostile, fileBytes: hostile, blockCount: hostile, embeddingLength: hostile, headCount: hostile },
      ...{ headCountKv: hostile, keyLength: hostile, valueLength: hostile, vocabularySize: hostile },
      architecture: fc.constantFrom("gemma3", "gemma4", "gemma2", "llama", "__proto__"),
    });
    const asked = fc.record({ contextSize: hostile, sequences: hostile, batchSize: hostile });
    fc.assert(
      fc.property(sizes, asked, tensors, hostile, (summary, settings, tensors, value) => {
        const keys = ["sliding_window", "sliding_window_pattern", "shared_kv_layers"].map((key) => `attention.${key}`);
        const result = forecast({
          summary,
          settings: { ...settings, contexts: [] },
          adapters: [{ fileBytes: value }],
          tensors,
          metadata: new Map(
            [...keys, "expert_used_count"].map((key) => [`${summary.architecture}.${key}`, { type: "float64", value }]),
          ),
        });
        const { total, ...parts } = result;
        for (const bytes of Object.values(result)) expect(Number.isSafeInteger(bytes) && bytes >= 0).toBe(true);
        expect(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(total);
      }),
      { numRuns: 1000 },
    );
  });
});
