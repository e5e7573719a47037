import type { Dirent } from "node:fs";
import { dirname, join } from "node:path";
import { Findings } from "../scan/findings";
import { isLink } from "../folder";
import { repoPaths } from "../layout";
import { readRefs } from "../scan/refs";
import type { PlanItem } from "./contract";
import type { Execution } from "./execution";
import { rethrow, walk } from "./files";
import { stepsOf } from "./needed-now";
import { refPath } from "./places";
import { downloadsInto, HeldLocks, useOf, usesBelow } from "./repo-locks";

/**
 * Removes a revision but for its blobs: its refs, its lists, its snapshot in one rename. `going`: the blobs that this
 * plan takes from this repository. Answers null, or why the revision stays.
 */
export async function removeRevision(
  execution: Execution,
  repoPath: string,
  item: PlanItem,
  going: ReadonlySet<string>,
): Promise<string | null> {
  const { removal } = execution;
  const paths = repoPaths(repoPath);
  const commit = item.commit_hash ?? "";
  const snapshot = join(paths.snapshots, commit);
  const busy = inUse(removal.root, snapshot, going);
  if (busy !== null) return busy;
  // A ref that is not seen would be left without its revision.
  walk(paths.refs, () => {}, rethrow);
  const refs = readRefs(paths.refs, new Findings(removal.root)).get(commit) ?? [];
  const later = refs.find((ref) => !item.refs.includes(ref));
  if (later !== undefined) return `the ref ${later} has come to name it since the plan was made`;
  for (const ref of refs) {
    await removal.unlink(refPath(repoPath, ref), false);
    await removal.removeEmpty(dirname(refPath(repoPath, ref)), paths.refs);
  }
  // The snapshot last: as long as it is there, a new plan finds what is left of the revision.
  for (const path of item.paths) {
    if (dirname(path) === paths.trees || dirname(path) === paths.noExist) await removal.removeAll(path);
  }
  // Whoever cancels now is too late: without its refs the revision would be found by nobody.
  return removal.removeAtOnce(
    snapshot,
    (path) => downloadsInto(removal.root, repoPath) ?? usesBelow(removal.root, path),
  );
}

/** Removes one file of a snapshot but for its blob, and the folders it leaves empty. Answers null, or why it stays. */
export async function removeFile(
  execution: Execution,
  repoPath: string,
  item: PlanItem,
  going: ReadonlySet<string>,
): Promise<string | null> {
  const snapshot = join(repoPaths(repoPath).snapshots, item.commit_hash ?? "");
  const path = join(snapshot, item.file ?? "");
  const { removal } = execution;
  const locks = new HeldLocks(removal.root, repoPath);
  try {
    const busy = isLink(path) ? useOfBlob(removal.root, path, going) : locks.use(path);
    if (busy !== null) return busy;
    await removal.unlink(path);
  } finally {
    locks.release();
  }
  await removal.removeEmpty(dirname(path), snapshot);
  return null;
}

/** Whether anybody uses a file of a snapshot, or blobs that the plan takes. */
function inUse(root: string, snapshot: string, going: ReadonlySet<string>): string | null {
  let reason: string | null = null;
  const visit = (path: string, entry: Dirent) => {
    if (entry.isFile()) reason ??= useOf(root, path);
    if (entry.isSymbolicLink()) reason ??= useOfBlob(root, path, going);
  };
  walk(snapshot, visit, rethrow);
  return reason;
}

function useOfBlob(root: string, link: string, going: ReadonlySet<string>): string | null {
  const [blob] = stepsOf(link);
  return blob !== undefined && going.has(blob) ? useOf(root, blob) : null;
}
