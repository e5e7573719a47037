import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { readGgufHeader, writeGguf } from "../../../lib/gguf";
import type { GgufMetadata, GgufTensorInfo, SyntheticShape } from "../../../lib/gguf";

export { failureOf } from "../../fixtures/failure-of";

/** A folder for the files of one test file, removed at its end. */
export function scratchFolder(): string {
  const folder = join(tmpdir(), `memwell-gguf-${randomBytes(6).toString("hex")}`);
  mkdirSync(folder, { recursive: true });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The smallest model that still has everything; its header has about 20 kB. */
export const microShape: SyntheticShape = {
  name: "Micro",
  seed: 5,
  blockCount: 1,
  embeddingLength: 64,
  feedForwardLength: 96,
  headCount: 2,
  headCountKv: 1,
  contextLength: 256,
  vocabularySize: 400,
  quantization: "Q8_0",
  thinks: true,
};

/** Writes a copy of a model with changed metadata or another table of tensors; the weights are zeros. */
export async function writeVariant(
  from: string,
  to: string,
  change: (metadata: GgufMetadata, tensors: Pick<GgufTensorInfo, "name" | "shape" | "type">[]) => void,
): Promise<string> {
  const header = await readGgufHeader(from);
  const metadata: GgufMetadata = new Map(header.metadata);
  const tensors = header.tensors.map(({ name, shape, type }) => ({ name, shape: [...shape], type }));
  change(metadata, tensors);
  const bytes = header.tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
  const zeros = Buffer.alloc(bytes * 8);
  const { tensorBytes } = await import("../../../lib/gguf/types");
  await writeGguf(to, {
    metadata,
    tensors: tensors.map((tensor) => ({
      ...tensor,
      data: () => [zeros.subarray(0, tensorBytes(tensor.type, tensor.shape))],
    })),
  });
  return to;
}
