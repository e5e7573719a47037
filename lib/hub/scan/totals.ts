import { sep } from "node:path";
import type { CachedBlob, FolderSize } from "./contract";
import { BLOBS } from "../layout";
import type { ScannedRepo } from "./repo";
import type { SharedPayloads } from "./shared-store";

const SHA256_LENGTH = 64;

/** What the repositories hold beside the shared store, each path once: a link may lead into another repository. */
export function ownBytes(readings: readonly { repo: ScannedRepo | null }[], store: SharedPayloads | null): number {
  let sum = 0;
  const elsewhere = new Map<string, number>();
  const repos = new Map<string, ScannedRepo>();
  for (const { repo } of readings) {
    if (repo === null) continue;
    repos.set(repo.repo.repo_path, repo);
    for (const { shared_path, size_on_disk } of repo.own) if (shared_path === null) sum += size_on_disk;
    for (const { path, size_on_disk } of repo.elsewhere) {
      if (path.startsWith(repo.repo.repo_path + sep)) sum += size_on_disk;
      else if (store?.has(path) !== true) elsewhere.set(path, size_on_disk);
    }
  }
  for (const [path, size] of elsewhere) if (!isUsedAtHome(path, repos)) sum += size;
  return sum;
}

/** Whether the repository in whose folder this file is uses it too. */
function isUsedAtHome(path: string, repos: ReadonlyMap<string, ScannedRepo>): boolean {
  for (const [folder, { own, elsewhere }] of repos) {
    if (path.startsWith(folder + sep)) return [...own, ...elsewhere].some((blob) => blob.path === path);
  }
  return false;
}

/** The payloads of the shared store that several repositories use. */
export function sharedPayloadsOf(repos: readonly ScannedRepo[]): FolderSize {
  const users = new Map<string, number>();
  const sizes: CachedBlob[] = [];
  for (const { own } of repos) {
    for (const blob of own) {
      if (blob.shared_path === null) continue;
      const count = (users.get(blob.shared_path) ?? 0) + 1;
      users.set(blob.shared_path, count);
      if (count === 2) sizes.push(blob);
    }
  }
  return sizeOfPayloads(sizes);
}

/**
 * The bytes that are stored again in another repository: what one copy for all would save. Told by the names of blobs, so
 * of large files only, whose name is the sha256 of their bytes.
 */
export function duplicatesOf(repos: readonly ScannedRepo[]): FolderSize {
  const seen = new Set<string>();
  const again: CachedBlob[] = [];
  for (const { repo, own } of repos) {
    const folder = repo.repo_path + sep + BLOBS + sep;
    for (const blob of own) {
      if (blob.path.length !== folder.length + SHA256_LENGTH || blob.shared_path !== null) continue;
      const name = blob.path.slice(folder.length);
      if (seen.has(name)) again.push(blob);
      else seen.add(name);
    }
  }
  return sizeOfPayloads(again);
}

export function sizeOfPayloads(files: Iterable<{ size_on_disk: number }>): FolderSize {
  const size: FolderSize = { nb_files: 0, size_on_disk: 0 };
  for (const file of files) {
    size.nb_files += 1;
    size.size_on_disk += file.size_on_disk;
  }
  return size;
}
