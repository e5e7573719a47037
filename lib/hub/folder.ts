import { lstatSync, readdirSync, realpathSync, statSync, type Dirent, type Stats } from "node:fs";
import { resolve, sep } from "node:path";
import { MemwellError } from "../errors";
import { isIncomplete } from "./layout";
import type { FolderSize } from "./scan/contract";
import type { Findings } from "./scan/findings";

/** What `stat` counts blocks in, whatever the file system's own are. */
const BLOCK_BYTES = 512;

/**
 * The cache folder's real path and its entries by name. Throws `cache_not_found` when there is none, `cache_invalid` when
 * it is a file or may not be read.
 */
export function openCache(cacheDir: string): { root: string; entries: Dirent[] } {
  try {
    if (cacheDir === "") throw Object.assign(new Error("no path"), { code: "ENOENT" });
    const root = realpathSync(resolve(cacheDir));
    if (!statSync(root).isDirectory()) throw Object.assign(new Error("not a folder"), { code: "EISFILE" });
    return { root, entries: entriesOf(root) };
  } catch (thrown) {
    throw unusableCache(cacheDir, systemCodeOf(thrown), thrown);
  }
}

function unusableCache(cacheDir: string, systemCode: string, cause: unknown): MemwellError {
  const missing = systemCode === "ENOENT";
  const reason = CACHE_REASONS[systemCode] ?? `the cache folder cannot be read (${systemCode})`;
  const advice = missing
    ? "It appears with the first download; if the cache is elsewhere, name it with HF_HUB_CACHE or --cache-dir."
    : "Name the cache folder with HF_HUB_CACHE or --cache-dir.";
  return new MemwellError(
    missing ? "cache_not_found" : "cache_invalid",
    `${JSON.stringify(cacheDir)}: ${reason}. ${advice}`,
    { cache_dir: cacheDir, system_code: systemCode },
    { cause },
  );
}

const CACHE_REASONS: Record<string, string> = {
  ENOENT: "there is no such cache folder",
  EISFILE: "this is a file, not a cache folder",
  ENOTDIR: "a part of this path is a file, not a folder",
  EACCES: "Memwell is not allowed to read this cache folder",
  EPERM: "Memwell is not allowed to read this cache folder",
  ELOOP: "its symbolic links lead in a circle",
  ERR_INVALID_ARG_VALUE: "this is not a path",
};

/** A folder's entries by name; null when there is no such folder, or when it cannot be read, which is then a finding. */
export function listFolder(path: string, findings: Findings): Dirent[] | null {
  findings.witness?.saw(path);
  try {
    return entriesOf(path);
  } catch (thrown) {
    const systemCode = systemCodeOf(thrown);
    if (systemCode === "ENOENT") return null;
    findings.witness?.doubt();
    findings.damage(path, `this folder cannot be read (${systemCode})`);
    return null;
  }
}

/** Every file below a folder with its own size; links count as nothing and are not followed. */
export function measureFolder(path: string, findings: Findings): FolderSize {
  const size: FolderSize = { size_on_disk: 0, nb_files: 0 };
  findings.witness?.saw(path);
  // The folder itself too may be a link.
  const folders = isFolder(path) ? [path] : [];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of listFolder(folder, findings) ?? []) {
      const below = folder + sep + entry.name;
      if (entry.isDirectory()) folders.push(below);
      if (!entry.isFile()) continue;
      findings.witness?.saw(below);
      size.nb_files += 1;
      size.size_on_disk += sizeOf(below);
    }
  }
  return size;
}

/** Bytes of the entry itself, not of what it leads to; 0 when it has gone or may not be looked at. */
export function sizeOf(path: string): number {
  const stats = lstatOrNull(path);
  return stats === null ? 0 : bytesOnDisk(path, stats);
}

/**
 * A file's length; of a download that has not ended what the disk gave it so far: ranges are written where they belong, so
 * such a file may be as long as the whole with next to nothing in it. Where no blocks are told, its length.
 */
export function bytesOnDisk(path: string, { size, blocks }: Pick<Stats, "size" | "blocks">): number {
  return isIncomplete(path) && blocks > 0 ? Math.min(size, blocks * BLOCK_BYTES) : size;
}

export function isLink(path: string): boolean {
  return lstatOrNull(path)?.isSymbolicLink() ?? false;
}

/** Whether there is a folder, and not a link to one. */
export function isFolder(path: string): boolean {
  return lstatOrNull(path)?.isDirectory() ?? false;
}

/** The entry itself, not what it leads to; null when it has gone, or where Memwell may not look. */
export function lstatOrNull(path: string): Stats | null {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null;
  }
}

/** What a path leads to; null when it leads nowhere, in a circle, or where Memwell may not look. */
export function statOrNull(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

export function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** Where a path really leads; null when it leads nowhere. */
export function realPath(path: string): string | null {
  try {
    // The other one asks for every folder on the way, one call each.
    return realpathSync.native(path);
  } catch {
    return null;
  }
}

export function systemCodeOf(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown ? String(thrown.code) : "unknown";
}

/** By name, so that a scan of the same cache always answers in the same order. */
function entriesOf(path: string): Dirent[] {
  return readdirSync(path, { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : 1));
}
