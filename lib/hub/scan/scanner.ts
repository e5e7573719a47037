import type { CacheScan } from "./contract";
import { readCache, type ScanOptions } from "./scan";
import type { RepoReading } from "./entry";
import { Memory } from "./memory";
import { COARSEST_TIME_MS } from "./witness";
import type { StoreFolder } from "./shared-store";

/**
 * Scans the same cache again and again: what has not changed since the last scan is not read again. To tell, it asks every
 * folder and ref for its times, which is a tenth of the work.
 *
 * The answer is that of `scanCache`, but for two things of a repository that is remembered: when its blobs were last
 * used is what its last reading found, and a blob that was rewritten in its place, as no client of the Hub does, keeps
 * the size it had. Repositories whose links lead elsewhere than huggingface_hub's are read each time.
 *
 * What it answers it also remembers: do not change it.
 */
export class CacheScanner {
  readonly #repos: Memory<RepoReading>;
  readonly #storeFolders: Memory<StoreFolder>;
  #running: Promise<unknown> = Promise.resolve();
  #waiting: Promise<CacheScan> | null = null;

  /** `coarsestTimeMs`: what changed less than so long ago is read again; see `COARSEST_TIME_MS`. */
  constructor(
    readonly cacheDir: string,
    readonly options: ScanOptions = {},
    coarsestTimeMs = COARSEST_TIME_MS,
  ) {
    this.#repos = new Memory(coarsestTimeMs);
    this.#storeFolders = new Memory(coarsestTimeMs);
  }

  /**
   * Throws `cache_not_found` and `cache_invalid`. One scan runs at a time; who asks during one gets the next, since the
   * running one may have passed what they have just changed.
   */
  scan(): Promise<CacheScan> {
    if (this.#waiting !== null) return this.#waiting;
    const scan = this.#running.then(() => this.#read());
    this.#waiting = scan;
    this.#running = scan.catch(() => {});
    return scan;
  }

  async #read(): Promise<CacheScan> {
    this.#waiting = null;
    const readers = { repos: this.#repos, storeFolders: this.#storeFolders };
    const scan = await readCache(this.cacheDir, this.options, readers);
    this.#repos.forgetOthers();
    this.#storeFolders.forgetOthers();
    return scan;
  }
}
