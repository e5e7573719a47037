import { existsSync } from "node:fs";
import type { Config } from "../config";
import { MemwellError } from "../errors";
import type { FetchEvent } from "./fetch-events";
import { ManifestFiles } from "./manifest/manifest-files";
import { fetchModel, locateModel, type LocatedModel, type MakeRoom, type Wanted } from "./model-source";

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
 * request, and goes on when the one that began it leaves. Downloads take turns: two at once would share the network, and
 * each would reckon with a disk that the other fills.
 */
export class ModelFiles {
  readonly #located = new Map<string, LocatedModel>();
  readonly #fetching = new Map<string, Fetching>();
  readonly #closing = new AbortController();
  readonly #manifest: ManifestFiles | null;
  #turn: Promise<unknown> = Promise.resolve();

  /**
   * @param makeRoom called before a download with the bytes that are missing.
   * @throws MemwellError `invalid_setting` for a manifest that cannot be read
   */
  constructor(
    private readonly config: Config,
    private readonly makeRoom: MakeRoom,
  ) {
    const { manifest } = config;
    this.#manifest =
      manifest === null ? null : new ManifestFiles(config, manifest, makeRoom, (work) => this.#inTurn(work));
  }

  /** Pulls the manifest of the settings, when they name one; what fails is told. */
  async prepareManifest(warn: (warning: string) => void): Promise<void> {
    await this.#manifest?.prepare(warn);
  }

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
   * @throws MemwellError whatever kept them from being had; the next call tries again. `engine_closed` after `close`.
   */
  async ensure(key: string, wanted: Wanted, options: FetchOptions = {}): Promise<LocatedModel> {
    const known = this.#located.get(key);
    // A path is looked at when it is loaded, which says best what is wrong with it; but a manifest may bring it again.
    const isFixed = known?.repo === null && this.#manifest === null;
    if (known !== undefined && (isFixed || known.paths.every((path) => existsSync(path)))) return known;
    const fetching = this.#fetching.get(key) ?? this.#fetch(key, wanted);
    const { onEvent, signal } = options;
    if (onEvent !== undefined) fetching.listeners.add(onEvent);
    if (fetching.last !== null) onEvent?.(fetching.last);
    try {
      return await orAborted(fetching.done, signal);
    } finally {
      if (onEvent !== undefined) fetching.listeners.delete(onEvent);
    }
  }

  /**
   * The files, downloaded if need be for this caller alone: when `signal` is aborted the download ends, and what has arrived
   * stays for the next try.
   *
   * @param options.refresh asks the Hub whether there is something newer than what the cache has
   * @throws MemwellError as `ensure`; `aborted`
   */
  async fetch(
    key: string,
    wanted: Wanted,
    { signal, onEvent, refresh }: { signal: AbortSignal; onEvent: (event: FetchEvent) => void; refresh: boolean },
  ): Promise<LocatedModel> {
    const fetched = this.#inTurn((stop) =>
      fetchModel(this.config, wanted, {
        signal: AbortSignal.any([stop, signal]),
        makeRoom: this.makeRoom,
        onEvent,
        refresh,
      }),
    );
    const located = await orAborted(fetched, signal);
    this.#located.set(key, located);
    return located;
  }

  /** Ends every download; what has arrived stays for the next start. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled([...this.#fetching.values()].map(({ done }) => done));
  }

  #fetch(key: string, wanted: Wanted): Fetching {
    const listeners = new Set<(event: FetchEvent) => void>();
    const tell = (event: FetchEvent): void => {
      fetching.last = event;
      for (const listener of listeners) listener(event);
    };
    const done = this.#find(wanted, tell).then((located) => {
      this.#located.set(key, located);
      return located;
    });
    const fetching: Fetching = { done, last: null, listeners };
    this.#fetching.set(key, fetching);
    const forget = (): void => void this.#fetching.delete(key);
    done.then(forget, forget);
    return fetching;
  }

  async #find(wanted: Wanted, onEvent: (event: FetchEvent) => void): Promise<LocatedModel> {
    const located = await locateModel(this.config, wanted);
    for (const path of located?.repo === null ? located.paths : []) await this.#manifest?.ensure(path, onEvent);
    if (located !== null) return located;
    return this.#inTurn((signal) => fetchModel(this.config, wanted, { signal, makeRoom: this.makeRoom, onEvent }));
  }

  /** One after the other; `signal` is aborted when all are to end. */
  #inTurn<Result>(fetch: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const { signal } = this.#closing;
    const fetched = this.#turn.then(() => {
      if (signal.aborted) throw closed();
      return fetch(signal);
    });
    this.#turn = fetched.catch(() => {});
    return fetched.catch((thrown: unknown) => {
      throw signal.aborted ? closed() : thrown;
    });
  }
}

function closed(): MemwellError {
  return new MemwellError("engine_closed", "Memwell is shutting down. Ask again once it has started anew.");
}

/** What somebody waits for, until he leaves. @throws MemwellError `aborted` */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let leave = (): void => {};
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(new MemwellError("aborted", "Waiting for a download was cancelled; the download goes on."));
  });
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([work, left]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}
