import { join, relative, sep } from "node:path";
import type { CachedRepo, CachedRevision } from "../scan/contract";
import { SNAPSHOTS } from "../layout";
import type { CacheView } from "./contract";
import { firstPart } from "./files";
import type { Selection } from "./settle";

/** As many as Linux follows. */
const MOST_STEPS = 40;

/** Everything that what stays in the cache leads to, each step on the way, by path: no plan may take these. */
export function neededPaths(view: CacheView, selection: Selection): Set<string> {
  const needed = new Set<string>();
  for (const repo of view.scan.repos) {
    if (selection.repos.has(repo)) continue;
    for (const revision of repo.revisions) {
      if (!selection.revisions.has(revision)) addFiles(view, repo, revision, selection, needed);
    }
    addLinks(view, repo, selection, needed);
  }
  return needed;
}

function addFiles(
  view: CacheView,
  repo: CachedRepo,
  revision: CachedRevision,
  selection: Selection,
  needed: Set<string>,
): void {
  // A snapshot may itself be a link to another one, whose files it shows.
  const shown = linkAt(view, revision.snapshot_path);
  for (const file of revision.files) {
    if (selection.goes(repo, revision, file)) continue;
    const { path, shared_path } = file.blob;
    needed.add(path);
    if (shared_path !== null) needed.add(shared_path);
    addSteps(view, path, needed);
    if (shown === null) continue;
    const own = join(shown, relative(revision.snapshot_path, file.file_path));
    needed.add(own);
    addSteps(view, own, needed);
  }
}

/** Links to folders, which no revision counts as files, and the steps between a file and its blob. */
function addLinks(view: CacheView, repo: CachedRepo, selection: Selection, needed: Set<string>): void {
  const going = new Set<string>();
  for (const revision of repo.revisions) {
    if (selection.revisions.has(revision)) going.add(revision.snapshot_path);
    for (const file of revision.files) if (selection.files.has(file)) going.add(file.file_path);
  }
  const snapshots = join(repo.repo_path, SNAPSHOTS) + sep;
  for (const link of view.inventory.repos.get(repo.repo_path)?.links.keys() ?? []) {
    if (!link.startsWith(snapshots) || going.has(link) || going.has(firstPart(snapshots, link))) continue;
    addSteps(view, link, needed);
  }
}

function addSteps(view: CacheView, link: string, needed: Set<string>): void {
  let path = linkAt(view, link);
  for (let steps = 0; path !== null && steps < MOST_STEPS; steps++) {
    needed.add(path);
    path = linkAt(view, path);
  }
}

/** Where a link of the cache leads at once; null for what is none. */
function linkAt(view: CacheView, path: string): string | null {
  const repo = firstPart(view.scan.cache_dir + sep, path);
  return view.inventory.repos.get(repo)?.links.get(path) ?? null;
}

/** Which repositories, and which of their snapshots, hold something of what is needed: one such path for each. */
export class NeededParts {
  readonly repos = new Map<string, string>();
  readonly snapshots = new Map<string, string>();

  constructor(
    cacheDir: string,
    readonly paths: ReadonlySet<string>,
  ) {
    for (const path of paths) {
      const repo = firstPart(cacheDir + sep, path);
      const snapshots = join(repo, SNAPSHOTS) + sep;
      if (!this.repos.has(repo)) this.repos.set(repo, path);
      if (path.startsWith(snapshots)) this.snapshots.set(firstPart(snapshots, path), path);
    }
  }
}
