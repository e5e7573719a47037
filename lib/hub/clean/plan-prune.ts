import { dirname } from "node:path";
import type { CachedRepo, SizedFile } from "../scan/contract";
import { buildPlan } from "./build-plan";
import type { CacheView, Plan } from "./contract";
import { dayOf } from "./names";
import { Pins } from "./target";
import { Selection, type LoosePath } from "./settle";

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export interface PruneOptions {
  /** Milliseconds since 1970. */
  now: number;
  /**
   * How long a revision without a ref stays after it, or any ref of its repository, last changed. People pin commits: 30
   * days unless told.
   */
  graceMs?: number;
  /** How long a blob that nothing shows, or a download, stays after its last byte: it may be about to be shown. */
  looseGraceMs?: number;
  /** `ORG/NAME`, `ORG/NAME@REVISION`. */
  pins?: readonly string[];
}

/**
 * The plan that removes what nobody asks for: revisions without a ref, downloads that have not ended, blobs no revision
 * shows, payloads no repository leads to, and what an interrupted cleaning left. Pure. Throws `invalid_request` for a
 * pin that names nothing.
 */
export function planPrune(view: CacheView, options: PruneOptions): Plan {
  const pins = new Pins(options.pins);
  const detachedBefore = (options.now - (options.graceMs ?? 30 * DAY_MS)) / 1000;
  const looseBefore = (options.now - (options.looseGraceMs ?? MINUTE_MS)) / 1000;
  const selection = new Selection();
  const incomplete = incompleteByRepo(view);
  for (const repo of view.scan.repos) {
    if (view.inventory.repos.get(repo.repo_path)?.isLink) continue;
    selectDetached(view, repo, detachedBefore, pins, selection);
    // What cannot be read may show any of them.
    if (!view.inventory.repos.get(repo.repo_path)?.unreadable.length) {
      selectLoose("unused_blob", repo.unused_blobs, view, repo, looseBefore, selection);
    }
    selectLoose("incomplete", incomplete.get(repo.repo_path) ?? [], view, repo, looseBefore, selection);
  }
  selectShared(view, looseBefore, selection);
  for (const path of view.inventory.aside.keys()) {
    selection.loose.push({ kind: "leftover", repo: null, path, reason: "a cleaning that was interrupted left this" });
  }
  return buildPlan("prune", view, selection);
}

/**
 * A revision changes when a blob of it is written, when a file comes into its snapshot's folder or leaves it, and when any
 * ref of the repository moves, since that may be the ref it had: the latest of these counts.
 */
function selectDetached(view: CacheView, repo: CachedRepo, before: number, pins: Pins, selection: Selection): void {
  const own = view.inventory.repos.get(repo.repo_path);
  for (const revision of repo.revisions) {
    if (revision.refs.length > 0 || pins.holdRevision(repo, revision)) continue;
    const made = own?.snapshotTimes.get(revision.snapshot_path) ?? 0;
    const changed = Math.max(revision.last_modified, made, own?.refsTime ?? 0);
    if (changed > before) continue;
    const day = dayOf(changed);
    selection.revisions.set(revision, `no branch or tag names this revision, and it has not changed since ${day}`);
  }
}

function incompleteByRepo(view: CacheView): Map<string, SizedFile[]> {
  const found = new Map<string, SizedFile[]>();
  for (const file of view.scan.incomplete) {
    // `models--ORG--NAME/blobs/<etag>.incomplete`
    const repoPath = dirname(dirname(file.path));
    const others = found.get(repoPath);
    if (others === undefined) found.set(repoPath, [file]);
    else others.push(file);
  }
  return found;
}

const LOOSE_REASONS = {
  unused_blob: "no revision shows this blob",
  incomplete: "this download has not ended, and was not written to lately",
} as const;

function selectLoose(
  kind: keyof typeof LOOSE_REASONS,
  found: readonly SizedFile[],
  view: CacheView,
  repo: CachedRepo,
  before: number,
  selection: Selection,
): void {
  const own = view.inventory.repos.get(repo.repo_path);
  for (const { path } of found) {
    const modified = own?.files.get(path)?.modified;
    // A link has no bytes of its own, and no time that tells anything.
    if (modified === undefined && !own?.links.has(path)) continue;
    if (modified === undefined || modified <= before) {
      selection.loose.push({ kind, repo, path, reason: LOOSE_REASONS[kind] } satisfies LoosePath);
    } else selection.warnings.push(`${path} was written to just now, and stays`);
  }
}

function selectShared(view: CacheView, before: number, selection: Selection): void {
  const used = new Set(view.scan.repos.flatMap((repo) => repo.revisions).flatMap(({ files }) => files.map(payloadOf)));
  for (const [path, { links, modified }] of view.inventory.shared) {
    if (links === null || links.length > 0 || used.has(path) || modified > before) continue;
    const reason = "no repository leads to this payload of the shared store";
    selection.loose.push({ kind: "shared_blob", repo: null, path, reason });
  }
}

function payloadOf({ blob }: { blob: { path: string; shared_path: string | null } }): string {
  return blob.shared_path ?? blob.path;
}
