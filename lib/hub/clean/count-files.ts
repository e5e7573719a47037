import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { isInside, lstatOrNull } from "../folder";
import { REFS } from "../layout";
import { refsAside } from "./aside";
import type { PlanItem } from "./contract";
import { walk } from "./files";

/** How many names of files and links the items of a plan have, but for refs. What cannot be read is not counted. */
export async function countFiles(items: readonly PlanItem[]): Promise<number> {
  let count = 0;
  for (const { kind, paths } of items) {
    await setImmediate();
    for (const path of paths) count += countBelow(path, kind === "repo" ? join(path, REFS) : refsAside(path));
  }
  return count;
}

function countBelow(path: string, uncounted: string | null): number {
  const stats = lstatOrNull(path);
  if (stats === null) return 0;
  let count = stats.isDirectory() ? 0 : 1;
  walk(path, (below, entry) => {
    if (!entry.isDirectory() && (uncounted === null || !isInside(uncounted, below))) count += 1;
  });
  return count;
}
