import { join } from "node:path";
import type { Config, ModelReference } from "../config";
import { formatModelReference } from "../config";
import { MemwellError, type ErrorRecord } from "../errors";
import {
  cachedSnapshot,
  download,
  freeBytes,
  ggufSets,
  isOfQuant,
  listRepo,
  type DownloadEvent,
  type GgufSet,
  type RepoListing,
  type RepoName,
  type TotalProgress,
} from "../hub";
import { readModel, splitParts, type GgufModel } from "../gguf";
import { chooseQuant, type ModelRoom } from "./choose-quant";
import { RemoteGguf } from "./remote-gguf";

export type HubReference = Extract<ModelReference, { type: "hub" }>;

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
  reason: string | null;
  /** Reads headers; what it has read is kept. */
  headers: RemoteGguf;
}

/** What a model takes, in bytes, and what there is for it. */
export interface Sizing {
  /** Bytes of memory that one model may take alone. */
  memoryBytes: () => number;
  footprintOf: (path: string, model: GgufModel) => number;
}

/** Called before the first byte of a download with how many there will be, and for which repository. */
export type MakeRoom = (bytes: number, repo: string) => Promise<unknown>;

/** What is heard while a model's files are looked for and downloaded. Sizes in bytes, times in ms. */
export type FetchEvent =
  /** The Hub is asked what there is. */
  | { type: "resolving" }
  /** Which of several quants, and why. */
  | { type: "chosen"; reason: string; bytes: number }
  | ({ type: "downloading" } & TotalProgress)
  /** Another process is downloading the same file. */
  | { type: "waiting" }
  | { type: "retrying"; error: ErrorRecord; wait_ms: number }
  | { type: "verifying" };

/**
 * Where the files of a model are, without a word to the Hub: the path itself, or what the cache has of the revision. Null
 * when a model of the Hub is not in the cache, or not whole.
 *
 * @throws MemwellError `memory_exceeded` when the quant is left out and none of the cached ones fits.
 */
export async function locateModel(
  config: Config,
  reference: ModelReference,
  sizing: Sizing | null,
): Promise<LocatedModel | null> {
  if (reference.type === "path")
    return { path: reference.path, paths: splitParts(reference.path), repo: null, commit_hash: null, reason: null };
  const repo = repoOf(reference);
  const snapshot = cachedSnapshot(config.hub, repo, reference.revision ?? "main");
  if (snapshot === null) return null;
  const sets = setsOf(reference, snapshot.files);
  if (sets.length === 0) return null;
  const at = (path: string): string => join(snapshot.snapshot_path, path);
  const room = { memoryBytes: sizing?.memoryBytes() ?? Infinity, diskBytes: Infinity };
  const { set, reason } = await pick(reference, sets, room, async ([path = ""]) => {
    return sizing === null ? 0 : sizing.footprintOf(at(path), await readModel(at(path)));
  });
  const paths = set.paths.map(at);
  return { path: paths[0] ?? "", paths, repo, commit_hash: snapshot.commit_hash, reason };
}

/**
 * Which files of a repository on the Hub a reference means. Nothing but lists and headers are read.
 *
 * @throws MemwellError `hub_offline` with the command that fetches it, `file_not_found`, `memory_exceeded`, `disk_full`,
 *   and whatever the Hub says.
 */
export async function findOnHub(
  config: Config,
  reference: HubReference,
  sizing: Sizing | null,
  signal?: AbortSignal,
): Promise<RemoteModel> {
  if (config.hub.offline) throw notCached(config, reference);
  const listing = await listRepo(config.hub, repoOf(reference), reference.revision ?? "main", { signal });
  const sets = setsOf(reference, listing.files);
  if (sets.length === 0) throw noSuchFile(reference, listing);
  const headers = new RemoteGguf(config.hub, listing, signal);
  const room: ModelRoom = {
    memoryBytes: sizing?.memoryBytes() ?? Infinity,
    diskBytes: (await freeBytes(config.hub.cacheDir)) ?? Infinity,
  };
  const { set, reason } = await pick(reference, sets, room, async ([path = ""]) => {
    return sizing === null ? 0 : sizing.footprintOf(path, await readModel(path, headers.open));
  });
  return { listing, set, reason, headers };
}

/**
 * The files of a model on this disk: those that are there, or else downloaded into the cache.
 *
 * @throws MemwellError as `locateModel` and `findOnHub`, and whatever ends a download.
 */
export async function fetchModel(
  config: Config,
  reference: ModelReference,
  options: {
    /** Null for what is not a model by itself, such as an adapter. */
    sizing: Sizing | null;
    signal?: AbortSignal | undefined;
    onEvent?: ((event: FetchEvent) => void) | undefined;
    makeRoom?: MakeRoom | undefined;
  },
): Promise<LocatedModel> {
  const { sizing, signal, onEvent } = options;
  const located = await locateModel(config, reference, sizing);
  if (located !== null || reference.type === "path") return located as LocatedModel;
  onEvent?.({ type: "resolving" });
  const remote = await findOnHub(config, reference, sizing, signal);
  const { listing, set, reason } = remote;
  if (reason !== null) onEvent?.({ type: "chosen", reason, bytes: set.size });
  await options.makeRoom?.(set.size, `model/${reference.repo}`);
  for await (const event of download(config.hub, { listing, paths: set.paths }, { signal })) {
    if (event.type === "failed") throw MemwellError.fromRecord(event.error);
    if (event.type === "done") {
      const paths = set.paths.map((path) => join(event.snapshot_path, path));
      return { path: paths[0] ?? "", paths, repo: listing.repo, commit_hash: listing.commit_hash, reason };
    }
    const heard = fetchEventOf(event);
    if (heard !== null) onEvent?.(heard);
  }
  throw new MemwellError(
    "internal",
    "A download ended without saying how (this is a bug in Memwell: please report it)",
  );
}

function fetchEventOf(event: DownloadEvent): FetchEvent | null {
  switch (event.type) {
    case "progress": {
      const { total_size, total_received, bytes_per_second, remaining_ms } = event;
      return { type: "downloading", total_size, total_received, bytes_per_second, remaining_ms };
    }
    case "retrying":
      return { type: "retrying", error: event.error, wait_ms: event.wait_ms };
    case "waiting":
    case "verifying":
      return { type: event.type };
    default:
      return null;
  }
}

function repoOf({ repo }: HubReference): RepoName {
  return { repo_type: "model", repo_id: repo };
}

/** The files that a reference can mean: all of one name or quant, or every model there is. */
function setsOf({ file, quant }: HubReference, files: readonly { path: string; size: number }[]): GgufSet[] {
  if (file === null) return ggufSets(files).filter((set) => quant === null || isOfQuant(set.paths[0] ?? "", quant));
  const sizes = new Map(files.map(({ path, size }) => [path, size]));
  const paths = splitParts(file);
  if (!paths.every((path) => sizes.has(path))) return [];
  return [{ paths, size: paths.reduce((sum, path) => sum + (sizes.get(path) ?? 0), 0), quant }];
}

async function pick(
  reference: HubReference,
  sets: readonly GgufSet[],
  room: ModelRoom,
  footprintOf: (paths: string[]) => Promise<number>,
): Promise<{ set: GgufSet; reason: string | null }> {
  const [only] = sets;
  // What was named is not weighed here: loading says whether it fits.
  if (only !== undefined && (reference.file !== null || (reference.quant !== null && sets.length === 1)))
    return { set: only, reason: null };
  return chooseQuant(`hf:${reference.repo}`, sets, room, ({ paths }) => footprintOf(paths));
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

function noSuchFile(reference: HubReference, listing: RepoListing): MemwellError {
  const { repo, file, quant } = reference;
  const models = ggufSets(listing.files);
  const known = [...new Set(models.map((set) => (file === null ? set.quant : null) ?? set.paths[0] ?? ""))].slice(
    0,
    50,
  );
  const missing = file !== null ? `no file ${file}` : quant !== null ? `no quant ${quant}` : "no GGUF model";
  const advice =
    known.length === 0
      ? "Choose a repository with GGUF files; their names mostly end in -GGUF."
      : `It has: ${known.join(", ")}.`;
  return new MemwellError("file_not_found", `hf:${repo} has ${missing} at ${listing.revision}. ${advice}`, {
    repo_id: repo,
    revision: listing.revision,
    known,
  });
}
