import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readGgufHeader, writeGguf } from "../../../lib/gguf";
import type { GgufMetadata, GgufTensorSource, GgufValue } from "../../../lib/gguf";
import { scratchFolder } from "./helpers";

const folder = scratchFolder();

const everyType = new Map<string, GgufValue>([
  ["a.uint8", { type: "uint8", value: 255 }],
  ["a.int8", { type: "int8", value: -128 }],
  ["a.uint16", { type: "uint16", value: 65535 }],
  ["a.int16", { type: "int16", value: -32768 }],
  ["a.uint32", { type: "uint32", value: 4294967295 }],
  ["a.int32", { type: "int32", value: -2147483648 }],
  ["a.float32", { type: "float32", value: 0.5 }],
  ["a.bool", { type: "bool", value: true }],
  ["a.string", { type: "string", value: "Größe ✓" }],
  ["a.uint64", { type: "uint64", value: 2n ** 64n - 1n }],
  ["a.int64", { type: "int64", value: -(2n ** 63n) }],
  ["a.float64", { type: "float64", value: Math.PI }],
  ["a.uint8s", { type: "array", itemType: "uint8", value: Uint8Array.of(1, 2, 255) }],
  ["a.int8s", { type: "array", itemType: "int8", value: Int8Array.of(-1) }],
  ["a.uint16s", { type: "array", itemType: "uint16", value: Uint16Array.of(1, 65535) }],
  ["a.int16s", { type: "array", itemType: "int16", value: Int16Array.of(-1, 1) }],
  ["a.uint32s", { type: "array", itemType: "uint32", value: Uint32Array.of(7) }],
  ["a.int32s", { type: "array", itemType: "int32", value: Int32Array.of(-7, 7) }],
  ["a.float32s", { type: "array", itemType: "float32", value: Float32Array.of(1.5, -2) }],
  ["a.float64s", { type: "array", itemType: "float64", value: Float64Array.of(Math.E) }],
  ["a.uint64s", { type: "array", itemType: "uint64", value: BigUint64Array.of(5n) }],
  ["a.int64s", { type: "array", itemType: "int64", value: BigInt64Array.of(-5n) }],
  ["a.bools", { type: "array", itemType: "bool", value: [true, false] }],
  ["a.strings", { type: "array", itemType: "string", value: ["", "one", "zwölf"] }],
  ["a.empty", { type: "array", itemType: "string", value: [] }],
]);

function source(name: string, shape: number[], chunks: Uint8Array[]): GgufTensorSource {
  return { name, shape, type: "F32", data: () => chunks };
}

describe("a written file", () => {
  test("is read back with every value type and every tensor where it was put", async () => {
    const path = join(folder, "every.gguf");
    const first = Buffer.alloc(4 * 3, 1);
    const second = Buffer.alloc(4 * 2 * 5, 2);
    await writeGguf(path, {
      metadata: everyType,
      // In chunks of odd sizes, to be put together again.
      tensors: [source("first", [3], [first.subarray(0, 5), first.subarray(5)]), source("second", [2, 5], [second])],
    });
    const header = await readGgufHeader(path);
    expect(header.metadata).toEqual(everyType);
    expect(header).toMatchObject({ version: 3, alignment: 32, fileBytes: header.dataOffset + 32 + 64 });
    expect(header.dataOffset % 32).toBe(0);
    expect(header.tensors).toEqual([
      { name: "first", shape: [3], type: "F32", offset: 0, bytes: 12 },
      { name: "second", shape: [2, 5], type: "F32", offset: 32, bytes: 40 },
    ]);
    const data = (await readFile(path)).subarray(header.dataOffset);
    expect(data.subarray(0, 12).equals(first)).toBe(true);
    expect(data.subarray(32, 72).equals(second)).toBe(true);
  });

  test("keeps an alignment of its own", async () => {
    const path = join(folder, "aligned.gguf");
    const metadata: GgufMetadata = new Map([["general.alignment", { type: "uint32", value: 256 }]]);
    await writeGguf(path, {
      metadata,
      tensors: [source("x", [1], [Buffer.alloc(4)]), source("y", [1], [Buffer.alloc(4)])],
    });
    const header = await readGgufHeader(path);
    expect(header.dataOffset % 256).toBe(0);
    expect(header.tensors[1]?.offset).toBe(256);
  });

  test("of version 2 is read as well", async () => {
    const path = join(folder, "v2.gguf");
    await writeGguf(path, { metadata: everyType, tensors: [] });
    const bytes = await readFile(path);
    bytes.writeUInt32LE(2, 4);
    await writeFile(path, bytes);
    expect((await readGgufHeader(path)).version).toBe(2);
  });

  test("does not appear, and leaves nothing behind, when a tensor brings too few or too many bytes", async () => {
    for (const bytes of [8, 16]) {
      const path = join(folder, "broken", "file.gguf");
      const writing = writeGguf(path, { metadata: new Map(), tensors: [source("x", [3], [Buffer.alloc(bytes)])] });
      await expect(writing).rejects.toThrow(TypeError);
      expect(await readdir(join(folder, "broken"))).toEqual([]);
    }
  });

  test("of a vocabulary of 150,000 tokens is read across many chunks", async () => {
    const path = join(folder, "large.gguf");
    const tokens = Array.from({ length: 150_000 }, (_, index) => `token number ${index}`);
    const metadata: GgufMetadata = new Map([["t", { type: "array", itemType: "string", value: tokens }]]);
    await writeGguf(path, { metadata, tensors: [] });
    expect((await readGgufHeader(path)).metadata.get("t")?.value).toEqual(tokens);
  });
});
