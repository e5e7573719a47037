import { isLink } from "../folder";
import { asideFolder, refsAside } from "./aside";
import type { PlanItem } from "./contract";
import type { Execution } from "./execution";

/** Removes what an interrupted cleaning had moved aside: it was known to be free then, and nobody has seen it since. */
export async function removeLeftover(execution: Execution, item: PlanItem): Promise<void> {
  const { removal } = execution;
  await execution.item(item, async () => {
    if (isLink(asideFolder(removal.root))) return "the folder of what was moved aside is a link";
    for (const path of item.paths) await removal.removeAll(path, refsAside(path));
    return null;
  });
}
