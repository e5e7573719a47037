import { readlinkSync } from "node:fs";
import { resolve, sep } from "node:path";
import type { CachedBlob, CachedFile, CachedRevision } from "./contract";
import type { Findings } from "./findings";
import { listFolder, statOrNull } from "../folder";
import type { FoundBlob, RepoBlobs } from "./blobs";

/** From a snapshot's folder. */
const TO_BLOBS = "../../blobs/";

/**
 * One revision: every file at any depth of its snapshot, each real file counted once.
 *
 * @param realPath where the snapshot is once every link on the way to it is followed.
 */
export function scanSnapshot(
  snapshotPath: string,
  realPath: string,
  commit: string,
  refs: string[],
  blobs: RepoBlobs,
  findings: Findings,
): CachedRevision {
  const files = filesOf(snapshotPath, realPath, blobs, findings);
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

function filesOf(snapshotPath: string, realPath: string, blobs: RepoBlobs, findings: Findings): CachedFile[] {
  const files: CachedFile[] = [];
  const toBlobs = blobs.isAt(resolve(realPath, TO_BLOBS)) ? TO_BLOBS : null;
  const folders: SnapshotFolder[] = [{ path: snapshotPath, realPath, toBlobs }];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const prefix = folder.path + sep;
    for (const entry of listFolder(folder.path, findings) ?? []) {
      const path = prefix + entry.name;
      if (entry.isDirectory()) {
        folders.push(below(folder, entry.name));
        continue;
      }
      const blob = entry.isSymbolicLink()
        ? blobOf(path, folder, blobs)
        : blobs.useFile(folder.realPath + sep + entry.name);
      // A link to a folder is no file, and following it could lead in a circle.
      if (blob === "folder") continue;
      if (blob === "missing") findings.damage(path, "this file's link is broken: its blob is missing");
      else files.push({ file_path: path, blob });
    }
  }
  return files;
}

interface SnapshotFolder {
  path: string;
  /** Another one where the snapshot, or a folder above it, is a link. */
  realPath: string;
  /** How the links of a valid cache begin in this folder; null where that would lead elsewhere. */
  toBlobs: string | null;
}

function below({ path, realPath, toBlobs }: SnapshotFolder, name: string): SnapshotFolder {
  return {
    path: path + sep + name,
    realPath: realPath + sep + name,
    toBlobs: toBlobs === null ? null : `../${toBlobs}`,
  };
}

/**
 * Which real file a snapshot's link shows. As in huggingface_hub, only the first link is taken when it leads into the
 * repo's own `blobs`: what stands there may be a link into the shared store, and is what a deletion removes.
 */
function blobOf(link: string, folder: SnapshotFolder, blobs: RepoBlobs): FoundBlob {
  const text = textOf(link);
  if (text === null) return blobs.useElsewhere(link);
  const name = plainName(text, folder.toBlobs) ?? blobs.nameOf(resolve(folder.realPath, text));
  return name === null ? blobs.useElsewhere(link) : blobs.useOwn(name);
}

function textOf(link: string): string | null {
  try {
    return readlinkSync(link);
  } catch {
    return null;
  }
}

/** `<name>` of `../../blobs/<name>`, read off the text: resolving every path takes as long as reading the link. */
function plainName(text: string, toBlobs: string | null): string | null {
  if (toBlobs === null || !text.startsWith(toBlobs)) return null;
  const name = text.slice(toBlobs.length);
  return name.includes("/") ? null : name;
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
