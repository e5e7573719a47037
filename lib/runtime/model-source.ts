import { join } from "node:path";
import { formatModelReference, type Config, type ModelReference } from "../config";
import { MemwellError, toMemwellError } from "../errors";
import { readModel, splitParts } from "../gguf";
import {
  cachedSnapshot,
  download,
  freeBytes,
  listRepo,
  missingBytes,
  readRange,
  type GgufSet,
  type RepoListing,
  type RepoName,
} from "../hub";
import { IN_CACHE } from "./choose-quant";
import { fetchEventOf, type FetchEvent } from "./fetch-events";
import { noSuchFile, pickSet, setsOf, type HubReference, type ModelKind } from "./model-sets";
import { RemoteGguf } from "./remote-gguf";
import type { Sizing } from "./sizing";

/** Files of a model on this disk. */
export interface LocatedModel {
  /** The file to load; of a split model the first part. */
  path: string;
  /** All of them. */
  paths: string[];
  /** Null for a file that is no repository's. */
  repo: RepoName | null;
  commit_hash: string | null;
  /** Why this quant of several; null when it was named. */
  reason: string | null;
}

/** Files of a model on the Hub. */
export interface RemoteModel {
  listing: RepoListing;
  set: GgufSet;
  /** Bytes that are not in the cache yet. */
  missing: number;
  reason: string | null;
  /** Reads headers; what it has read is kept. */
  headers: RemoteGguf;
}

/** Makes room for so many bytes of a repository such as `model/ORG/NAME`, before the first of them is downloaded. */
export type MakeRoom = (bytes: number, repo: string, signal: AbortSignal | undefined) => Promise<void>;

/** What is looked for. */
export interface Wanted {
  reference: ModelReference;
  kind: ModelKind;
  /** How quants are weighed when none is named; null: the largest is taken. */
  sizing: Sizing | null;
}

/**
 * Where the files of a model are, without a word to the Hub: the path itself, or what the cache has of the revision. Null
 * when a model of the Hub is not in the cache, or not whole, or when a smaller quant on the Hub may fit where the cached do
 * not.
 *
 * @throws MemwellError `memory_exceeded` when offline, for a quant that was left out and none that fits.
 */
export async function locateModel(config: Config, wanted: Wanted): Promise<LocatedModel | null> {
  const { reference, kind, sizing } = wanted;
  if (reference.type === "path")
    return { path: reference.path, paths: splitParts(reference.path), repo: null, commit_hash: null, reason: null };
  const repo = repoOf(reference);
  const snapshot = cachedSnapshot(config.hub, repo, reference.revision ?? "main");
  if (snapshot === null) return null;
  const sets = setsOf(reference, kind, snapshot.files);
  if (sets.length === 0) return null;
  const at = (path: string): string => join(snapshot.snapshot_path, path);
  try {
    const { set, reason } = await pickSet(reference, kind, sets, {
      memoryBytes: sizing?.memoryBytes() ?? Infinity,
      diskBytes: Infinity,
      place: IN_CACHE,
      missingOf: () => 0,
      footprintOf: async ({ paths: [path = ""] }) => sizing?.footprintOf(at(path), await readModel(at(path))) ?? 0,
    });
    const paths = set.paths.map(at);
    return { path: paths[0] ?? "", paths, repo, commit_hash: snapshot.commit_hash, reason };
  } catch (thrown) {
    const error = toMemwellError(thrown);
    if (error.code === "memory_exceeded" && !config.hub.offline) return null;
    throw error;
  }
}

/**
 * Which files of a repository on the Hub a reference means. Nothing but lists and headers are read.
 *
 * @throws MemwellError `hub_offline` with the command that fetches it, `file_not_found`, `memory_exceeded`, `disk_full`,
 *   and whatever the Hub says.
 */
export async function findOnHub(
  config: Config,
  wanted: Wanted & { reference: HubReference },
  signal?: AbortSignal,
): Promise<RemoteModel> {
  const { reference, kind, sizing } = wanted;
  if (config.hub.offline) throw notCached(config, reference);
  const listing = await listRepo(config.hub, repoOf(reference), reference.revision ?? "main", { signal });
  const sets = setsOf(reference, kind, listing.files);
  if (sets.length === 0) throw noSuchFile(reference, kind, listing);
  const headers = new RemoteGguf(config.hub, listing, signal);
  const missing = await missingBySet(config, listing, sets);
  const missingOf = (set: GgufSet): number => missing.get(set) ?? set.size;
  const free = (await freeBytes(config.hub.cacheDir)) ?? Infinity;
  const { set, reason } = await pickSet(reference, kind, sets, {
    memoryBytes: sizing?.memoryBytes() ?? Infinity,
    diskBytes: Math.min(free, config.diskBudget ?? Infinity),
    place: "on the Hub",
    missingOf,
    footprintOf: async ({ paths: [path = ""] }) => sizing?.footprintOf(path, await readModel(path, headers.open)) ?? 0,
  });
  return { listing, set, missing: missingOf(set), reason, headers };
}

/**
 * The files of a model on this disk: those that are there, or else downloaded into the cache.
 *
 * @param options.refresh asks the Hub first whether there is something newer; the cache is then for when it cannot be asked.
 * @throws MemwellError as `locateModel` and `findOnHub`, and whatever ends a download.
 */
export async function fetchModel(
  config: Config,
  wanted: Wanted,
  options: {
    signal?: AbortSignal | undefined;
    onEvent?: ((event: FetchEvent) => void) | undefined;
    makeRoom?: MakeRoom | undefined;
    refresh?: boolean | undefined;
  } = {},
): Promise<LocatedModel> {
  const { reference } = wanted;
  const { refresh = false, onEvent } = options;
  const located = await locateModel(config, wanted);
  if (reference.type === "path") return located as LocatedModel;
  if (located !== null && (!refresh || config.hub.offline)) return located;
  try {
    return await downloadModel(config, { ...wanted, reference }, options);
  } catch (thrown) {
    const error = toMemwellError(thrown);
    if (located === null || error.code !== "hub_unavailable") throw error;
    onEvent?.({ type: "unreachable", error: error.toRecord() });
    return located;
  }
}

async function downloadModel(
  config: Config,
  wanted: Wanted & { reference: HubReference },
  { signal, onEvent, makeRoom }: Parameters<typeof fetchModel>[2] & object,
): Promise<LocatedModel> {
  onEvent?.({ type: "resolving" });
  const { listing, set, missing, reason } = await findOnHub(config, wanted, signal);
  if (reason !== null) onEvent?.({ type: "chosen", reason, bytes: set.size });
  if (missing > 0 && makeRoom !== undefined) {
    // A repository may list its files and give none: nothing is removed for that.
    await readRange(config.hub, listing, set.paths[0] ?? "", 0, 1, { signal });
    await makeRoom(missing, `model/${listing.repo.repo_id}`, signal);
  }
  for await (const event of download(config.hub, { listing, paths: set.paths }, { signal })) {
    if (event.type === "failed") throw MemwellError.fromRecord(event.error);
    if (event.type === "done") {
      const paths = set.paths.map((path) => join(event.snapshot_path, path));
      return { path: paths[0] ?? "", paths, repo: listing.repo, commit_hash: listing.commit_hash, reason };
    }
    const heard = fetchEventOf(event);
    if (heard !== null) onEvent?.(heard);
  }
  throw new MemwellError("internal", "A download ended without saying how (a bug in Memwell: please report it).");
}

async function missingBySet(config: Config, listing: RepoListing, sets: readonly GgufSet[]) {
  const files = new Map(listing.files.map((file) => [file.path, file]));
  const missing = new Map<GgufSet, number>();
  for (const set of sets) {
    const parts = set.paths.flatMap((path) => files.get(path) ?? []);
    missing.set(set, await missingBytes(config.hub, listing, parts));
  }
  return missing;
}

function repoOf({ repo }: HubReference): RepoName {
  return { repo_type: "model", repo_id: repo };
}

function notCached(config: Config, reference: HubReference): MemwellError {
  const name = formatModelReference(reference);
  return new MemwellError(
    "hub_offline",
    `${name} is not in the cache (${config.hub.cacheDir}), and HF_HUB_OFFLINE forbids to ask the Hub. Fetch it with ` +
      `\`HF_HUB_OFFLINE=0 npx memwell models pull ${name}\`.`,
    { reference: name, cache_dir: config.hub.cacheDir },
  );
}
