import { openCache } from "../folder";
import type { CleaningProgress, ExecutedPlan, Plan, PlanItem } from "./contract";
import { countFiles } from "./count-files";
import { Execution } from "./execution";
import { placesOf, repoPathOf } from "./places";
import { Removal, type RemovalStep } from "./removal";
import { removeFromRepo } from "./remove-from-repo";
import { removeLeftover } from "./remove-repo";
import { removePayload } from "./remove-payload";

export interface ExecuteOptions {
  /** It ends after the file that is its turn. What has not gone is then kept, and the answer says so. */
  signal?: AbortSignal;
  /** Told right before each change of the disk. */
  onStep?: (step: RemovalStep) => void;
  /** Told before the first file goes, and after each. */
  onProgress?: (progress: CleaningProgress) => void;
}

/**
 * Executes a plan in an order in which an end at any point, `kill -9` included, leaves a valid cache:
 *
 * 1. A repository goes in one rename, a snapshot too, after its refs: nothing ever names what is not there.
 * 2. A repository's blobs go after all of its snapshots, each only if nothing on the disk needs it at that moment.
 * 3. Payloads of the shared store go last, each only if no line of its list leads to it any more.
 *
 * What is in use, is being downloaded, lies behind a link or is not the plan's to take stays, and is in `kept` with the
 * reason. Throws `cache_not_found` and `cache_invalid`.
 */
export async function executePlan(plan: Plan, options: ExecuteOptions = {}): Promise<ExecutedPlan> {
  const { root } = openCache(plan.cache_dir);
  const { signal, onStep, onProgress } = options;
  const removal = new Removal(root, { onStep, signal });
  const execution = new Execution(plan, removal, signal);
  const items = plan.items.filter((item) => isAllowed(root, item, execution));
  if (onProgress !== undefined) await tellProgress(plan, items, removal, onProgress);
  for (const [repoPath, itsItems] of byRepo(root, items)) await removeFromRepo(execution, repoPath, itsItems);
  for (const item of items) if (item.kind === "leftover") await removeLeftover(execution, item);
  execution.lookAgain();
  for (const item of items) if (item.kind === "shared_blob") await removePayload(execution, item);
  return execution.result();
}

async function tellProgress(
  plan: Plan,
  items: readonly PlanItem[],
  removal: Removal,
  onProgress: (progress: CleaningProgress) => void,
): Promise<void> {
  const total = await countFiles(items);
  const { expected_freed_size } = plan;
  const tell = (): void =>
    onProgress({ nb_files: removal.files, total_files: total, freed_size: removal.freed, expected_freed_size });
  removal.onFile = tell;
  tell();
}

function isAllowed(root: string, item: PlanItem, execution: Execution): boolean {
  if (placesOf(root, item) !== null) return true;
  execution.keep(item, "it names a path that no item of its kind may name");
  return false;
}

function byRepo(root: string, items: readonly PlanItem[]): Map<string, PlanItem[]> {
  const groups = new Map<string, PlanItem[]>();
  for (const item of items) {
    const repoPath = repoPathOf(root, item);
    if (repoPath === null || item.kind === "leftover" || item.kind === "shared_blob") continue;
    const others = groups.get(repoPath);
    if (others === undefined) groups.set(repoPath, [item]);
    else others.push(item);
  }
  return groups;
}
