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
import type { RepoLocks } from "./repo-locks";

/**
 * Removes a revision but for its blobs: its refs, its lists, its snapshot in one rename. `going`: the blobs that this
 * plan takes from this repository. Answers null, or why the revision stays.
 */
export async function removeRevision(
  execution: Execution,
  repoPath: string,
  item: PlanItem,
  going: ReadonlySet<string>,
  locks: RepoLocks,
): Promise<string | null> {
  const { removal } = execution;
  const paths = repoPaths(repoPath);
  const commit = item.commit_hash ?? "";
  const snapshot = join(paths.snapshots, commit);
  const busy = inUse(snapshot, going, locks);
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
  await removal.removeAtOnce(snapshot);
  return null;
}

/** Removes one file of a snapshot but for its blob, and the folders it leaves empty. Answers null, or why it stays. */
export async function removeFile(
  execution: Execution,
  repoPath: string,
  item: PlanItem,
  going: ReadonlySet<string>,
  locks: RepoLocks,
): Promise<string | null> {
  const snapshot = join(repoPaths(repoPath).snapshots, item.commit_hash ?? "");
  const path = join(snapshot, item.file ?? "");
  const busy = useOf(path, going, locks);
  if (busy !== null) return busy;
  await execution.removal.unlink(path);
  await execution.removal.removeEmpty(dirname(path), snapshot);
  return null;
}

function inUse(snapshot: string, going: ReadonlySet<string>, locks: RepoLocks): string | null {
  let reason: string | null = null;
  const visit = (path: string, entry: Dirent) => {
    if (!entry.isDirectory()) reason ??= useOf(path, going, locks);
  };
  walk(snapshot, visit, rethrow);
  return reason;
}

/**
 * Whether anybody uses what goes with a file of a snapshot: its blob if the plan takes that, or the file itself where
 * links are impossible.
 */
function useOf(path: string, going: ReadonlySet<string>, locks: RepoLocks): string | null {
  if (!isLink(path)) return locks.use(path);
  const [blob] = stepsOf(path);
  return blob !== undefined && going.has(blob) ? locks.use(blob) : null;
}
