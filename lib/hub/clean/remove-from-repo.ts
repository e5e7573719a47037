import { join } from "node:path";
import { isInside } from "../folder";
import { repoPaths } from "../layout";
import type { PlanItem } from "./contract";
import type { Execution } from "./execution";
import { rethrow } from "./files";
import { leadsOf, type Lead } from "./needed-now";
import { placesOf } from "./places";
import { removeBlobs } from "./remove-blobs";
import { removeFile, removeRevision } from "./remove-parts";
import { removeRepo } from "./remove-repo";
import { downloadsInto } from "./repo-locks";

/** After how many files it is asked again whether a download has begun. */
const FILES_A_QUESTION = 64;

/**
 * Executes all items of one repository: the whole of it, or snapshots and files first, then the blobs of those that went,
 * then what nothing showed anyway.
 */
export async function removeFromRepo(
  execution: Execution,
  repoPath: string,
  items: readonly PlanItem[],
): Promise<void> {
  const whole = items.filter((item) => item.kind === "repo");
  for (const item of whole) await execution.item(item, () => removeRepo(execution, repoPath));
  if (whole.length > 0) return;
  const gone = await removeParts(execution, repoPath, items);
  const loose = items.filter((item) => item.kind === "incomplete" || item.kind === "unused_blob");
  const blobs = [...gone, ...loose].map((item) => ({ item, paths: blobsOf(execution, item) }));
  const stays = await removeBlobs(execution, repoPath, [...new Set(blobs.flatMap(({ paths }) => paths))]);
  for (const { item, paths } of blobs) {
    const [reason] = paths.flatMap((path) => stays.get(path) ?? []);
    if (reason === undefined) execution.removed.push(item);
    else execution.keep(item, reason);
  }
}

/** In rounds: what links into another part goes before that. What a file that stays links to is left over, and stays. */
async function removeParts(execution: Execution, repoPath: string, items: readonly PlanItem[]): Promise<PlanItem[]> {
  const gone: PlanItem[] = [];
  let left = items.filter((item) => item.kind === "revision" || item.kind === "file");
  const going = new Set(left.flatMap((item) => blobsOf(execution, item)));
  while (left.length > 0) {
    let links: Lead[] = [];
    const unknown = await execution.attempt(async () => {
      links = await linksIntoSnapshots(execution, repoPath);
      return null;
    });
    const isLinked = (item: PlanItem) => links.some((link) => leadsInto(repoPath, item, link));
    const free = left.filter((item) => !isLinked(item));
    left = left.filter(isLinked);
    let busy: string | null = null;
    for (const [index, item] of free.entries()) {
      if (item.kind === "revision" || index % FILES_A_QUESTION === 0) {
        busy = await execution.attempt(async () => downloadsInto(execution.removal.root, repoPath));
      }
      const remove = item.kind === "revision" ? removeRevision : removeFile;
      const reason = unknown ?? busy ?? (await execution.attempt(() => remove(execution, repoPath, item, going)));
      if (reason === null) gone.push(item);
      else execution.keep(item, reason);
    }
    if (free.length > 0) continue;
    for (const item of left) execution.keep(item, "a file that stays links to it");
    break;
  }
  return gone;
}

/** Such links are rare, and none of them leads from a snapshot to its blobs. */
async function linksIntoSnapshots(execution: Execution, repoPath: string): Promise<Lead[]> {
  const { snapshots } = repoPaths(repoPath);
  const others = [...(await execution.neededByOthers())].map((to) => ({ from: "", to }));
  const isInto = ({ from, to }: Lead) => from !== to && isInside(snapshots, to);
  return [...leadsOf(repoPath, rethrow), ...others].filter(isInto);
}

/** Links of a snapshot into itself go with it. */
function leadsInto(repoPath: string, item: PlanItem, { from, to }: Lead): boolean {
  const snapshot = join(repoPaths(repoPath).snapshots, item.commit_hash ?? "");
  if (item.kind === "revision") return isInside(snapshot, to) && !isInside(snapshot, from);
  return to === join(snapshot, item.file ?? "");
}

function blobsOf(execution: Execution, item: PlanItem): string[] {
  const places = placesOf(execution.removal.root, item) ?? new Map<string, string>();
  return item.paths.filter((path) => places.get(path) === "blob");
}
