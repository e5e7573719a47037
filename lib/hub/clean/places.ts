import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { realPath } from "../folder";
import { BLOBS, isEtag, isIncomplete, NO_EXIST, repoFolder, REFS, SNAPSHOTS, TREES } from "../layout";
import { isAside } from "./aside";
import type { PlanItem } from "./contract";
import { isPayload } from "./shared-payloads";

/** What a path of a plan is, by its text alone. */
export type Place = "repo" | "snapshot" | "file" | "blob" | "list" | "payload" | "leftover";

/**
 * What each path of an item is; null as soon as one of them is not what an item of this kind may name. A plan is not
 * trusted: it may have been read from somewhere, or changed on the way.
 */
export function placesOf(root: string, item: PlanItem): Map<string, Place> | null {
  const places = new Map<string, Place>();
  for (const path of item.paths) {
    const place = resolve(path) === path && !path.includes("\0") ? placeOf(root, item, path) : null;
    if (place === null) return null;
    places.set(path, place);
  }
  return item.refs.every(isPlainPath) ? places : null;
}

function placeOf(root: string, item: PlanItem, path: string): Place | null {
  if (item.kind === "leftover") return isAside(root, path) ? "leftover" : null;
  if (item.kind === "shared_blob") return isPayload(root, path) ? "payload" : null;
  const repo = repoPathOf(root, item);
  if (repo === null) return null;
  if (item.kind === "repo") return path === repo ? "repo" : null;
  const { kind, commit_hash: commit, file } = item;
  if (dirname(path) === join(repo, BLOBS)) return isBlobFor(kind, basename(path)) ? "blob" : null;
  if (commit === null || !isPlainName(commit)) return null;
  const snapshot = join(repo, SNAPSHOTS, commit);
  if (kind === "file") return file !== null && isPlainPath(file) && path === join(snapshot, file) ? "file" : null;
  if (kind !== "revision") return null;
  if (path === snapshot) return "snapshot";
  return path === join(repo, TREES, `${commit}.json`) || path === join(repo, NO_EXIST, commit) ? "list" : null;
}

function isBlobFor(kind: PlanItem["kind"], name: string): boolean {
  if (kind === "incomplete") return isIncomplete(name);
  // Whoever uses a blob of another name than an etag's may do so, and it goes with what shows it.
  return kind === "unused_blob" ? isEtag(name) : isPlainName(name);
}

/** Null for an item of no repository, or of one with an impossible name. */
export function repoPathOf(root: string, item: PlanItem): string | null {
  if (item.repo_type === null || item.repo_id === null) return null;
  try {
    return join(root, repoFolder({ repo_type: item.repo_type, repo_id: item.repo_id }));
  } catch {
    return null;
  }
}

export function refPath(repoPath: string, ref: string): string {
  return join(repoPath, REFS, ...ref.split("/"));
}

function isPlainPath(path: string): boolean {
  return path.split("/").every(isPlainName);
}

function isPlainName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !/[/\0]/.test(name) && !name.includes(sep);
}

/**
 * Whether no folder on the way to `path` is a link: then what is unlinked there lies in the cache. To be asked right
 * before, and of the folder rather than of `path`, which may be a link that goes.
 */
export function isReally(root: string, path: string): boolean {
  const folder = dirname(path);
  const way = relative(root, folder);
  return realPath(folder) === folder && !way.startsWith("..");
}
