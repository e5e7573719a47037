import { MemwellError } from "../../errors";
import type { CachedRepo } from "../scan/contract";
import type { RepoType } from "../layout";
import { buildPlan } from "./build-plan";
import type { CacheView, Plan } from "./contract";
import { dayOf, nameOf } from "./names";
import { Pins } from "./target";
import { Selection } from "./settle";

export interface KeepOptions {
  /** How many repositories stay: those used last. */
  count?: number;
  /** Bytes: those used last stay as long as they fit. */
  maxSize?: number;
  /**
   * When Memwell last loaded what, in seconds since 1970, by `model/ORG/NAME`. Where the files' times are later, those
   * count: other programs read and fetch models too. (A `verify` reads files as well: at worst they stay longer.)
   */
  lastUsed?: ReadonlyMap<string, number>;
  /** `ORG/NAME`, `ORG/NAME@REVISION`: these stay whatever their number, and their bytes count first. */
  pins?: readonly string[];
  /** Models alone, unless told: nobody asks `keep 3` for data sets to go. */
  types?: readonly RepoType[];
}

/**
 * The plan that leaves the repositories used last. Pure. Throws `invalid_request` for neither a count nor a size, for one
 * that is no whole number of at least 0, and for a pin that names nothing.
 */
export function planKeep(view: CacheView, options: KeepOptions): Plan {
  const { count, maxSize } = options;
  if (count === undefined && maxSize === undefined) throw badLimit("no limit", null);
  for (const limit of [count, maxSize]) if (limit !== undefined && !isWhole(limit)) throw badLimit(limit, limit);
  const selection = new Selection();
  const bytes = new RepoBytes(view);
  const types = new Set(options.types ?? ["model"]);
  const pins = new Pins(options.pins);
  const ofTypes = view.scan.repos.filter((repo) => types.has(repo.repo_type) && !isLink(view, repo));
  const ranked = byLastUse(ofTypes, options.lastUsed ?? new Map());
  for (const { repo } of ranked) if (pins.holdRepo(repo)) bytes.add(repo);
  if (maxSize !== undefined && bytes.sum > maxSize) {
    selection.warnings.push(`what is pinned holds ${bytes.sum} bytes, more than the ${maxSize} that may stay`);
  }
  ranked.forEach(({ repo, used }, rank) => {
    if (pins.holdRepo(repo)) return;
    const day = `last used ${dayOf(used)}`;
    if (count !== undefined && rank >= count) {
      selection.repos.set(repo, `${day}, and ${rank} others were used later: ${count} stay`);
    } else if (maxSize !== undefined && bytes.sum + bytes.more(repo) > maxSize) {
      selection.repos.set(repo, `${day}, and with those used later it is more than ${maxSize} bytes`);
    } else bytes.add(repo);
  });
  return buildPlan("keep", view, selection);
}

/** Bytes that all models of the cache hold, with downloads that have not ended and what no revision uses. */
export function modelBytes(view: CacheView): number {
  const bytes = new RepoBytes(view);
  for (const repo of view.scan.repos) if (repo.repo_type === "model") bytes.add(repo);
  return bytes.sum;
}

function byLastUse(repos: readonly CachedRepo[], lastUsed: ReadonlyMap<string, number>) {
  return repos
    .map((repo) => ({
      repo,
      used: Math.max(lastUsed.get(nameOf(repo)) ?? 0, repo.last_accessed, repo.last_modified),
    }))
    .sort((left, right) => right.used - left.used || (left.repo.repo_path < right.repo.repo_path ? -1 : 1));
}

function isLink(view: CacheView, repo: CachedRepo): boolean {
  return view.inventory.repos.get(repo.repo_path)?.isLink ?? false;
}

function isWhole(limit: number): boolean {
  return Number.isSafeInteger(limit) && limit >= 0;
}

function badLimit(what: number | string, limit: number | null): MemwellError {
  return new MemwellError(
    "invalid_request",
    `${what} does not say how much may stay. Give a number of models, a size such as 30GB, or both.`,
    { limit },
  );
}

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
