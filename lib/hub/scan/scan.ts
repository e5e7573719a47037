import { dirname } from "node:path";
import type { CacheScan, FolderSize } from "./contract";
import { Findings } from "./findings";
import { isFolder, measureFolder, openCache, realPath } from "../folder";
import { asideFolder, BLOBS, isCacheFile } from "../layout";
import { readEntries } from "./entries";
import type { RepoReading } from "./entry";
import { duplicatesOf, ownBytes, sharedPayloadsOf, sizeOfPayloads } from "./totals";
import { readAnew, type Recall } from "./memory";
import { readSharedStore, type StoreFolder } from "./shared-store";

export interface ScanOptions {
  /** Folders beside `hub/`, to be measured too. */
  xetDir?: string;
  assetsDir?: string;
  /** The built `worker.ts`: a second thread that reads half of a large cache. */
  helperScript?: string;
}

/** How a scan comes to what it says of a repository, or of a folder of the shared store. */
export interface Readers {
  repos: Recall<RepoReading>;
  storeFolders: Recall<StoreFolder>;
}

/**
 * Reads the whole cache. On a valid cache the figures are those of huggingface_hub's `scan_cache_dir`; what is damaged
 * becomes a warning and the rest of its repository is counted all the same. Throws `cache_not_found` and `cache_invalid`.
 *
 * The calls are synchronous, which is some ten times quicker than awaiting each (`npm run bench -- cache`), and hold the
 * event loop for 5 ms or one repository at a time. Who scans often keeps a `CacheScanner`; a server, a `ScannerThread`.
 */
export async function scanCache(cacheDir: string, options: ScanOptions = {}): Promise<CacheScan> {
  return readCache(cacheDir, options, { repos: readAnew, storeFolders: readAnew });
}

/** The same with the readers given: those of `CacheScanner` remember. */
export async function readCache(cacheDir: string, options: ScanOptions, readers: Readers): Promise<CacheScan> {
  const { root, entries } = openCache(cacheDir);
  const general = new Findings(root);
  const store = readSharedStore(general, readers.storeFolders);
  const readings = await readEntries(
    entries.filter(({ name }) => !isCacheFile(name) && (name !== BLOBS || store === null)),
    { root, payloads: store ?? new Map(), repos: readers.repos },
    options.helperScript ?? null,
  );
  const repos = readings.flatMap(({ repo }) => repo ?? []);
  const storeSize = store === null ? null : sizeOfPayloads(store.values());
  return {
    cache_dir: root,
    size_on_disk: (storeSize?.size_on_disk ?? 0) + ownBytes(readings, store),
    nb_repos: repos.length,
    repos: repos.map(({ repo }) => repo),
    incomplete: readings.flatMap(({ incomplete }) => incomplete),
    shared_store: storeSize,
    shared_by_repos: sharedPayloadsOf(repos),
    duplicates: duplicatesOf(repos),
    leftover: measureLeftover(root, general),
    xet: measureBeside(options.xetDir, general),
    assets: measureBeside(options.assetsDir, general),
    warnings: [...general.warnings, ...readings.flatMap(({ warnings }) => warnings)],
  };
}

/** Null when nobody asked for the folder, or when there is none. It may be a link: to a larger disk, say. */
function measureBeside(folder: string | undefined, findings: Findings): FolderSize | null {
  const path = folder === undefined ? null : realPath(folder);
  return path !== null && isFolder(path) ? measureFolder(path, findings) : null;
}

/** Null when there is no such folder; never through a link, since nothing would be removed through one. */
function measureLeftover(root: string, findings: Findings): FolderSize | null {
  const folder = asideFolder(root);
  return isFolder(dirname(folder)) && isFolder(folder) ? measureFolder(folder, findings) : null;
}
