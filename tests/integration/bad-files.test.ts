import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { toMemwellError } from "../../lib/errors";
import { readGgufHeader } from "../../lib/gguf";
import { corruptGguf } from "../fixtures/corrupt";
import { ensureFixtureAdapter, ensureFixtureModel } from "../fixtures/models";
import { closeAtEnd, collect, EngineProcess, loadSettings, realChildren, temporaryFolder } from "./support";

/** Model files nobody should trust: each ends in a clear error or in a model that works, and this process lives on. */
const MUTATIONS = 1000;
const folder = temporaryFolder();
const source = realChildren({ keepSpare: true });
closeAtEnd(source);
let modelPath: string;
let model: Buffer;
let headerBytes: number;

beforeAll(async () => {
  modelPath = await ensureFixtureModel("tiny");
  model = await readFile(modelPath);
  headerBytes = (await readGgufHeader(modelPath)).dataOffset;
});

/** The code of the error a file ends in, or "answers" when the model works all the same. */
async function outcomeOf(path: string, adapterPath: string | null = null): Promise<{ code: string; message: string }> {
  const adapter = adapterPath === null ? null : { path: adapterPath, scale: 1 };
  const engine = new EngineProcess(
    loadSettings(path, { contexts: [{ name: "base", adapter }], contextSize: 256, sequences: 1 }),
    source,
    { startMs: 30_000, loadStallMs: 30_000, graceMs: 500, abortMs: 30_000 },
  );
  try {
    const answer = await collect(
      engine.generate({ prompt: { messages: [{ role: "user", content: "Hi" }] }, maxTokens: 2 }),
    );
    return answer.failed?.error ?? { code: "answers", message: "" };
  } catch (thrown) {
    return toMemwellError(thrown);
  } finally {
    await engine.close();
  }
}

describe("a model file that is none", () => {
  it.each([
    ["is missing", null, "model_file_missing"],
    ["is empty", Buffer.alloc(0), "model_file_invalid"],
    ["is a picture", Buffer.from("\x89PNG\r\n\x1a\n0000000000000000000000000"), "model_file_invalid"],
    ["is only a magic number", Buffer.from("GGUF"), "model_file_invalid"],
  ])("%s", async (name, bytes, code) => {
    const path = join(folder, `${name.replaceAll(" ", "-")}.gguf`);
    if (bytes !== null) await writeFile(path, bytes);
    const outcome = await outcomeOf(path);
    expect(outcome.code).toBe(code);
    expect(outcome.message).toContain(path);
  });

  it("is a folder", async () => {
    expect((await outcomeOf(folder)).code).toBe("model_file_missing");
  });

  it.each([0.1, 0.5, 0.9, 0.999])("is cut off at %f of its length", async (share) => {
    const path = join(folder, `cut-${share}.gguf`);
    await writeFile(path, model.subarray(0, Math.floor(model.length * share)));
    expect((await outcomeOf(path)).code).toBe("model_file_invalid");
  });

  it("is an adapter", async () => {
    const outcome = await outcomeOf(await ensureFixtureAdapter("tiny"));
    expect(outcome.code).toBe("model_file_invalid");
  });
});

describe("an adapter", () => {
  it("of another base is refused before a process is spent on it", async () => {
    const outcome = await outcomeOf(await ensureFixtureModel("small"), await ensureFixtureAdapter("tiny"));
    expect(outcome.code).toBe("adapter_invalid");
  });

  it("that is a model is refused", async () => {
    expect((await outcomeOf(modelPath, modelPath)).code).toBe("adapter_invalid");
  });

  it("that is missing is named", async () => {
    const missing = join(folder, "no-adapter.gguf");
    const outcome = await outcomeOf(modelPath, missing);
    expect(outcome.code).toBe("model_file_missing");
    expect(outcome.message).toContain(missing);
  });
});

describe("a corrupted file", () => {
  it(
    `${MUTATIONS} seeded mutations of header and tensor table: each a typed error or a working model`,
    async () => {
      const expected = new Set([
        "answers",
        "model_file_invalid",
        "model_unsupported",
        "engine_crashed",
        // A model whose special tokens or chat template were hit loads, and then cannot show a conversation.
        "invalid_request",
      ]);
      const outcomes = new Map<string, number>();
      const surprises: string[] = [];
      const one = async (seed: number): Promise<void> => {
        const path = join(folder, `mutation-${seed % 4}.gguf`);
        await writeFile(path, corruptGguf(model, seed, headerBytes));
        const outcome = await outcomeOf(path);
        outcomes.set(outcome.code, (outcomes.get(outcome.code) ?? 0) + 1);
        if (!expected.has(outcome.code) || outcome.code === "internal")
          surprises.push(`seed ${seed}: ${outcome.code} ${outcome.message}`);
      };
      const lane = async (first: number): Promise<void> => {
        for (let seed = first; seed < MUTATIONS; seed += 2) await one(seed);
      };
      await Promise.all([lane(0), lane(1)]);
      expect(surprises).toEqual([]);
      expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(MUTATIONS);
      expect(outcomes.get("model_file_invalid")).toBeGreaterThan(MUTATIONS / 2);
    },
    10 * 60_000,
  );
});
