import { readlinkSync, type Dirent } from "node:fs";
import { join, resolve } from "node:path";
import type { CachedBlob, CachedFile, CachedRevision } from "./contract";
import type { Findings } from "./findings";
import { listFolder, realPath, statOrNull } from "./folder";
import type { RepoBlobs } from "./scan-blobs";

/** One revision: every file at any depth of its snapshot, each real file counted once. */
export function scanSnapshot(
  snapshotPath: string,
  commit: string,
  refs: string[],
  blobs: RepoBlobs,
  findings: Findings,
): CachedRevision {
  const files = filesOf(snapshotPath, blobs, findings);
  const distinct = [...new Set(files.map((file) => file.blob))];
  return {
    commit_hash: commit,
    snapshot_path: snapshotPath,
    size_on_disk: sumSizes(distinct),
    nb_files: files.length,
    refs,
    last_modified: latest(distinct, "last_modified") ?? modifiedOf(snapshotPath),
    files,
  };
}

function filesOf(snapshotPath: string, blobs: RepoBlobs, findings: Findings): CachedFile[] {
  const files: CachedFile[] = [];
  const folders = [snapshotPath];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of listFolder(folder, findings) ?? []) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        folders.push(path);
        continue;
      }
      const blob = blobOf(path, folder, entry, blobs);
      // A link to a folder is no file, and following it could lead in a circle.
      if (blob === "folder") continue;
      if (blob === "missing") findings.damage(path, "this file's link is broken: its blob is missing");
      else files.push({ file_path: path, blob });
    }
  }
  return files;
}

/**
 * Which real file a snapshot's entry shows. As in huggingface_hub, only the first link is taken when it leads into the
 * repo's own `blobs`: what stands there may be a link into the shared store, and is what a deletion removes.
 */
function blobOf(path: string, folder: string, entry: Dirent, blobs: RepoBlobs): ReturnType<RepoBlobs["use"]> {
  if (!entry.isSymbolicLink()) return blobs.use(path);
  const target = firstTarget(path, folder);
  if (target !== null && blobs.holds(target)) return blobs.use(target);
  const real = realPath(path);
  return real === null ? "missing" : blobs.use(real, path);
}

function firstTarget(path: string, folder: string): string | null {
  try {
    return resolve(folder, readlinkSync(path));
  } catch {
    return null;
  }
}

export function sumSizes(blobs: Iterable<CachedBlob>): number {
  let sum = 0;
  for (const blob of blobs) sum += blob.size_on_disk;
  return sum;
}

/** The newest of these times; null when there are no blobs. A loop: `Math.max(...)` fails on a very long list. */
export function latest(blobs: Iterable<CachedBlob>, time: "last_accessed" | "last_modified"): number | null {
  let newest: number | null = null;
  for (const blob of blobs) if (newest === null || blob[time] > newest) newest = blob[time];
  return newest;
}

function modifiedOf(path: string): number {
  return (statOrNull(path)?.mtimeMs ?? 0) / 1000;
}
