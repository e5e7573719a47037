import type { CachedRepo } from "../scan/contract";
import { isInside } from "../folder";
import type { CacheView } from "./contract";
import { fileName, nameOf } from "./names";
import type { Selection } from "./selection";

/** Everything that what stays in the cache leads to, by path: no plan may take these. */
export function neededPaths(view: CacheView, selection: Selection): Set<string> {
  const needed = new Set<string>();
  for (const repo of view.scan.repos) {
    const links = view.inventory.repos.get(repo.repo_path)?.links;
    for (const revision of repo.revisions) {
      for (const file of revision.files) {
        if (selection.goes(repo, revision, file)) continue;
        const { path, shared_path } = file.blob;
        // A blob that is a link needs what it leads to as well.
        for (const used of [path, shared_path, links?.get(path)]) if (used != null) needed.add(used);
      }
    }
  }
  return needed;
}

/**
 * Draws the conclusions from a selection, in place:
 *
 * 1. What lies behind a link is nobody's to take: it is dropped, with a warning.
 * 2. A revision that no file would be left in goes.
 * 3. A repository that no revision would be left in goes, unless `keepsRest` and something else in it stays.
 * 4. A repository that holds a blob which another one needs stays as a folder, without its revisions.
 */
export function settle(view: CacheView, selection: Selection, keepsRest: boolean): void {
  for (const repo of view.scan.repos) {
    if (selection.repos.has(repo)) continue;
    dropBehindLinks(view, repo, selection);
    warnOfUnreadable(view, repo, selection);
    takeEmptied(repo, selection);
    const [reason] = repo.revisions.map((revision) => selection.revisions.get(revision));
    const isEmptied = repo.revisions.length > 0 && repo.revisions.every((found) => selection.revisions.has(found));
    if (isEmptied && reason !== undefined && !(keepsRest && hasRest(view, repo, selection))) {
      selection.repos.set(repo, repo.revisions.length === 1 ? reason : `${reason}, as do all its revisions`);
    }
  }
  const needed = [...neededPaths(view, selection)];
  for (const [repo, reason] of [...selection.repos]) {
    const used = needed.find((path) => isInside(repo.repo_path, path));
    if (used !== undefined) openUp(repo, reason, used, selection);
  }
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

function hasRest(view: CacheView, repo: CachedRepo, selection: Selection): boolean {
  const going = new Set(selection.loose.map((loose) => loose.path));
  const incomplete = view.scan.incomplete.filter(({ path }) => isInside(repo.repo_path, path));
  return [...repo.unused_blobs, ...incomplete].some(({ path }) => !going.has(path));
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
