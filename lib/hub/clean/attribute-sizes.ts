import { isInside } from "../folder";
import type { CacheView, PlanItem } from "./contract";
import type { FileFact } from "./files";

/**
 * Sets each item's `freed_size`, and answers their sum. Bytes come free when the last of a file's names goes, and count
 * for the item that takes it.
 */
export function attributeSizes(view: CacheView, items: readonly PlanItem[]): number {
  const gone = new Map<string, number>();
  let sum = 0;
  for (const item of items) {
    for (const { inode, names, size } of item.paths.flatMap((path) => filesBelow(view, path))) {
      const taken = (gone.get(inode) ?? 0) + 1;
      gone.set(inode, taken);
      if (taken === names) item.freed_size += size;
    }
    sum += item.freed_size;
  }
  return sum;
}

/** The real files at `path` and below it. */
function filesBelow(view: CacheView, path: string): FileFact[] {
  const { repos, aside, shared } = view.inventory;
  const payload = shared.get(path);
  if (payload !== undefined) return [payload];
  for (const [folder, { files, folders }] of [...repos, ...aside]) {
    if (folder === path) return [...files.values()];
    if (!isInside(folder, path)) continue;
    const own = files.get(path);
    if (own !== undefined) return [own];
    if (!folders.has(path)) return [];
    return [...files].filter(([below]) => isInside(path, below)).map(([, fact]) => fact);
  }
  return [];
}
