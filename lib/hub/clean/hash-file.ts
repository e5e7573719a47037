import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { MemwellError } from "../../errors";

/** Large enough for the disk, small enough that hashing one holds nobody up: about half a millisecond. */
const CHUNK_BYTES = 1 << 20;

export type HashKind = "sha256" | "git-sha1";

/** What a blob's name is a hash of: 64 hex digits are the content's sha256, 40 the git-sha1 of a small file. */
export function hashKindOf(hash: string): HashKind {
  return hash.length === 64 ? "sha256" : "git-sha1";
}

/**
 * The hash of a file's content in hex, read bit by bit. A git-sha1 is the sha1 of `blob <size>\0` and the content (git,
 * `object-file.c`).
 *
 * @param options.onBytes told after each chunk how many bytes it had.
 * @returns null for what is no file, such as a pipe.
 * @throws MemwellError `aborted`, and what `open` throws: `ENOENT`, `EACCES`.
 */
export async function hashFile(
  path: string,
  kind: HashKind,
  options: { signal?: AbortSignal | undefined; onBytes?: (bytes: number) => void } = {},
): Promise<string | null> {
  // Without O_NONBLOCK opening a pipe would wait for somebody to write to it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return null;
    const hash = createHash(kind === "sha256" ? "sha256" : "sha1");
    if (kind === "git-sha1") hash.update(`blob ${stats.size}\0`);
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      if (options.signal?.aborted) throw new MemwellError("aborted", "Checking the cache was cancelled.");
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, null);
      if (bytesRead === 0) return hash.digest("hex");
      hash.update(chunk.subarray(0, bytesRead));
      options.onBytes?.(bytesRead);
    }
  } finally {
    await file.close();
  }
}
