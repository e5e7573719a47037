import { MemwellError } from "../../errors";
import { statOrNull, systemCodeOf } from "../folder";
import { hashFile, hashKindOf } from "./hash-file";
import type { VerifiedFile, VerifyOptions } from "./verify-contract";

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
