import type { CacheScan } from "../scan/contract";
import type { RepoType } from "../layout";
import type { OpenFiles } from "../open-files";
import type { Inventory } from "./inventory";

/*
 * Cleaning is planned, shown, then executed: a plan is a value, and only `executePlan` touches the disk. Sizes are bytes,
 * paths are absolute.
 *
 * A size that is freed counts what the file system gives back: a file with several hard links counts when the last one
 * goes. The few bytes of refs, which no size of a scan counts either, are left out, so that `expected_freed_size` is
 * what huggingface_hub's `delete_revisions` expects, plus what that one leaves behind.
 */

/** What a plan is made from: the scan, what stands in each repository's folder, and what other processes have open. */
export interface CacheView {
  scan: CacheScan;
  inventory: Inventory;
  /** Nothing of it changes a plan; it is warned of. */
  open?: OpenFiles;
}

export type PlanAction = "rm" | "prune" | "keep";

export type PlanItemKind =
  /** A whole folder of a repository. */
  | "repo"
  /** A snapshot with its refs, its lists and the blobs that nothing else needs. */
  | "revision"
  /** One file of one snapshot, with its blob when nothing else needs it. */
  | "file"
  /** A download that has not ended. */
  | "incomplete"
  /** A blob that no revision shows. */
  | "unused_blob"
  /** A payload of the shared store that no repository will need. */
  | "shared_blob"
  /** What a cleaning that was interrupted had already moved aside. */
  | "leftover";

export interface PlanItem {
  kind: PlanItemKind;
  repo_type: RepoType | null;
  repo_id: string | null;
  commit_hash: string | null;
  /** As the Hub names it: `folder/model.gguf`. */
  file: string | null;
  /** What is unlinked or, for a folder, removed; each path stands in one item of the plan. */
  paths: string[];
  /** Names of the refs that go: `main`, `refs/pr/1`. */
  refs: string[];
  /** A file that several items show counts for the last of them: the sum is the plan's. */
  freed_size: number;
  /** A sentence for people. */
  reason: string;
}

export interface Plan {
  /** Hash of the items: the same cache gives the same plan with the same id; another id: the cache has changed. */
  id: string;
  action: PlanAction;
  cache_dir: string;
  items: PlanItem[];
  expected_freed_size: number;
  /** What the cache holds now, each byte once, with what no revision uses: what stays is this less what is freed. */
  held_size: number;
  warnings: string[];
}

/** How far an execution is. Files are counted by name: a link is one, and the blob it leads to another. */
export interface CleaningProgress {
  nb_files: number;
  /** Of the whole plan. What stays after all is among them. */
  total_files: number;
  freed_size: number;
  expected_freed_size: number;
}

/** An item of the plan that is still there, wholly or in part, and why. */
export interface KeptItem {
  item: PlanItem;
  reason: string;
}

export interface ExecutedPlan {
  id: string;
  action: PlanAction;
  /** Of what this execution unlinked, not of what somebody else did meanwhile. */
  freed_size: number;
  removed: PlanItem[];
  kept: KeptItem[];
  warnings: string[];
}
