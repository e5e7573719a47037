import { dirname, sep } from "node:path";
import type { CacheView, PlanItem } from "./contract";
import { firstPart, type FileFact } from "./files";

/**
 * Sets each item's `freed_size`, and answers their sum. Bytes come free when the last of a file's names goes, and count
 * for the item that takes it.
 */
export function attributeSizes(view: CacheView, items: readonly PlanItem[]): number {
  const gone = new Map<string, number>();
  const folders = new FilesByFolder(view);
  let sum = 0;
  for (const item of items) {
    for (const { inode, names, size } of item.paths.flatMap((path) => folders.filesAt(path))) {
      const taken = (gone.get(inode) ?? 0) + 1;
      gone.set(inode, taken);
      if (taken === names) item.freed_size += size;
    }
    sum += item.freed_size;
  }
  return sum;
}

/** The real files that go with a path; each repository's are grouped once. */
class FilesByFolder {
  readonly #grouped = new Map<string, Map<string, FileFact[]>>();

  constructor(readonly view: CacheView) {}

  filesAt(path: string): readonly FileFact[] {
    const { repos, aside, shared } = this.view.inventory;
    const payload = shared.get(path);
    if (payload !== undefined) return [payload];
    const whole = repos.get(path) ?? aside.get(path);
    if (whole !== undefined) return [...whole.files.values()];
    const repoPath = firstPart(this.view.scan.cache_dir + sep, path);
    const file = repos.get(repoPath)?.files.get(path);
    return file === undefined ? (this.#foldersOf(repoPath).get(path) ?? []) : [file];
  }

  /** By `snapshots/<commit>` and the like: the folders that a plan names lie that deep. */
  #foldersOf(repoPath: string): Map<string, FileFact[]> {
    const known = this.#grouped.get(repoPath);
    if (known !== undefined) return known;
    const folders = new Map<string, FileFact[]>();
    for (const [path, fact] of this.view.inventory.repos.get(repoPath)?.files ?? []) {
      const folder = firstPart(firstPart(repoPath + sep, dirname(path)) + sep, dirname(path));
      const others = folders.get(folder);
      if (others === undefined) folders.set(folder, [fact]);
      else others.push(fact);
    }
    this.#grouped.set(repoPath, folders);
    return folders;
  }
}
