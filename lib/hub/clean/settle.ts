import { dirname } from "node:path";
import type { CachedFile, CachedRepo, CachedRevision } from "../scan/contract";
import type { CacheView } from "./contract";
import { fileName, nameOf } from "./names";
import { neededPaths, NeededParts } from "./needed-paths";

/** A single path of the cache that goes by itself. */
export interface LoosePath {
  kind: "incomplete" | "unused_blob" | "shared_blob" | "leftover";
  /** Null: it belongs to no repository. */
  repo: CachedRepo | null;
  path: string;
  reason: string;
}

/** What somebody, or a rule, wants gone, each with the reason; what follows from it is for `buildPlan` to say. */
export class Selection {
  readonly repos = new Map<CachedRepo, string>();
  readonly revisions = new Map<CachedRevision, string>();
  readonly files = new Map<CachedFile, string>();
  readonly loose: LoosePath[] = [];
  readonly warnings: string[] = [];

  goes(repo: CachedRepo, revision: CachedRevision, file?: CachedFile): boolean {
    return this.repos.has(repo) || this.revisions.has(revision) || (file !== undefined && this.files.has(file));
  }
}

/**
 * Draws the conclusions from a selection, in place:
 *
 * 1. What lies behind a link is nobody's to take: it is dropped, with a warning.
 * 2. A revision that no file would be left in goes.
 * 3. A repository that no revision would be left in goes, unless `keepsRest` and something else in it stays.
 * 4. A repository that holds what another one needs stays as a folder, without its revisions.
 * 5. A revision or a file that something which stays links to stays too; and so on, for what that one links to.
 */
export function settle(view: CacheView, selection: Selection, keepsRest: boolean): void {
  const withRest = keepsRest ? reposWithRest(view, selection) : new Set();
  for (const repo of view.scan.repos) {
    if (selection.repos.has(repo)) continue;
    dropBehindLinks(view, repo, selection);
    warnOfUnreadable(view, repo, selection);
    takeEmptied(repo, selection);
    const [reason] = repo.revisions.map((revision) => selection.revisions.get(revision));
    const isEmptied = repo.revisions.length > 0 && repo.revisions.every((found) => selection.revisions.has(found));
    if (isEmptied && reason !== undefined && !withRest.has(repo.repo_path)) {
      selection.repos.set(repo, repo.revisions.length === 1 ? reason : `${reason}, as do all its revisions`);
    }
  }
  for (let hasChanged = true; hasChanged;) {
    const needed = new NeededParts(view.scan.cache_dir, neededPaths(view, selection));
    const changes = view.scan.repos.map((repo) => dropNeeded(repo, needed, selection));
    hasChanged = changes.includes(true);
  }
}

/** Whether anything was dropped. */
function dropNeeded(repo: CachedRepo, needed: NeededParts, selection: Selection): boolean {
  const used = needed.repos.get(repo.repo_path);
  // Nothing of it is needed by what stays.
  if (used === undefined) return false;
  const reason = selection.repos.get(repo);
  if (reason !== undefined) {
    openUp(repo, reason, used, selection);
    return true;
  }
  let hasChanged = false;
  const drop = (dropped: boolean, path: string) => {
    if (!dropped) return;
    hasChanged = true;
    selection.warnings.push(`${path} stays: a file that stays links to it`);
  };
  for (const revision of repo.revisions) {
    const { snapshot_path: snapshot } = revision;
    if (needed.snapshots.has(snapshot)) drop(selection.revisions.delete(revision), snapshot);
    for (const file of revision.files) {
      if (needed.paths.has(file.file_path)) drop(selection.files.delete(file), file.file_path);
    }
  }
  return hasChanged;
}

function dropBehindLinks(view: CacheView, repo: CachedRepo, selection: Selection): void {
  const own = view.inventory.repos.get(repo.repo_path);
  const isOwn = (path: string) => own?.files.has(path) || own?.links.has(path) || own?.folders.has(path);
  for (const revision of repo.revisions) {
    if (selection.revisions.has(revision) && !isOwn(revision.snapshot_path)) {
      selection.revisions.delete(revision);
      selection.warnings.push(`${revision.snapshot_path} lies behind a link, and stays`);
    }
    for (const file of revision.files) {
      if (!selection.files.has(file) || isOwn(file.file_path)) continue;
      selection.files.delete(file);
      selection.warnings.push(`${file.file_path} lies behind a link, and stays`);
    }
  }
}

/** As long as a part of a repository cannot be read, no blob of it goes but with the whole. */
function warnOfUnreadable(view: CacheView, repo: CachedRepo, selection: Selection): void {
  const [first] = view.inventory.repos.get(repo.repo_path)?.unreadable ?? [];
  const isTouched = repo.revisions.some(
    (revision) => selection.revisions.has(revision) || revision.files.some((file) => selection.files.has(file)),
  );
  if (first !== undefined && isTouched) selection.warnings.push(`${first} cannot be read: its repository's blobs stay`);
}

function takeEmptied(repo: CachedRepo, selection: Selection): void {
  for (const revision of repo.revisions) {
    const [first] = revision.files;
    const reason = first === undefined ? undefined : selection.files.get(first);
    if (reason === undefined || selection.revisions.has(revision)) continue;
    if (revision.files.every((file) => selection.files.has(file))) selection.revisions.set(revision, reason);
  }
}

/** Those that something stays in which belongs to no revision. */
function reposWithRest(view: CacheView, selection: Selection): Set<string> {
  const going = new Set(selection.loose.map((loose) => loose.path));
  const rest = [...view.scan.repos.flatMap((repo) => repo.unused_blobs), ...view.scan.incomplete];
  // `models--ORG--NAME/blobs/<etag>`
  return new Set(rest.filter(({ path }) => !going.has(path)).map(({ path }) => dirname(dirname(path))));
}

function openUp(repo: CachedRepo, reason: string, used: string, selection: Selection): void {
  selection.repos.delete(repo);
  for (const revision of repo.revisions) selection.revisions.set(revision, reason);
  const [owner] = repo.revisions.flatMap((revision) =>
    revision.files.filter((file) => file.blob.path === used).map((file) => fileName(revision, file.file_path)),
  );
  selection.warnings.push(
    `${nameOf(repo)} stays as a folder: another repository needs its ${owner ?? "blob"} (${used})`,
  );
}
