import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { MemwellError } from "../../errors";
import { statOrNull, systemCodeOf } from "../folder";
import type { VerifiedFile, VerifyOptions } from "./verify";

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

/** Each real file is read once for each kind of hash, however many files show it. */
export class Hashes {
  done = 0;
  readonly #total: number;
  readonly #known = new Map<string, string | null>();

  constructor(
    files: readonly VerifiedFile[],
    readonly options: VerifyOptions,
  ) {
    const keys = files.flatMap(({ path, expected, state }) =>
      path !== null && expected !== null && state === "unchecked" ? [keyOf(path, expected)] : [],
    );
    this.#total = [...new Set(keys)].reduce((sum, key) => sum + (statOrNull(pathOf(key))?.size ?? 0), 0);
  }

  async of(path: string, expected: string, file: string): Promise<string | null> {
    const key = keyOf(path, expected);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const hash = await this.#read(path, expected, file);
    this.#known.set(key, hash);
    return hash;
  }

  async #read(path: string, expected: string, file: string): Promise<string | null> {
    const { signal, onProgress } = this.options;
    const onBytes = (bytes: number) => {
      this.done += bytes;
      onProgress?.({ done: this.done, total: this.#total, file });
    };
    try {
      return await hashFile(path, hashKindOf(expected), { signal, onBytes });
    } catch (thrown) {
      if (systemCodeOf(thrown) === "ENOENT") return null;
      if (thrown instanceof MemwellError) throw thrown;
      throw unreadable(path, thrown);
    }
  }
}

function unreadable(path: string, cause: unknown): MemwellError {
  return new MemwellError(
    "cache_invalid",
    `${path} cannot be read (${systemCodeOf(cause)}). Look at its permissions and at the disk.`,
    { path, system_code: systemCodeOf(cause) },
    { cause },
  );
}

function keyOf(path: string, expected: string): string {
  return `${hashKindOf(expected)} ${path}`;
}

function pathOf(key: string): string {
  return key.slice(key.indexOf(" ") + 1);
}
