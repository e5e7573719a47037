import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MemwellError } from "../../../lib/errors";
import {
  checkAdapterFile,
  checkModelFile,
  readGgufHeader,
  writeSyntheticAdapter,
  writeSyntheticModel,
} from "../../../lib/gguf";
import { corruptGguf } from "../../fixtures/corrupt";
import { microShape, scratchFolder } from "./helpers";

const folder = scratchFolder();

/** Checks `count` damaged copies; what is thrown must be typed, and most damage must be noticed. */
async function outcomes(
  path: string,
  check: (path: string) => Promise<unknown>,
  count: number,
): Promise<Map<string, number>> {
  const bytes = await readFile(path);
  const { dataOffset } = await readGgufHeader(path);
  const damagedPath = join(folder, "damaged.gguf");
  const found = new Map<string, number>();
  for (let seed = 0; seed < count; seed++) {
    await writeFile(damagedPath, corruptGguf(bytes, seed, dataOffset));
    const outcome = await check(damagedPath).then(
      () => "accepted",
      (thrown: unknown) => {
        if (thrown instanceof MemwellError) return thrown.code;
        throw new Error(`seed ${seed}: an untyped error`, { cause: thrown });
      },
    );
    found.set(outcome, (found.get(outcome) ?? 0) + 1);
  }
  return found;
}

// Thousands of small files on a busy machine: nothing here waits, but the default limit is too short.
const TIMEOUT_MS = 300_000;

test(
  "a thousand damaged models are refused with a typed error, or are still whole",
  { timeout: TIMEOUT_MS },
  async () => {
    const path = join(folder, "model.gguf");
    await writeSyntheticModel(path, microShape);
    const found = await outcomes(path, checkModelFile, 1000);
    expect([...found.keys()].sort()).toEqual(["accepted", "model_file_invalid"]);
    expect(found.get("model_file_invalid")).toBeGreaterThan(800);
  },
);

test("three hundred damaged adapters likewise", { timeout: TIMEOUT_MS }, async () => {
  const path = join(folder, "adapter.gguf");
  await writeSyntheticAdapter(path, { name: "a", seed: 1, base: microShape, rank: 4, alpha: 8, strength: 1 });
  const found = await outcomes(path, checkAdapterFile, 300);
  expect(
    [...found.keys()].every((outcome) => ["accepted", "model_file_invalid", "adapter_invalid"].includes(outcome)),
  ).toBe(true);
  expect(found.get("accepted") ?? 0).toBeLessThan(100);
});

test("the same seed does the same damage, and the original stays as it was", () => {
  const bytes = Buffer.alloc(1000, 7);
  expect(corruptGguf(bytes, 3).equals(corruptGguf(bytes, 3))).toBe(true);
  expect(bytes.equals(Buffer.alloc(1000, 7))).toBe(true);
});
