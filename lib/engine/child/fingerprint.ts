import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { Llama } from "node-llama-cpp";

/**
 * Size, time of change, and blocks from all over a file: costs little on a file of gigabytes, and another model is another
 * fingerprint even where a fine-tune has the size and the header of what it came from.
 */
export async function fingerprintFile(path: string): Promise<string> {
  const blockBytes = 64 * 1024;
  const blocks = 64;
  const file = await open(path);
  try {
    const { size, mtimeMs } = await file.stat();
    const hash = createHash("sha256").update(`${size}|${mtimeMs}`);
    for (let index = 0; index < blocks; index++) {
      const position = Math.floor((Math.max(0, size - blockBytes) * index) / (blocks - 1));
      const { buffer, bytesRead } = await file.read(Buffer.alloc(blockBytes), 0, blockBytes, position);
      hash.update(buffer.subarray(0, bytesRead));
    }
    return hash.digest("hex");
  } finally {
    await file.close();
  }
}

export function hashText(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export function libraryVersion(library: Llama): string {
  return `${library.llamaCppRelease.repo}@${library.llamaCppRelease.release}`;
}
