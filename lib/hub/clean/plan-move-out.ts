import { basename, dirname, join } from "node:path";
import type { CachedRepo } from "../scan/contract";
import { isEtag, repoPaths, type RepoType } from "../layout";
import { buildPlan } from "./build-plan";
import type { CacheView, Plan } from "./contract";
import { fileName } from "./names";
import { downloadsInto, useOf } from "./repo-locks";
import { Selection } from "./settle";

/** What leaves a cache in one piece, for somebody who moves it elsewhere instead of removing it. Paths are absolute. */
export interface MoveOut {
  /** In the order in which they may go: at each moment nothing names what is not there. */
  paths: string[];
  /** What goes, as the Hub names it; `sha256` is null for a small file, whose blob is named by another hash. */
  files: MovedFile[];
  /** Who uses any of it at this moment, as a sentence; null: nobody. */
  busy: () => string | null;
}

export interface MovedFile {
  path: string;
  blob: string;
  repo_type: RepoType;
  repo: string;
  file: string;
  revision: string;
  sha256: string | null;
  size: number;
}

/** What is smaller comes along with the weights: configs and tokenizers. Bytes. */
const SMALL_BYTES = 1_000_000;
const WHY = "it was asked to be moved out";

/**
 * What goes with these blobs of one repository so that the rest of the cache stays whole; a sentence when they cannot. Pure.
 *
 * @param whole the whole repository goes, unless it has other large files
 */
export function planMoveOut(view: CacheView, blobs: readonly string[], whole: boolean): MoveOut | { reason: string } {
  const repo = view.scan.repos.find(({ repo_path: path }) => blobs.every((blob) => isBlobOf(path, blob)));
  if (repo === undefined || blobs.length === 0) return { reason: "it is not known to the cache that it lies in" };
  const wanted = new Set(blobs);
  const goesWhole = whole && !hasOtherLarge(view, repo, wanted);
  const selection = new Selection();
  if (goesWhole) selection.repos.set(repo, WHY);
  else selectBlobs(repo, wanted, selection);
  const { items, warnings } = buildPlan("rm", view, selection);
  const paths = orderedPaths(repo, items);
  const isGoing = (blob: string): boolean => paths.includes(blob) || paths.includes(repo.repo_path);
  if (!blobs.every(isGoing)) return { reason: warnings[0] ?? "something that stays in its cache needs it" };
  const files = repo.revisions.flatMap((revision) =>
    revision.files.flatMap(({ file_path: path, blob }): MovedFile[] => {
      if (!goesWhole && !wanted.has(blob.path)) return [];
      const etag = basename(blob.path);
      const { repo_type, repo_id } = repo;
      const sha256 = isEtag(etag) && etag.length === 64 ? etag : null;
      const name = { repo_type, repo: repo_id, file: fileName(revision, path), revision: revision.commit_hash };
      return [{ path, blob: blob.path, ...name, sha256, size: blob.size_on_disk }];
    }),
  );
  const { cache_dir: root } = view.scan;
  const busy = (): string | null =>
    [...wanted].reduce<string | null>((busy, blob) => busy ?? useOf(root, blob), downloadsInto(root, repo.repo_path));
  return { paths, files, busy };
}

function isBlobOf(repoPath: string, blob: string): boolean {
  return dirname(blob) === repoPaths(repoPath).blobs;
}

function hasOtherLarge(view: CacheView, repo: CachedRepo, wanted: ReadonlySet<string>): boolean {
  const blobs = repo.revisions.flatMap(({ files }) => files.map(({ blob }) => blob));
  const incomplete = view.scan.incomplete.filter(({ path }) => isBlobOf(repo.repo_path, path));
  const all = [...blobs, ...repo.unused_blobs, ...incomplete];
  return all.some(({ path, size_on_disk: size }) => size >= SMALL_BYTES && !wanted.has(path));
}

function selectBlobs(repo: CachedRepo, wanted: ReadonlySet<string>, selection: Selection): void {
  for (const { files } of repo.revisions)
    for (const file of files) if (wanted.has(file.blob.path)) selection.files.set(file, WHY);
  for (const { path } of repo.unused_blobs)
    if (wanted.has(path)) selection.loose.push({ kind: "unused_blob", repo, path, reason: WHY });
}

/** Refs, then what names blobs, then the blobs. */
function orderedPaths(repo: CachedRepo, items: Plan["items"]): string[] {
  const { refs, blobs } = repoPaths(repo.repo_path);
  const isWhole = items.some(({ kind }) => kind === "repo");
  const named = isWhole ? [] : items.flatMap((item) => item.refs.map((name) => join(refs, name)));
  const paths = [...new Set(items.flatMap((item) => item.paths))];
  const isBlob = (path: string): boolean => dirname(path) === blobs;
  return [...new Set(named), ...paths.filter((path) => !isBlob(path)), ...paths.filter(isBlob)];
}
