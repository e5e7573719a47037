import { readlinkSync, type Dirent } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { CacheScan } from "../scan/contract";
import { isInside, isLink, lstatOrNull, realPath } from "../folder";
import { BLOBS, REFS, SNAPSHOTS } from "../layout";
import { openBelow } from "../open-files";
import { scanCache } from "../scan/scan";
import { listAside, refsAside } from "./aside";
import type { CacheView } from "./contract";
import { factOf, walk, type FileFact } from "./files";
import { readSharedPayloads, type SharedPayload } from "./shared-payloads";

/**
 * What stands below one repository's folder, reached without following a single link. Only what is in here is ever
 * planned for removal: what lies behind a link is somebody else's.
 */
export interface RepoInventory {
  /** The folder itself is a link: then nothing else is in here. */
  isLink: boolean;
  /** By path; without refs. */
  files: ReadonlyMap<string, FileFact>;
  /** By path: of a link in `blobs` where it really leads, of others where they lead at once; null: nowhere. */
  links: ReadonlyMap<string, string | null>;
  folders: ReadonlySet<string>;
  /** Folders that may not be read: nobody knows what they need. */
  unreadable: readonly string[];
  /** When something was last added to or taken from a snapshot's own folder, by its path; seconds since 1970. */
  snapshotTimes: ReadonlyMap<string, number>;
  /** When a ref was last written, made or removed; 0: never. */
  refsTime: number;
}

export interface Inventory {
  /** By `repo_path`. */
  repos: ReadonlyMap<string, RepoInventory>;
  shared: ReadonlyMap<string, SharedPayload>;
  /** What an interrupted cleaning left aside, by path. */
  aside: ReadonlyMap<string, RepoInventory>;
}

/** Scans the cache and looks at what plans need beside. Throws as `scanCache` does. */
export async function readCacheView(cacheDir: string): Promise<CacheView> {
  const scan = await scanCache(cacheDir);
  return { scan, inventory: await readInventory(scan), open: openBelow(scan.cache_dir) };
}

export async function readInventory(scan: CacheScan): Promise<Inventory> {
  const repos = new Map<string, RepoInventory>();
  for (const { repo_path: path } of scan.repos) {
    await setImmediate();
    repos.set(path, readRepo(path));
  }
  const aside = new Map(listAside(scan.cache_dir).map((path) => [path, readRepo(path, refsAside(path))]));
  return { repos, shared: readSharedPayloads(scan.cache_dir), aside };
}

function readRepo(repoPath: string, refs: string | null = join(repoPath, REFS)): RepoInventory {
  const files = new Map<string, FileFact>();
  const links = new Map<string, string | null>();
  const [blobs, snapshots] = [join(repoPath, BLOBS), join(repoPath, SNAPSHOTS)];
  const folders = new Set<string>();
  const unreadable: string[] = [];
  const snapshotTimes = new Map<string, number>();
  let refsTime = 0;
  const visit = (path: string, entry: Dirent) => {
    const isOfRefs = refs !== null && isInside(refs, path);
    if (isOfRefs) refsTime = Math.max(refsTime, timeOf(path));
    if (dirname(path) === snapshots) snapshotTimes.set(path, timeOf(path));
    if (entry.isSymbolicLink()) links.set(path, dirname(path) === blobs ? realPath(path) : leadOf(path));
    else if (entry.isDirectory()) folders.add(path);
    else if (!isOfRefs) addFile(files, path);
  };
  walk(repoPath, visit, (path) => unreadable.push(path));
  return { isLink: isLink(repoPath), files, links, folders, unreadable, snapshotTimes, refsTime };
}

function leadOf(link: string): string | null {
  try {
    return resolve(dirname(link), readlinkSync(link));
  } catch {
    return null;
  }
}

function timeOf(path: string): number {
  return (lstatOrNull(path)?.mtimeMs ?? 0) / 1000;
}

function addFile(files: Map<string, FileFact>, path: string): void {
  const fact = factOf(path);
  if (fact !== null) files.set(path, fact);
}
