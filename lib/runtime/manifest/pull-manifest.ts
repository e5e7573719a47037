import { realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readManifest, type ManifestEntry } from "../../audit";
import type { Config } from "../../config";
import { toMemwellError, type MemwellError } from "../../errors";
import { withDatabase } from "../database";
import { makeRoom } from "../disk-budget";
import type { MakeRoom } from "../model-source";
import type { ManifestEvent, ManifestSource, PulledEntry, PulledManifest } from "./contract";
import { byRevision, downloadEntry, listFor, type DownloadGiven } from "./download";
import { findInCache, lookAt, type Found } from "./look";
import { inTheWay, place } from "./place";

export interface PullManifestOptions {
  signal?: AbortSignal | undefined;
  onEvent?: ((event: ManifestEvent) => void) | undefined;
  /** Copies instead of links, for a folder that is to do without the cache. */
  copy?: boolean | undefined;
  /** Does not hash what links to a blob of the cache: for a start that is not to read gigabytes. */
  trustsCache?: boolean | undefined;
}

/**
 * Puts each file of a manifest at its path: what is there stays, what the Hugging Face cache of this machine has is linked,
 * the rest is downloaded into that cache, and linked. All of it is checked by its sha256. What fails does not keep the
 * others from coming; interrupted, the same call goes on.
 *
 * @param path of the manifest; its entries' paths count from its folder
 * @throws MemwellError `not_found`, `invalid_json`, `invalid_request` for the manifest; `aborted`
 */
export async function pullManifest(
  config: Config,
  path: string,
  options: PullManifestOptions = {},
): Promise<PulledManifest> {
  const manifest = resolve(path);
  readManifest(manifest);
  // What was downloaded for one entry must not go to make room for the next.
  const keeping = { ...config, manifest };
  return withDatabase(config, (database) =>
    pullEntries(keeping, manifest, {
      ...options,
      makeRoom: (bytes, repo, signal) => makeRoom(keeping, database, { bytes, repo, signal }),
    }),
  );
}

/** As `pullManifest`, for who has the database already. */
export async function pullEntries(
  config: Config,
  manifest: string,
  options: PullManifestOptions & { makeRoom: MakeRoom },
): Promise<PulledManifest> {
  const { entries } = readManifest(manifest);
  const pull = new Pull(config, realpathSync(dirname(manifest)), options);
  const missing: Missing[] = [];
  for (const entry of entries) {
    const found = await pull.withoutHub(entry);
    if (found !== null) missing.push({ entry, found });
  }
  const foundOf = new Map(missing.map(({ entry, found }) => [entry, found]));
  for (const group of byRevision(missing.map(({ entry }) => entry))) await pull.fromHub(group, foundOf);
  return { folder: pull.folder, entries: entries.flatMap(({ path }) => pull.pulled.get(path) ?? []) };
}

interface Missing {
  entry: ManifestEntry;
  found: Found;
}

class Pull {
  readonly pulled = new Map<string, PulledEntry>();
  readonly #given: DownloadGiven;

  constructor(
    readonly config: Config,
    readonly folder: string,
    readonly options: PullManifestOptions & { makeRoom: MakeRoom },
  ) {
    const { signal, makeRoom } = options;
    this.#given = { signal, makeRoom, onEvent: (event) => this.#say({ type: "fetch", event }) };
  }

  /** What stands at its path, when it must be downloaded; null when there is nothing more to do. */
  async withoutHub(entry: ManifestEntry): Promise<Found | null> {
    const { signal, trustsCache = false } = this.options;
    let left: Found | null = null;
    await this.#try(entry, async () => {
      const found = await lookAt(this.config, this.folder, entry, { signal, trustsCache });
      if (found === "right") return "folder";
      if (found === "other") throw inTheWay(join(this.folder, entry.path));
      const cached = await findInCache(this.config, entry, signal);
      if (cached !== null) return this.#place(entry, found, cached, "cache");
      left = found;
      return null;
    });
    return left;
  }

  /** Entries of one repository at one commit. */
  async fromHub(group: readonly ManifestEntry[], foundOf: ReadonlyMap<ManifestEntry, Found>): Promise<void> {
    const [first] = group;
    if (first === undefined) return;
    try {
      const listing = await listFor(this.config, first, this.#given);
      for (const entry of group)
        await this.#try(entry, async () => {
          const cached = await downloadEntry(this.config, listing, entry, this.#given);
          return this.#place(entry, foundOf.get(entry) ?? "nothing", cached, "hub");
        });
    } catch (thrown) {
      const error = this.#unlessAborted(thrown);
      for (const entry of group) this.#failed(entry, error);
    }
  }

  async #place(entry: ManifestEntry, found: Found, cached: string, source: ManifestSource): Promise<ManifestSource> {
    const { copy = false } = this.options;
    const replaced = found === "stand-in" ? "stand-in" : "nothing";
    await place(this.folder, entry.path, cached, { replaced, copy, size: entry.size });
    return source;
  }

  async #try(entry: ManifestEntry, work: () => Promise<ManifestSource | null>): Promise<void> {
    try {
      const source = await work();
      if (source === null) return;
      this.pulled.set(entry.path, { ...aboutEntry(entry), source, error: null });
      this.#say({ type: "entry", path: entry.path, source });
    } catch (thrown) {
      this.#failed(entry, this.#unlessAborted(thrown));
    }
  }

  #failed(entry: ManifestEntry, error: MemwellError): void {
    const record = error.toRecord();
    this.pulled.set(entry.path, { ...aboutEntry(entry), source: null, error: record });
    this.#say({ type: "entry-failed", path: entry.path, error: record });
  }

  #unlessAborted(thrown: unknown): MemwellError {
    const error = toMemwellError(thrown);
    if (error.code === "aborted" || this.options.signal?.aborted) throw error;
    return error;
  }

  #say(event: ManifestEvent): void {
    this.options.onEvent?.(event);
  }
}

function aboutEntry({ path, repo, file, revision, sha256, size }: ManifestEntry) {
  return { path, repo, file, revision, sha256, size };
}
