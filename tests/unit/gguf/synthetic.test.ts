import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  SYNTHETIC_TYPES,
  checkModelFile,
  parameterCount,
  readGgufHeader,
  writeSyntheticModel,
} from "../../../lib/gguf";
import { TOKEN_CLASSES, tokenBehaviour } from "../../../lib/gguf/token-logits";
import { BYTE_ALPHABET, buildVocabulary, minimumVocabularySize } from "../../../lib/gguf/vocabulary";
import { FIXTURE_SHAPES, ensureFixtureAdapter, ensureFixtureModel } from "../../fixtures/models";
import { microShape, scratchFolder } from "./helpers";

const folder = scratchFolder();

async function sha256(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}

describe("a synthetic model", () => {
  test("has the same bytes for the same shape, and others for another seed", async () => {
    const paths = ["a", "b", "c"].map((name) => join(folder, name));
    const shapes = [microShape, microShape, { ...microShape, seed: 6 }];
    for (const [index, path] of paths.entries()) await writeSyntheticModel(path, shapes[index] ?? microShape);
    const [first, second, third] = await Promise.all(paths.map(sha256));
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test.each(SYNTHETIC_TYPES)("in %s is sound and mostly of that type", async (quantization) => {
    const path = join(folder, `${quantization}.gguf`);
    const shape = { ...microShape, quantization, blockCount: 3, embeddingLength: 256, feedForwardLength: 512 };
    await writeSyntheticModel(path, shape);
    expect(await checkModelFile(path)).toMatchObject({ quantization, parameters: parameterCount(shape) });
    const norms = (await readGgufHeader(path)).tensors.filter((tensor) => tensor.name.includes("norm"));
    expect(norms.every((tensor) => tensor.type === "F32")).toBe(true);
  });

  test.each([
    ["embeddingLength", 48],
    ["embeddingLength", 0],
    ["feedForwardLength", 100],
    ["headCount", 3],
    ["headCountKv", 0],
    ["blockCount", 1.5],
    ["vocabularySize", 200],
  ])("is not written when %s is %s", async (field, value) => {
    await expect(writeSyntheticModel(join(folder, "never"), { ...microShape, [field]: value })).rejects.toThrow(
      TypeError,
    );
    expect(await readdir(folder)).not.toContain("never");
  });

  test("has the sizes its name promises", () => {
    expect(parameterCount(FIXTURE_SHAPES.m135) / 1e6).toBeCloseTo(134.5, 0);
    expect(parameterCount(FIXTURE_SHAPES.b1_1) / 1e9).toBeCloseTo(1.1, 1);
  });
});

/** Byte-level BPE as llama.cpp does it: the most urgent merge first, the leftmost of equals. */
function encodeWord(word: string, ranks: Map<string, number>): string[] {
  const parts = [...word];
  for (;;) {
    let best = Infinity;
    let at = -1;
    for (let index = 0; index + 1 < parts.length; index++) {
      const rank = ranks.get(`${parts[index]} ${parts[index + 1]}`) ?? Infinity;
      if (rank < best) [best, at] = [rank, index];
    }
    if (at < 0) return parts;
    parts.splice(at, 2, `${parts[at]}${parts[at + 1]}`);
  }
}

describe("a vocabulary", () => {
  test.each([259, 260, 261, 300, 400, 1024, 4096, 24576])("of %s tokens is exactly what its merges make", (size) => {
    const vocabulary = buildVocabulary(size, 3, false);
    expect(vocabulary.tokens.length).toBe(size);
    expect(new Set(vocabulary.tokens).size).toBe(size);
    expect(vocabulary.tokens.slice(0, 256)).toEqual(BYTE_ALPHABET);
    const ranks = new Map(vocabulary.merges.map((merge, rank) => [merge, rank]));
    const merged = vocabulary.tokens.slice(256, vocabulary.endOfText);
    expect(merged.length).toBe(vocabulary.merges.length);
    for (const token of merged) expect(encodeWord(token, ranks)).toEqual([token]);
  });

  test("of a thinking model has words of its own for thoughts", () => {
    const { answerWords, thoughtWords } = buildVocabulary(1024, 3, true);
    const shared = answerWords.spaced.filter((token) => thoughtWords.spaced.includes(token));
    expect(shared).toEqual([]);
  });

  test("cannot be smaller than its bytes and marks", () => {
    expect(() => buildVocabulary(minimumVocabularySize(true) - 1, 1, true)).toThrow(TypeError);
    expect(buildVocabulary(minimumVocabularySize(true), 1, true).merges).toEqual([]);
  });
});

describe("what a model may say", () => {
  const after = (name: (typeof TOKEN_CLASSES)[number], size: number, thinks: boolean) => {
    const vocabulary = buildVocabulary(size, 3, thinks);
    const logits = tokenBehaviour(vocabulary).logits[TOKEN_CLASSES.indexOf(name)] as Float32Array;
    const weights = logits.map((logit) => Math.exp(logit));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return { vocabulary, share: (token: number | null) => (weights[token ?? -1] ?? 0) / total };
  };

  test.each([261, 400, 1024])("a thinking model of %s tokens thinks first, once, and then answers", (size) => {
    const first = after("prompt", size, true);
    expect(first.share(first.vocabulary.thoughtStart)).toBeGreaterThan(0.999);
    const thought = after("thought", size, true);
    expect(thought.share(thought.vocabulary.thoughtEnd)).toBeCloseTo(1 / 65, 2);
    expect(thought.share(thought.vocabulary.messageEnd)).toBeLessThan(1e-6);
    const answer = after("answer", size, true);
    expect(answer.share(answer.vocabulary.thoughtEnd)).toBeLessThan(1e-6);
    expect(answer.share(answer.vocabulary.messageEnd)).toBeCloseTo(1 / 130, 2);
  });

  test("no model writes bytes beyond ASCII", () => {
    for (const name of TOKEN_CLASSES) {
      const { share } = after(name, 1024, false);
      // A class no token belongs to says nothing: all its logits are equal.
      if (name.startsWith("thought")) continue;
      for (let byte = 128; byte < 256; byte++) expect(share(byte)).toBeLessThan(1e-6);
    }
  });
});

describe("a fixture", () => {
  test("asked for twice at once is one whole file", async () => {
    const directory = join(folder, "fixtures");
    const paths = await Promise.all([
      ensureFixtureModel("tiny", { directory }),
      ensureFixtureModel("tiny", { directory }),
      ensureFixtureAdapter("tiny", { directory }),
    ]);
    expect(paths[0]).toBe(paths[1]);
    await checkModelFile(paths[0]);
    expect(await readdir(directory)).toHaveLength(2);
  });
});
