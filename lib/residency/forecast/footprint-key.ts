import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { LoadSettings } from "../../engine";

const SAMPLE_BYTES = 1024 ** 2;

/**
 * Head, tail and size of a model file as one hash (SHA-256, 64 hexadecimal digits): tells models of different
 * shape apart, at the same cost for a file of any size. Weights that differ only in between have the same footprint.
 *
 * @throws what opening or reading the file throws
 */
export async function fingerprintModelFile(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const length = Math.min(SAMPLE_BYTES, size);
    const hash = createHash("sha256").update(`${size}\n`);
    for (const position of [0, size - length]) {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
      hash.update(buffer.subarray(0, bytesRead));
    }
    return hash.digest("hex");
  } finally {
    await file.close();
  }
}

/**
 * The key of a measured peak: the model, every setting that changes its memory, and the library that holds it. Paths,
 * names of contexts and scales of adapters change nothing, and threads next to nothing.
 */
export function footprintKey(parts: {
  fingerprint: string;
  settings: LoadSettings;
  adapters: readonly { fileBytes: number }[];
  libraryVersion: string;
}): string {
  const { fingerprint, settings, adapters, libraryVersion } = parts;
  const { contexts, contextSize, sequences, batchSize, gpu, kvType } = settings;
  const adapterBytes = adapters.map(({ fileBytes }) => fileBytes).sort((left, right) => left - right);
  const relevant = [contexts.length, contextSize, sequences, batchSize, gpu, adapterBytes, kvType ?? "F16"];
  return createHash("sha256")
    .update(JSON.stringify([fingerprint, relevant, libraryVersion]))
    .digest("hex");
}
