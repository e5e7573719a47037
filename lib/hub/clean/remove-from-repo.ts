import { basename } from "node:path";
import type { PlanItem } from "./contract";
import type { Execution } from "./execution";
import { rethrow } from "./files";
import { targetsOf } from "./needed-now";
import { placesOf } from "./places";
import { removeFile, removeRevision } from "./remove-parts";
import { removeRepo } from "./remove-repo";
import { RepoLocks } from "./repo-locks";

/** Executes all items of one repository, holding its locks. */
export async function removeFromRepo(
  execution: Execution,
  repoPath: string,
  items: readonly PlanItem[],
): Promise<void> {
  const locks = new RepoLocks(execution.removal.root, repoPath);
  try {
    const whole = items.filter((item) => item.kind === "repo");
    for (const item of whole) await execution.item(item, () => removeRepo(execution, repoPath, locks));
    if (whole.length === 0) await removeParts(execution, repoPath, items, locks);
  } finally {
    locks.release();
  }
}

/** Snapshots and files first, then the blobs of those that went, then what nothing showed anyway. */
async function removeParts(
  execution: Execution,
  repoPath: string,
  items: readonly PlanItem[],
  locks: RepoLocks,
): Promise<void> {
  const parts = items.filter((item) => item.kind === "revision" || item.kind === "file");
  const going = new Set(parts.flatMap((item) => blobsOf(execution, item)));
  const gone: PlanItem[] = [];
  for (const item of parts) {
    const remove = item.kind === "revision" ? removeRevision : removeFile;
    const reason = await execution.attempt(
      async () => locks.downloads() ?? (await remove(execution, repoPath, item, going, locks)),
    );
    if (reason === null) gone.push(item);
    else execution.keep(item, reason);
  }
  const loose = items.filter((item) => item.kind === "incomplete" || item.kind === "unused_blob");
  if (gone.length + loose.length === 0) return;
  const needed = new Set<string>();
  const unknown = await execution.attempt(async () => {
    for (const path of [...targetsOf(repoPath, rethrow), ...execution.neededByOthers()]) needed.add(path);
    return null;
  });
  for (const item of [...gone, ...loose]) {
    const blobs = blobsOf(execution, item);
    await execution.item(item, async () => {
      if (blobs.length === 0) return null;
      return unknown ?? removeBlobs(execution, blobs, needed, locks);
    });
  }
}

/** Null, or why some of these stay. */
async function removeBlobs(
  execution: Execution,
  blobs: readonly string[],
  needed: ReadonlySet<string>,
  locks: RepoLocks,
): Promise<string | null> {
  let stays: string | null = null;
  for (const blob of blobs) {
    const reason =
      (needed.has(blob) ? `a file that stays needs ${blob}` : null) ??
      locks.download(basename(blob)) ??
      locks.use(blob);
    stays ??= reason;
    if (reason === null) await execution.removal.unlink(blob);
  }
  return stays;
}

function blobsOf(execution: Execution, item: PlanItem): string[] {
  const places = placesOf(execution.removal.root, item) ?? new Map<string, string>();
  return item.paths.filter((path) => places.get(path) === "blob");
}
