import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readGgufHeader, writeGguf } from "../../../lib/gguf";
import { failureOf, scratchFolder } from "./helpers";

const folder = scratchFolder();
let files = 0;

async function reasonOf(bytes: Buffer): Promise<string> {
  const path = join(folder, `${files++}.gguf`);
  await writeFile(path, bytes);
  const error = await failureOf(readGgufHeader(path));
  expect(error.code).toBe("model_file_invalid");
  expect(error.fields["path"]).toBe(path);
  expect(error.message).toMatch(/Download the file again, or choose another file\.$/);
  return String(error.fields["reason"]);
}

/** A file put together by hand, with whatever counts and lengths a test wants. */
class Bytes {
  private readonly parts: Buffer[] = [];
  constructor(tensors: bigint, keys: bigint, version = 3) {
    this.parts.push(Buffer.from("GGUF"));
    this.u32(version).u64(tensors).u64(keys);
  }
  u32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    this.parts.push(bytes);
    return this;
  }
  u64(value: bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(value);
    this.parts.push(bytes);
    return this;
  }
  text(value: string): this {
    this.u64(BigInt(Buffer.byteLength(value)));
    this.parts.push(Buffer.from(value));
    return this;
  }
  tensor(name: string, shape: bigint[], type: number, offset: bigint): this {
    this.text(name).u32(shape.length);
    shape.forEach((size) => this.u64(size));
    return this.u32(type).u64(offset);
  }
  build(extra = 256): Buffer {
    return Buffer.concat([...this.parts, Buffer.alloc(extra)]);
  }
}

const HUGE = [2n ** 64n - 1n, 2n ** 63n, 2n ** 32n, 2n ** 31n];

describe("lengths and counts that the file cannot hold", () => {
  test.each(HUGE)("%s keys", async (count) => {
    expect(await reasonOf(new Bytes(0n, count).build())).toMatch(/metadata keys/);
  });
  test.each(HUGE)("%s tensors", async (count) => {
    expect(await reasonOf(new Bytes(count, 0n).build())).toMatch(/tensors/);
  });
  test.each(HUGE)("a key of %s bytes", async (length) => {
    expect(await reasonOf(new Bytes(0n, 1n).u64(length).build())).toMatch(/middle of a metadata key/);
  });
  test.each(HUGE)("a text of %s bytes", async (length) => {
    expect(await reasonOf(new Bytes(0n, 1n).text("a").u32(8).u64(length).build())).toMatch(/middle of a/);
  });
  test.each(HUGE)("an array of %s texts", async (count) => {
    expect(await reasonOf(new Bytes(0n, 1n).text("a").u32(9).u32(8).u64(count).build())).toMatch(/middle of a/);
  });
  test.each(HUGE)("an array of %s numbers", async (count) => {
    expect(await reasonOf(new Bytes(0n, 1n).text("a").u32(9).u32(4).u64(count).build())).toMatch(/middle of a/);
  });
  test.each(HUGE)("an array whose first text has %s bytes", async (length) => {
    const bytes = new Bytes(0n, 1n).text("a").u32(9).u32(8).u64(1n).u64(length);
    expect(await reasonOf(bytes.build())).toMatch(/middle of a/);
  });
  test.each(HUGE)("a tensor name of %s bytes", async (length) => {
    expect(await reasonOf(new Bytes(1n, 0n).u64(length).build())).toMatch(/middle of the name/);
  });
  test.each(HUGE)("a dimension of %s", async (size) => {
    expect(await reasonOf(new Bytes(1n, 0n).tensor("x", [size], 0, 0n).build())).toMatch(/larger than the whole file/);
  });
  test("four dimensions whose product overflows to something small", async () => {
    const bytes = new Bytes(1n, 0n).tensor("x", [2n ** 32n, 2n ** 32n, 1n, 1n], 0, 0n);
    expect(await reasonOf(bytes.build())).toMatch(/larger than the whole file/);
  });
});

describe("what llama.cpp would refuse", () => {
  const cases: [string, Buffer, RegExp][] = [
    ["an empty file", Buffer.alloc(0), /empty/],
    ["three bytes", Buffer.from("GGU"), /ends/],
    ["another format", Buffer.from("PK\x03\x04".padEnd(64, "x")), /does not begin/],
    ["a big-endian file", new Bytes(0n, 0n, 0x03000000).build(), /big-endian/],
    ["version 1", new Bytes(0n, 0n, 1).build(), /version 1/],
    ["version 4", new Bytes(0n, 0n, 4).build(), /version 4/],
    ["an unknown value type", new Bytes(0n, 1n).text("a").u32(13).build(), /unknown type 13/],
    ["an array of arrays", new Bytes(0n, 1n).text("a").u32(9).u32(9).u64(1n).build(), /array of arrays/],
    ["an empty key", new Bytes(0n, 1n).text("").u32(0).build(), /not a text/],
    ["a key that begins with a zero byte", new Bytes(0n, 1n).text("\0a").u32(0).build(), /not a text/],
    ["a key twice", new Bytes(0n, 2n).text("a").u32(4).u32(1).text("a").u32(4).u32(1).build(), /there twice/],
    ["five dimensions", new Bytes(1n, 0n).tensor("x", [1n, 1n, 1n, 1n, 1n], 0, 0n).build(), /5 dimensions/],
    ["a dimension of 0", new Bytes(1n, 0n).tensor("x", [4n, 0n], 0, 0n).build(), /empty dimension/],
    ["an unknown tensor type", new Bytes(1n, 0n).tensor("x", [32n], 4, 0n).build(), /unknown type 4/],
    ["half a block", new Bytes(1n, 0n).tensor("x", [16n], 2, 0n).build(), /whole Q4_0 blocks/],
    ["a tensor twice", new Bytes(2n, 0n).tensor("x", [8n], 0, 0n).tensor("x", [8n], 0, 32n).build(), /there twice/],
    ["overlapping tensors", new Bytes(2n, 0n).tensor("x", [8n], 0, 0n).tensor("y", [8n], 0, 0n).build(), /where 32/],
    ["a gap", new Bytes(2n, 0n).tensor("x", [8n], 0, 0n).tensor("y", [8n], 0, 64n).build(), /where 32/],
    ["an unaligned tensor", new Bytes(1n, 0n).tensor("x", [8n], 0, 8n).build(), /where 0/],
    ["a tensor name of 64 bytes", new Bytes(1n, 0n).tensor("x".repeat(64), [8n], 0, 0n).build(), /64 bytes long/],
    ["a tensor beyond the end", new Bytes(1n, 0n).tensor("x", [64n], 0, 0n).build(100), /broken download|whole file/],
    ["an alignment of 0", new Bytes(0n, 1n).text("general.alignment").u32(4).u32(0).build(), /power of two/],
    ["an alignment of 48", new Bytes(0n, 1n).text("general.alignment").u32(4).u32(48).build(), /power of two/],
    [
      "an alignment of 2^31",
      new Bytes(0n, 1n)
        .text("general.alignment")
        .u32(4)
        .u32(2 ** 31)
        .build(),
      /power of two/,
    ],
    [
      "an alignment that is a text",
      new Bytes(0n, 1n).text("general.alignment").u32(8).text("32").build(),
      /power of two/,
    ],
  ];
  test.each(cases)("%s", async (_name, bytes, reason) => {
    expect(await reasonOf(bytes)).toMatch(reason);
  });
});

test("a file cut off at any byte is refused", async () => {
  const path = join(folder, "whole.gguf");
  await writeGguf(path, {
    metadata: new Map([
      ["general.alignment", { type: "uint32", value: 32 }],
      ["flag", { type: "bool", value: true }],
      ["text", { type: "string", value: "some text" }],
      ["texts", { type: "array", itemType: "string", value: ["a", "bc"] }],
      ["numbers", { type: "array", itemType: "float64", value: Float64Array.of(1, 2) }],
    ]),
    tensors: [
      { name: "one", shape: [4, 2], type: "F32", data: () => [Buffer.alloc(32)] },
      { name: "two", shape: [3], type: "F16", data: () => [Buffer.alloc(6)] },
    ],
  });
  const bytes = await readFile(path);
  const { dataOffset } = await readGgufHeader(path);
  const lastByte = dataOffset + 32 + 6; // the padding behind the last tensor may be missing
  for (let length = 0; length < lastByte; length++) await reasonOf(bytes.subarray(0, length));
  await writeFile(path, bytes.subarray(0, lastByte));
  await readGgufHeader(path);
});

describe("a path without a file to read", () => {
  test.each([
    ["nothing there", "missing.gguf", /no such file/],
    ["a folder", ".", /a folder/],
    ["a path through a file", "0.gguf/x.gguf", /no such file/],
    ["a zero byte", "a\0b", /not a path/],
  ])("%s", async (_name, relative, reason) => {
    const error = await failureOf(readGgufHeader(`${folder}/${relative}`));
    expect(error.code).toBe("model_file_missing");
    expect(error.fields["reason"]).toMatch(reason);
    expect(error.message).toMatch(/Check the path/);
  });
});
