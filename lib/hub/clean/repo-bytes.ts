import type { CachedRepo } from "../scan/contract";
import type { CacheView } from "./contract";

/** Sums what repositories hold on the disk: bytes that several of them hold count once. */
export class RepoBytes {
  sum = 0;
  readonly #counted = new Set<string>();

  constructor(readonly view: CacheView) {}

  /** What `repo` would add. */
  more(repo: CachedRepo): number {
    return this.#bytesOf(repo).sum;
  }

  add(repo: CachedRepo): void {
    const { sum, inodes } = this.#bytesOf(repo);
    this.sum += sum;
    for (const inode of inodes) this.#counted.add(inode);
  }

  #bytesOf(repo: CachedRepo): { sum: number; inodes: Set<string> } {
    const { repos, shared } = this.view.inventory;
    const own = repos.get(repo.repo_path);
    const payloads = [...(own?.links.values() ?? [])].flatMap((target) => shared.get(target ?? "") ?? []);
    const inodes = new Set<string>();
    let sum = 0;
    for (const { inode, size } of [...(own?.files.values() ?? []), ...payloads]) {
      if (this.#counted.has(inode) || inodes.has(inode)) continue;
      inodes.add(inode);
      sum += size;
    }
    return { sum, inodes };
  }
}
