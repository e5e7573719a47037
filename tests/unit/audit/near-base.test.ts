import { describe, expect, it } from "vitest";
import { auditFolder } from "../../../lib/audit";
import { rankHolding, squaredSingularValues } from "../../../lib/audit/duplicates/spectrum";
import { configJson } from "../../fixtures/grown/headers";
import { scratch, write } from "./support";

const { fresh } = scratch();
const SIDE = 128;
const SHAPE = { architecture: "llama", layers: 4, width: SIDE, feedForward: 256, keyValueWidth: 64, vocabulary: 100 };

/** A repeatable source of values from -1 to 1. */
function values(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 31 - 1;
}

/** A small model in F32; `change` adds to the value of a row and column of a layer. */
function model(change: (layer: number, row: number, column: number) => number): Buffer {
  const random = values(1);
  const entries: Record<string, unknown> = {
    "model.embed_tokens.weight": { dtype: "F32", shape: [1, SIDE], data_offsets: [0, SIDE * 4] },
  };
  const bytes = SIDE * SIDE * 4;
  const data = Buffer.alloc(SIDE * 4 + SHAPE.layers * bytes);
  for (let layer = 0; layer < SHAPE.layers; layer++) {
    const start = SIDE * 4 + layer * bytes;
    entries[`model.layers.${layer}.q_proj.weight`] = {
      dtype: "F32",
      shape: [SIDE, SIDE],
      data_offsets: [start, start + bytes],
    };
    for (let index = 0; index < SIDE * SIDE; index++) {
      const value = random() + change(layer, Math.floor(index / SIDE), index % SIDE);
      data.writeFloatLE(value, start + index * 4);
    }
  }
  const json = Buffer.from(JSON.stringify(entries));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, data]);
}

async function nearBase(change: Parameters<typeof model>[0]) {
  const folder = fresh();
  write(
    folder,
    "base/a.safetensors",
    model(() => 0),
  );
  write(folder, "base/config.json", configJson(SHAPE, "org/base"));
  write(folder, "tune/a.safetensors", model(change));
  write(folder, "tune/config.json", configJson(SHAPE, "org/base"));
  return (await auditFolder(folder)).duplicates.near_base;
}

describe("a fine-tune beside its base", () => {
  it("is a small adapter when what differs has a low rank, and is told how much was measured", async () => {
    const columns = Array.from({ length: 4 }, (_, index) => values(10 + index)).map((next) =>
      Array.from({ length: SIDE }, next),
    );
    const rows = Array.from({ length: 4 }, (_, index) => values(20 + index)).map((next) =>
      Array.from({ length: SIDE }, next),
    );
    const lowRank = (row: number, column: number): number =>
      columns.reduce((sum, part, index) => sum + (part[column] ?? 0) * (rows[index]?.[row] ?? 0), 0) / 10;
    const [found] = await nearBase((layer, row, column) => (layer < 2 ? lowRank(row, column) : 0));
    expect(found).toMatchObject({ verdict: "small-adapter", nb_matrices: 4, nb_sampled: 4, nb_values: 4 * 64 * 64 });
    expect(found?.rank).toBeGreaterThanOrEqual(2);
    expect(found?.rank).toBeLessThanOrEqual(4);
    expect(found?.equal_share).toBeCloseTo(0.5, 1);
    expect(found?.adapter_size).toBe(4 * 2 * SIDE * (found?.rank ?? 0) * 2 * 0.5);
  });

  it("is none when everything differs", async () => {
    const random = values(5);
    expect(await nearBase(() => random() / 10)).toEqual([]);
  });

  it("is not called equal for a value that is no number", async () => {
    expect(await nearBase(() => NaN)).toEqual([]);
  });
});

describe("singular values", () => {
  it("are those of a matrix whose values are known", () => {
    const squares = squaredSingularValues(Float64Array.from([3, 0, 0, 0, 0, -2, 0, 1, 0]), 3);
    expect(squares.map((value) => Math.round(value * 1e9) / 1e9)).toEqual([9, 4, 1]);
    expect([0.5, 0.9, 0.95, 1].map((share) => rankHolding(share, squares))).toEqual([1, 2, 3, 3]);
    expect(rankHolding(0.95, [0, 0])).toBe(0);
  });
});
