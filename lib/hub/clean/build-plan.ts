import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { MemwellError } from "../../errors";
import type { CachedFile, CachedRepo, CachedRevision } from "../scan/contract";
import { repoPaths } from "../layout";
import { attributeSizes } from "./attribute-sizes";
import { heldSize } from "./held-size";
import type { CacheView, Plan, PlanAction, PlanItem, PlanItemKind } from "./contract";
import { fileName } from "./names";
import { neededPaths } from "./needed-paths";
import { settle, type LoosePath, type Selection } from "./settle";
import { addSharedItems } from "./shared-payloads";
import { warningsOfOpen } from "./warn-of-open";

/** The plan that removes a selection and what follows from it. Pure; the selection is used up. */
export function buildPlan(action: PlanAction, view: CacheView, selection: Selection): Plan {
  settle(view, selection, action === "prune");
  const needed = neededPaths(view, selection);
  const items = [...repoItems(view, selection), ...partItems(view, selection, needed), ...looseItems(selection)];
  addSharedItems(view, items, needed, selection.warnings);
  const expected_freed_size = attributeSizes(view, items);
  const { cache_dir } = view.scan;
  const id = idOf(action, cache_dir, items);
  return {
    id,
    action,
    cache_dir,
    items,
    expected_freed_size,
    held_size: heldSize(view.inventory),
    warnings: [...selection.warnings, ...warningsOfOpen(view, items)],
  };
}

/** Throws `plan_stale` when the cache is no longer what the plan of this id, which somebody has seen, was made for. */
export function checkPlanId(plan: Plan, id: string): void {
  if (plan.id === id) return;
  throw new MemwellError(
    "plan_stale",
    "The cache has changed since this plan was made. Look at the new plan, then apply that one.",
    { id, current_id: plan.id, expected_freed_size: plan.expected_freed_size },
  );
}

/** Without the reasons: they tell times, which change by themselves. */
function idOf(action: PlanAction, cacheDir: string, items: readonly PlanItem[]): string {
  const content = items.map(({ kind, paths, refs, freed_size }) => [kind, paths, refs, freed_size]);
  return createHash("sha256")
    .update(JSON.stringify([action, cacheDir, content]))
    .digest("hex")
    .slice(0, 32);
}

function itemOf(kind: PlanItemKind, repo: CachedRepo | null, paths: string[], reason: string): PlanItem {
  return {
    kind,
    repo_type: repo?.repo_type ?? null,
    repo_id: repo?.repo_id ?? null,
    commit_hash: null,
    file: null,
    paths,
    refs: [],
    freed_size: 0,
    reason,
  };
}

function repoItems(view: CacheView, selection: Selection): PlanItem[] {
  return view.scan.repos.flatMap((repo) => {
    const reason = selection.repos.get(repo);
    if (reason === undefined) return [];
    const isLink = view.inventory.repos.get(repo.repo_path)?.isLink ?? false;
    if (isLink) selection.warnings.push(`${repo.repo_path} is a link: it goes, and what it leads to stays`);
    return [{ ...itemOf("repo", repo, [repo.repo_path], reason), refs: isLink ? [] : repo.refs }];
  });
}

/** Revisions and files of repositories that stay, each with the blobs that go with it. */
function partItems(view: CacheView, selection: Selection, needed: ReadonlySet<string>): PlanItem[] {
  const items: PlanItem[] = [];
  for (const repo of view.scan.repos) {
    if (selection.repos.has(repo)) continue;
    // With the last item that shows it: until then something needs it.
    const blobs = new Map<string, PlanItem>();
    for (const revision of repo.revisions) {
      const reason = selection.revisions.get(revision);
      const ofRevision =
        reason === undefined
          ? fileItems(repo, revision, selection)
          : [{ item: revisionItem(view, repo, revision, reason), files: revision.files }];
      for (const { item, files } of ofRevision) {
        items.push(item);
        for (const file of files) if (goesToo(view, repo, file, needed)) blobs.set(file.blob.path, item);
      }
    }
    for (const [path, item] of blobs) item.paths.push(path);
  }
  return items;
}

function revisionItem(view: CacheView, repo: CachedRepo, revision: CachedRevision, reason: string): PlanItem {
  const own = view.inventory.repos.get(repo.repo_path);
  const { noExist, trees } = repoPaths(repo.repo_path);
  const tree = join(trees, `${revision.commit_hash}.json`);
  const missing = join(noExist, revision.commit_hash);
  const paths = [revision.snapshot_path];
  if (own?.files.has(tree)) paths.push(tree);
  if (own?.folders.has(missing)) paths.push(missing);
  return {
    ...itemOf("revision", repo, paths, reason),
    commit_hash: revision.commit_hash,
    refs: revision.refs,
  };
}

function fileItems(repo: CachedRepo, revision: CachedRevision, selection: Selection) {
  return revision.files.flatMap((file) => {
    const reason = selection.files.get(file);
    if (reason === undefined) return [];
    const item = {
      ...itemOf("file", repo, [file.file_path], reason),
      commit_hash: revision.commit_hash,
      file: fileName(revision, file.file_path),
    };
    return [{ item, files: [file] as CachedFile[] }];
  });
}

/** Whether a file's blob goes with it: it lies in this repository's own folder, and nothing that stays needs it. */
function goesToo(view: CacheView, repo: CachedRepo, file: CachedFile, needed: ReadonlySet<string>): boolean {
  const { path } = file.blob;
  const own = view.inventory.repos.get(repo.repo_path);
  // A revision that cannot be read may need any blob.
  if (own === undefined || own.unreadable.length > 0) return false;
  if (needed.has(path) || dirname(path) !== repoPaths(repo.repo_path).blobs) return false;
  return own.files.has(path) || own.links.has(path);
}

function looseItems(selection: Selection): PlanItem[] {
  const isCovered = ({ repo }: LoosePath) => repo !== null && selection.repos.has(repo);
  return selection.loose
    .filter((loose) => !isCovered(loose))
    .map(({ kind, repo, path, reason }) => itemOf(kind, repo, [path], reason));
}
