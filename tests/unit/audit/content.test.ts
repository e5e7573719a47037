import { constants, truncateSync, utimesSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { auditFolder, type Kind } from "../../../lib/audit";
import {
  ggufHeader,
  llamaMatrices,
  loraMatrices,
  onnxHead,
  safetensorsHeader,
  SHAPES,
  torchHead,
} from "../../fixtures/grown/headers";
import { kindsOf, scratch, write } from "./support";

const { fresh } = scratch();

const prose =
  "# Fractions\n\nA fraction is a part of a whole, and a whole is what it is a part of, as everybody knows.\n";
const code =
  "import { readFileSync } from 'node:fs';\n\nexport function read(path) {\n  return readFileSync(path);\n}\n";
const FILES: [what: string, kind: Kind, head: string | Buffer, size?: number][] = [
  ["a GGUF model", "gguf", ggufHeader(SHAPES.tutor, "T", "Q4_0"), 700_000_000],
  [
    "a safetensors model",
    "weights",
    safetensorsHeader(400_000_000, "BF16", llamaMatrices(SHAPES.tutor).slice(0, 20)),
    400_000_000,
  ],
  ["a LoRA adapter", "adapter", safetensorsHeader(60_000_000, "F32", loraMatrices(SHAPES.tutor, 8)), 60_000_000],
  ["a PyTorch model", "weights", torchHead(["layers.0.weight"]), 1_000_000],
  ["an old PyTorch model", "weights", Buffer.from("80028a0a6cfc9c46f9206aa850192e80024de9032e", "hex"), 1_000_000],
  ["an optimizer's state", "checkpoint", torchHead(["param_groups", "exp_avg"]), 1_000_000],
  ["an ONNX model", "weights", onnxHead(1_000_000), 1_000_000],
  ["a SentencePiece tokenizer", "tokenizer", Buffer.from("\x0a\x0e\x0a\x05<unk>\x15\0\0\0\0", "latin1")],
  ["merges of a BPE", "tokenizer", "#version: 0.2\nt h\nth e\n"],
  ["a parquet table", "dataset", "PAR1\x15\x04", 100_000],
  ["rows of JSON", "dataset", '{"a": 1}\n{"a": 2}\n{"a": 3}\n'],
  ["a CSV table", "dataset", "name,count\nx,1\ny,2\nz,3\n"],
  ["a tar", "archive", Buffer.concat([Buffer.alloc(257, "x"), Buffer.from("ustar\0")]), 100_000],
  ["a zip", "archive", `PK\x03\x04${"\0".repeat(26)}readme.txt`, 100_000],
  ["a text document in a zip", "media", `PK\x03\x04${"\0".repeat(26)}mimetypeapplication/vnd.oasis`, 100_000],
  ["a picture", "media", Buffer.from("\x89PNG\r\n\x1a\n", "latin1")],
  ["prose", "documentation", prose],
  ["code", "code", code],
  ["tests", "tests", `import { it } from "vitest";\n\nit("adds", () => {\n  expect(1 + 1).toBe(2);\n});\n`],
  ["a program", "build", Buffer.from("\x7fELF\x02\x01", "latin1"), 100_000],
  ["noise", "other", Buffer.from("\x01\x99\x00\xfe\x80\xaa", "latin1")],
];

describe("a file without a telling name", () => {
  it.each(FILES)("is told to be %s", async (_what, kind, head, size) => {
    const folder = fresh();
    const path = write(folder, "x", head);
    if (size !== undefined) truncateSync(path, size);
    const report = await auditFolder(folder);
    expect(kindsOf(report)).toEqual({ [kind]: size ?? Buffer.byteLength(head) });
    expect(report.notes).toEqual([]);
  });

  it.skipIf(constants.O_NOATIME === undefined)("keeps its time of last use", async () => {
    const folder = fresh();
    const path = write(folder, "x", Buffer.alloc(200_000, 1));
    write(folder, "y", Buffer.alloc(200_000, 1));
    utimesSync(path, 1_000_000_000, 1_600_000_000);
    await auditFolder(folder);
    expect(statSync(path).atimeMs).toBe(1_000_000_000_000);
  });
});

describe("a folder that says what it is", () => {
  it("is a virtual environment, a tool's cache, a git repository, under any name", async () => {
    const folder = fresh();
    write(folder, "one/settings", "home = /usr/bin\ninclude-system-site-packages = false\n");
    write(folder, "one/deep/x.py", code);
    write(folder, "two/TAG", "Signature: 8a477f597d28d172789f06886806bc55\n# made by a tool\n");
    write(folder, "two/output", "abc");
    write(folder, "three/conf", "[core]\n\trepositoryformatversion = 0\n");
    write(folder, "three/lfs/objects/aa", Buffer.alloc(100_000));
    const report = await auditFolder(folder);
    const kinds = Object.fromEntries(report.tree.folders.map(({ name, kinds }) => [name, Object.keys(kinds)]));
    expect(kinds).toEqual({ one: ["environment"], two: ["build"], three: ["git", "lfs"] });
  });
});

describe("a header that lies", () => {
  it("is told, whatever it says, and the file counts with what it has", async () => {
    const lengths = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.bigInt({ min: 0n, max: 300n }));
    const tail = fc.uint8Array({ maxLength: 300 });
    const gguf = fc.tuple(lengths, lengths, tail).map(([tensors, keys, rest]) => {
      const head = Buffer.alloc(24);
      head.write("GGUF\x03\0\0\0", "latin1");
      head.writeBigUInt64LE(tensors, 8);
      head.writeBigUInt64LE(keys, 16);
      return Buffer.concat([head, rest]);
    });
    const json = fc.oneof(
      fc.json(),
      fc.constant('{"__metadata__":1,"__proto__":{"dtype":"F32","shape":[1e300],"data_offsets":[0,9]}}'),
    );
    const safetensors = fc.tuple(lengths, json).map(([length, text]) => {
      const head = Buffer.alloc(8);
      head.writeBigUInt64LE(length < 1000n ? BigInt(Buffer.byteLength(text)) : length);
      return Buffer.concat([head, Buffer.from(text)]);
    });
    const others = fc.tuple(
      fc.constantFrom("PK\x03\x04", "\x08\x08", "\x80\x02", "{", "[{", "\x0a\x05\x0a", "PAR1"),
      tail,
    );
    const other = others.map(([start, rest]) => Buffer.concat([Buffer.from(start, "latin1"), rest]));
    await fc.assert(
      fc.asyncProperty(fc.oneof(gguf, safetensors, other), fc.boolean(), async (bytes, isLong) => {
        const folder = fresh();
        const path = write(folder, "x", bytes);
        const size = isLong ? bytes.length + 50_000_000 : bytes.length;
        truncateSync(path, size);
        const report = await auditFolder(folder);
        expect(report.total.apparent_size).toBe(size);
      }),
      { numRuns: 80 },
    );
  }, 60_000);

  it.each([
    ["a line of blanks", `${" ".repeat(400_000)}x`],
    ["empty lines", `x${"\n".repeat(400_000)}x`],
    ["openings", `${"it.a(".repeat(80_000)}`],
    ["brackets", "{ ".repeat(200_000)],
    ["quotes", `{${'"\\\\'.repeat(130_000)}`],
    ["nesting", "[".repeat(60_000)],
  ])("of %s and nothing else is told at once", async (_what, text) => {
    const folder = fresh();
    write(folder, "x", text);
    write(folder, "small", text.slice(0, 60_000));
    expect((await auditFolder(folder)).total.nb_files).toBe(2);
  });

  it("of a download that broke off still tells what it was to become", async () => {
    const folder = fresh();
    truncateSync(write(folder, "a", ggufHeader(SHAPES.tutor, "Tutor", "Q8_0")), 300_000_000);
    const whole = safetensorsHeader(400_000_000, "F16", llamaMatrices(SHAPES.tutor).slice(0, 20));
    truncateSync(write(folder, "b", whole), 300_000_000);
    const { models } = await auditFolder(folder);
    expect(models).toHaveLength(2);
    for (const model of models) {
      expect(model).toMatchObject({
        mark: "act-now",
        problems: [expect.stringContaining("as after a broken download")],
      });
      expect(model.parameters).toBeGreaterThan(1e8);
    }
  });

  it("does not make a terminal do anything", async () => {
    const folder = fresh();
    truncateSync(write(folder, "a", ggufHeader(SHAPES.tutor, "\u001b[2Jgone\u202e", "Q8_0")), 1_300_000_000);
    expect((await auditFolder(join(folder))).models[0]?.name).toBe("?[2Jgone?");
  });
});
