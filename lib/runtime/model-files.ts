import { realpathSync } from "node:fs";
import type { Config, ModelReference } from "../config";
import { MemwellError, toMemwellError } from "../errors";
import { tryShare, type FileLock } from "../hub";
import {
  fetchModel,
  locateModel,
  type FetchEvent,
  type LocatedModel,
  type MakeRoom,
  type Sizing,
} from "./model-source";

interface Fetching {
  done: Promise<LocatedModel>;
  last: FetchEvent | null;
  listeners: Set<(event: FetchEvent) => void>;
}

export interface FetchOptions {
  /** Ends the wait, not the download. */
  signal?: AbortSignal | undefined;
  onEvent?: ((event: FetchEvent) => void) | undefined;
}

/**
 * The files of the models in the settings. One download for everyone who waits for the same model: it belongs to no
 * request, and goes on when the one that began it leaves.
 */
export class ModelFiles {
  readonly #located = new Map<string, LocatedModel>();
  readonly #fetching = new Map<string, Fetching>();
  readonly #closing = new AbortController();

  /** @param makeRoom called before a download with its bytes. */
  constructor(
    private readonly config: Config,
    private readonly makeRoom: MakeRoom,
  ) {}

  /** Where the files are, if they were found before; `key`: as `ensure` was called with. */
  located(key: string): LocatedModel | null {
    return this.#located.get(key) ?? null;
  }

  /** How far the download is that runs now; null when there is none. */
  progress(key: string): FetchEvent | null {
    return this.#fetching.get(key)?.last ?? null;
  }

  /**
   * The files, downloaded if need be.
   *
   * @param sizing null for an adapter, which is not weighed.
   * @throws MemwellError whatever kept them from being had; the next call tries again.
   */
  async ensure(
    key: string,
    reference: ModelReference,
    sizing: Sizing | null,
    options: FetchOptions = {},
  ): Promise<LocatedModel> {
    const known = this.#located.get(key);
    if (known !== undefined && (await isStillThere(this.config, reference, known))) return known;
    const fetching = this.#fetching.get(key) ?? this.#fetch(key, reference, sizing);
    const { onEvent, signal } = options;
    if (onEvent !== undefined) fetching.listeners.add(onEvent);
    if (fetching.last !== null) onEvent?.(fetching.last);
    try {
      return await orAborted(fetching.done, signal);
    } finally {
      if (onEvent !== undefined) fetching.listeners.delete(onEvent);
    }
  }

  /** Ends every download; what has arrived stays for the next start. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled([...this.#fetching.values()].map(({ done }) => done));
  }

  #fetch(key: string, reference: ModelReference, sizing: Sizing | null): Fetching {
    const listeners = new Set<(event: FetchEvent) => void>();
    const done = fetchModel(this.config, reference, {
      sizing,
      signal: this.#closing.signal,
      makeRoom: this.makeRoom,
      onEvent: (event) => {
        fetching.last = event;
        for (const listener of listeners) listener(event);
      },
    }).then((located) => {
      this.#located.set(key, located);
      return located;
    });
    const fetching: Fetching = { done, last: null, listeners };
    this.#fetching.set(key, fetching);
    const forget = (): void => void this.#fetching.delete(key);
    done.then(forget, forget);
    return fetching;
  }
}

/**
 * Marks files as in use, so that nobody who cleans the cache removes them.
 *
 * @returns what to call once they are not used any more.
 */
export function holdFiles(paths: readonly string[]): () => void {
  const locks: FileLock[] = [];
  for (const path of paths) {
    try {
      const lock = tryShare(realpathSync(path));
      if (lock !== null) locks.push(lock);
    } catch {
      // A file that cannot be locked is loaded all the same: whoever removes it then does no harm to what is in memory.
    }
  }
  return () => {
    for (const lock of locks) lock.release();
  };
}

/** A model of the Hub may have been removed from the cache since; a path is looked at when it is loaded. */
async function isStillThere(config: Config, reference: ModelReference, known: LocatedModel): Promise<boolean> {
  if (reference.type === "path") return true;
  const pinned = { ...reference, revision: known.commit_hash };
  const found = await locateModel(config, pinned, null).catch(() => null);
  return found !== null;
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let leave = (): void => {};
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(new MemwellError("aborted", "Waiting for a download was cancelled; the download goes on."));
  });
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([work, left]);
  } catch (thrown) {
    throw toMemwellError(thrown);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}
