import { SeededRandom, NORMAL_DRAWS } from "./random";
import { residualLayout } from "./residual-layout";
import { checkShape } from "./synthetic-shape";
import type { SyntheticShape } from "./synthetic-shape";
import type { GgufMetadata, GgufValue } from "./types";
import { writeGguf } from "./write";
import type { GgufTensorSource } from "./write";

export interface SyntheticAdapter {
  name: string;
  seed: number;
  base: SyntheticShape;
  rank: number;
  /** llama.cpp scales the adapter by alpha / rank. */
  alpha: number;
  /** About how large the adapter's part is, as a multiple of the base's own output of the same matrix; 1 is plain to see. */
  strength: number;
}

/**
 * Writes a LoRA adapter of random weights on attn_q, attn_v and ffn_down of every block, as llama.cpp's
 * convert_lora_to_gguf.py lays one out: F32, `lora_a` [input, rank], `lora_b` [rank, output].
 *
 * @throws TypeError when base or rank cannot work; a file system error when the file cannot be written
 */
export async function writeSyntheticAdapter(path: string, adapter: SyntheticAdapter): Promise<void> {
  checkShape(adapter.base);
  if (!Number.isSafeInteger(adapter.rank) || adapter.rank < 1) throw new TypeError("rank must be at least 1");
  if (!(adapter.alpha > 0)) throw new TypeError("alpha must be larger than 0");
  await writeGguf(path, { metadata: adapterMetadata(adapter), tensors: adapterTensors(adapter) });
}

function adapterMetadata(adapter: SyntheticAdapter): GgufMetadata {
  return new Map<string, GgufValue>([
    ["general.architecture", { type: "string", value: "llama" }],
    ["general.type", { type: "string", value: "adapter" }],
    ["general.name", { type: "string", value: adapter.name }],
    ["general.license", { type: "string", value: adapter.base.license ?? "apache-2.0" }],
    ["general.base_model.count", { type: "uint32", value: 1 }],
    ["general.base_model.0.name", { type: "string", value: adapter.base.name }],
    ["general.file_type", { type: "uint32", value: 0 }],
    ["adapter.type", { type: "string", value: "lora" }],
    ["adapter.lora.alpha", { type: "float32", value: adapter.alpha }],
  ]);
}

function adapterTensors(adapter: SyntheticAdapter): GgufTensorSource[] {
  const { base, rank, seed } = adapter;
  const width = base.embeddingLength;
  const headLength = width / base.headCount;
  const classes = new Set(residualLayout(base).classColumns);
  const isClass = (index: number): boolean => classes.has(index);
  // A block's output is small beside the residual stream; the adapter's must be about as large as all blocks' together.
  const downGain = 2 / Math.sqrt(base.blockCount);

  const pair = (name: string, input: number, output: number, gain: number, spared: Spared): GgufTensorSource[] => {
    // x has length one per dimension, so A x has too; B then decides the size, after llama.cpp's alpha / rank.
    const scale = (adapter.strength * gain) / (Math.sqrt(rank) * (adapter.alpha / rank));
    return [
      matrix(`${name}.lora_a`, [input, rank], seed, (column) => (spared.input(column) ? 0 : 1 / Math.sqrt(input))),
      matrix(`${name}.lora_b`, [rank, output], seed, (_column, row) => (spared.output(row) ? 0 : scale)),
    ];
  };
  return Array.from({ length: base.blockCount }, (_, block) => {
    // The recency head and the class directions are what makes the base speak; the voice changes, not the language.
    const attention: Spared = { input: isClass, output: (row) => block === 0 && row < headLength };
    const down: Spared = { input: () => false, output: isClass };
    return [
      ...pair(`blk.${block}.attn_q.weight`, width, width, 1, attention),
      ...pair(`blk.${block}.attn_v.weight`, width, headLength * base.headCountKv, 1, attention),
      ...pair(`blk.${block}.ffn_down.weight`, base.feedForwardLength, width, downGain, down),
    ];
  }).flat();
}

/** Which inputs and outputs of a matrix the adapter leaves alone. */
interface Spared {
  input: (column: number) => boolean;
  output: (row: number) => boolean;
}

function matrix(
  name: string,
  shape: [number, number],
  seed: number,
  deviationAt: (column: number, row: number) => number,
): GgufTensorSource {
  return {
    name,
    shape,
    type: "F32",
    data: function* () {
      const random = new SeededRandom(`adapter.${name}.${seed}`);
      const values = new Float32Array(shape[0]);
      for (let row = 0; row < shape[1]; row++) {
        for (let column = 0; column < values.length; column++) {
          values[column] = (NORMAL_DRAWS[random.next() & 0xffff] as number) * deviationAt(column, row);
        }
        yield new Uint8Array(values.buffer);
      }
    },
  };
}
