import type { Dirent } from "node:fs";
import { dirname } from "node:path";
import { isInside, isLink } from "../folder";
import { repoPaths } from "../layout";
import type { Execution } from "./execution";
import { rethrow, walk } from "./files";
import type { RepoLocks } from "./repo-locks";

/** Removes a whole repository; null when it has gone, else why it stays. */
export async function removeRepo(execution: Execution, repoPath: string, locks: RepoLocks): Promise<string | null> {
  const { removal } = execution;
  if (isLink(repoPath)) {
    await removal.unlink(repoPath);
    return null;
  }
  const reason = locks.downloads() ?? inUse(repoPath, locks) ?? neededElsewhere(execution, repoPath);
  if (reason === null) await removal.removeAtOnce(repoPath);
  return reason;
}

/** Blobs, be they files or links into the shared store, and the files of snapshots where links are impossible. */
function inUse(repoPath: string, locks: RepoLocks): string | null {
  const { blobs, snapshots } = repoPaths(repoPath);
  let reason: string | null = null;
  for (const folder of [blobs, snapshots]) {
    const visit = (path: string, entry: Dirent) => {
      if (reason === null && (entry.isFile() || dirname(path) === blobs)) reason = locks.use(path);
    };
    walk(folder, visit, rethrow);
  }
  return reason;
}

function neededElsewhere(execution: Execution, repoPath: string): string | null {
  const used = [...execution.neededByOthers()].find((path) => isInside(repoPath, path));
  return used === undefined ? null : `another repository needs ${used}`;
}
