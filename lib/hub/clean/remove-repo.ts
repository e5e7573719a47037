import { isInside, isLink } from "../folder";
import { asideFolder } from "../layout";
import { refsAside } from "./aside";
import type { PlanItem } from "./contract";
import type { Execution } from "./execution";
import { downloadsInto, usesBelow } from "./repo-locks";

/** Removes a whole repository; null when it has gone, else why it stays. */
export async function removeRepo(execution: Execution, repoPath: string): Promise<string | null> {
  const { removal } = execution;
  if (isLink(repoPath)) {
    await removal.unlink(repoPath);
    return null;
  }
  const { root } = removal;
  return (
    (await neededElsewhere(execution, repoPath)) ??
    (await removal.removeAtOnce(
      repoPath,
      (path) => removal.cancelled() ?? downloadsInto(root, repoPath) ?? usesBelow(root, path),
    ))
  );
}

async function neededElsewhere(execution: Execution, repoPath: string): Promise<string | null> {
  for (const path of await execution.neededByOthers()) {
    if (isInside(repoPath, path)) return `another repository needs ${path}`;
  }
  return null;
}

/** Removes what an interrupted cleaning had moved aside. It may have ended before it asked whether that is in use. */
export async function removeLeftover(execution: Execution, item: PlanItem): Promise<void> {
  const { removal } = execution;
  await execution.item(item, async () => {
    if (isLink(asideFolder(removal.root))) return "the folder of what was moved aside is a link";
    for (const path of item.paths) {
      const busy = usesBelow(removal.root, path);
      if (busy !== null) return busy;
      await removal.removeAll(path, refsAside(path));
    }
    return null;
  });
}
