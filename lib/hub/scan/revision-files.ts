import { sep } from "node:path";
import { MemwellError } from "../../errors";
import type { RepoName } from "../layout";
import { quantOf } from "../quants";
import type { CachedBlob, CachedFile, CachedRepo, CachedRevision, CacheScan } from "./contract";

/** More than these are not listed: a page of more helps nobody, and copying them from thread to thread takes time. */
const MOST_FILES = 2_000;
const SHA256 = /[/\\]([0-9a-f]{64})$/;

/** Which revision's files are asked for. */
export interface RevisionName extends RepoName {
  commit_hash: string;
}

/** One file of a revision. Sizes in bytes, times in seconds since 1970. */
export interface RevisionFile {
  /** As the Hub names it: `folder/model.gguf`. */
  file: string;
  size_on_disk: number;
  last_accessed: number;
  last_modified: number;
  /** As the name tells it: `Q4_K_M`; null for what is no GGUF or does not tell. */
  quant: string | null;
  /** How many revisions of this repository show these bytes, this one among them. */
  nb_revisions: number;
  /** The bytes lie in the shared store, once for all repositories that use them. */
  shared: boolean;
  /** Other repositories with the same bytes, as `model/ORG/NAME`: those of the shared store, or copies of a large file. */
  also_in: string[];
}

export interface QuantSize {
  quant: string;
  size_on_disk: number;
  nb_files: number;
}

/** The files of one revision, which `cache ls` leaves out. */
export interface RevisionFiles extends RevisionName {
  size_on_disk: number;
  nb_files: number;
  /** The largest first; of several files with the same bytes, each counts them once. */
  quants: QuantSize[];
  /** The largest first. */
  files: RevisionFile[];
  /** How many more there are than `files` lists. */
  left_out: number;
}

/**
 * The files of one revision, with what else has their bytes. Pure.
 *
 * @throws MemwellError `repo_not_found`, `revision_not_found`
 */
export function revisionFiles(scan: CacheScan, name: RevisionName, most = MOST_FILES): RevisionFiles {
  const repo = scan.repos.find(({ repo_type, repo_id }) => repo_type === name.repo_type && repo_id === name.repo_id);
  if (repo === undefined) throw notThere("repo_not_found", "repository", name);
  const revision = repo.revisions.find(({ commit_hash }) => commit_hash === name.commit_hash);
  if (revision === undefined) throw notThere("revision_not_found", "revision", name);
  const shown = [...revision.files].sort(bySizeAndName).slice(0, most);
  const counts = revisionsByBlob(repo);
  const others = othersWith(scan, repo, shown);
  return {
    repo_type: repo.repo_type,
    repo_id: repo.repo_id,
    commit_hash: revision.commit_hash,
    size_on_disk: revision.size_on_disk,
    nb_files: revision.nb_files,
    quants: quantSizes(revision),
    files: shown.map((file) => ({
      file: nameIn(revision, file),
      size_on_disk: file.blob.size_on_disk,
      last_accessed: file.blob.last_accessed,
      last_modified: file.blob.last_modified,
      quant: quantIn(revision, file),
      nb_revisions: counts.get(file.blob) ?? 1,
      shared: file.blob.shared_path !== null,
      also_in: [...(others.get(bytesOf(file.blob) ?? "") ?? [])].sort(),
    })),
    left_out: revision.files.length - shown.length,
  };
}

function bySizeAndName(left: CachedFile, right: CachedFile): number {
  return right.blob.size_on_disk - left.blob.size_on_disk || (left.file_path < right.file_path ? -1 : 1);
}

function nameIn(revision: CachedRevision, { file_path: path }: CachedFile): string {
  return path
    .slice(revision.snapshot_path.length + 1)
    .split(sep)
    .join("/");
}

function quantIn(revision: CachedRevision, file: CachedFile): string | null {
  return /\.gguf$/i.test(file.file_path) ? quantOf(nameIn(revision, file)) : null;
}

function quantSizes(revision: CachedRevision): QuantSize[] {
  const sizes = new Map<string, { files: number; blobs: Set<CachedBlob> }>();
  for (const file of revision.files) {
    const quant = quantIn(revision, file);
    if (quant === null) continue;
    const found = sizes.get(quant) ?? { files: 0, blobs: new Set() };
    found.files += 1;
    found.blobs.add(file.blob);
    sizes.set(quant, found);
  }
  return [...sizes]
    .map(([quant, { files, blobs }]) => ({
      quant,
      size_on_disk: [...blobs].reduce((sum, { size_on_disk }) => sum + size_on_disk, 0),
      nb_files: files,
    }))
    .sort((left, right) => right.size_on_disk - left.size_on_disk || (left.quant < right.quant ? -1 : 1));
}

function revisionsByBlob(repo: CachedRepo): Map<CachedBlob, number> {
  const counts = new Map<CachedBlob, number>();
  for (const { files } of repo.revisions)
    for (const blob of new Set(files.map((file) => file.blob))) counts.set(blob, (counts.get(blob) ?? 0) + 1);
  return counts;
}

/** What tells that two blobs of different repositories are the same bytes: a payload's path, or the sha256 it is named by. */
function bytesOf({ path, shared_path }: CachedBlob): string | null {
  return SHA256.exec(shared_path ?? path)?.[1] ?? shared_path;
}

function othersWith(scan: CacheScan, own: CachedRepo, files: readonly CachedFile[]): Map<string, Set<string>> {
  const wanted = new Set(files.flatMap(({ blob }) => bytesOf(blob) ?? []));
  const found = new Map<string, Set<string>>();
  if (wanted.size === 0) return found;
  for (const repo of scan.repos) {
    if (repo === own) continue;
    for (const { blob } of repo.revisions.flatMap((revision) => revision.files)) {
      const bytes = bytesOf(blob);
      if (bytes === null || !wanted.has(bytes)) continue;
      const names = found.get(bytes) ?? new Set();
      found.set(bytes, names.add(`${repo.repo_type}/${repo.repo_id}`));
    }
  }
  return found;
}

function notThere(code: "repo_not_found" | "revision_not_found", what: string, name: RevisionName): MemwellError {
  return new MemwellError(code, `This ${what} is not in the cache any more. Look at the list again.`, { ...name });
}
