import type { Inventory } from "./inventory";

/**
 * Bytes of every file below the cache's repositories, of the shared store and of what an interrupted cleaning left: the
 * files that a plan may name. Each inode counts once; the few bytes of refs do not, as in every size of a plan.
 */
export function heldSize({ repos, shared, aside }: Inventory): number {
  const seen = new Set<string>();
  let sum = 0;
  const add = ({ inode, size }: { inode: string; size: number }): void => {
    if (seen.has(inode)) return;
    seen.add(inode);
    sum += size;
  };
  for (const folder of [repos, aside])
    for (const { files } of folder.values()) for (const file of files.values()) add(file);
  for (const payload of shared.values()) add(payload);
  return sum;
}
