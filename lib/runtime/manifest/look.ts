import { lstatSync, readFileSync, readlinkSync, statSync, type Stats } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import type { ManifestEntry } from "../../audit";
import type { Config } from "../../config";
import { blobsNamed, cachedSnapshot, hashFile } from "../../hub";

/**
 * | finds      | at the path of an entry is                                                          |
 * |------------|-------------------------------------------------------------------------------------|
 * | `right`    | its file, or a link to it                                                           |
 * | `nothing`  | nothing                                                                             |
 * | `stand-in` | a link that leads nowhere, or what git leaves where it did not fetch a large file   |
 * | `other`    | something else, which is not ours to replace                                        |
 */
export type Found = "right" | "nothing" | "stand-in" | "other";

export interface Look {
  signal: AbortSignal | undefined;
  /** A link to a blob of the cache that is named by this sha256 counts as right: it was hashed when it was written. */
  trustsCache: boolean;
}

export async function lookAt(config: Config, folder: string, entry: ManifestEntry, look: Look): Promise<Found> {
  const path = join(folder, entry.path);
  const own = orNull(() => lstatSync(path));
  if (own === null) return "nothing";
  const stats = orNull(() => statSync(path));
  if (stats === null) return own.isSymbolicLink() ? "stand-in" : "other";
  if (!stats.isFile()) return "other";
  if (stats.size !== entry.size) return isPointer(path, stats, entry) ? "stand-in" : "other";
  if (look.trustsCache && own.isSymbolicLink() && leadsToBlob(config, path, entry)) return "right";
  return (await hashFile(path, "sha256", { signal: look.signal })) === entry.sha256 ? "right" : "other";
}

/** Bytes of what a path leads to; null when it leads nowhere. */
export function sizeAt(path: string): number | null {
  return orNull(() => statSync(path))?.size ?? null;
}

/** A file of the cache with the right bytes, in whatever repository; null when it has none. */
export async function findInCache(
  config: Config,
  entry: ManifestEntry,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const candidates = [...blobsNamed(config.hub, entry.sha256, entry.size), ...inSnapshot(config, entry)];
  for (const path of candidates)
    if ((await hashFile(path, "sha256", { signal }).catch(rethrowAborted)) === entry.sha256) return path;
  return null;
}

/** Small files are not named by their sha256, and where there are no links nothing is. */
function inSnapshot({ hub }: Config, { repo_type, repo, revision, file, size }: ManifestEntry): string[] {
  const snapshot = cachedSnapshot(hub, { repo_type, repo_id: repo }, revision);
  const found = snapshot?.files.find((cached) => cached.path === file && cached.size === size);
  return snapshot === null || found === undefined ? [] : [join(snapshot.snapshot_path, ...file.split("/"))];
}

/** A file that cannot be read is not the one that is looked for; an end that was asked for ends the search. */
function rethrowAborted(thrown: unknown): null {
  if (thrown instanceof Error && "code" in thrown && thrown.code === "aborted") throw thrown;
  return null;
}

function leadsToBlob({ hub }: Config, path: string, { sha256 }: ManifestEntry): boolean {
  const target = resolve(path, "..", readlinkSync(path));
  const inside = relative(resolve(hub.cacheDir), target);
  return basename(target) === sha256 && !inside.startsWith("..") && inside.split(sep).length === 3;
}

/** Source of the form: git-lfs, `docs/spec.md`. */
function isPointer(path: string, { size }: Stats, { sha256 }: ManifestEntry): boolean {
  if (size > 1024) return false;
  const lines = readFileSync(path, "utf8").split("\n");
  return lines[0] === "version https://git-lfs.github.com/spec/v1" && lines.includes(`oid sha256:${sha256}`);
}

function orNull(read: () => Stats): Stats | null {
  try {
    return read();
  } catch {
    return null;
  }
}
