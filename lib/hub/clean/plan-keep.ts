import { MemwellError } from "../../errors";
import type { CachedRepo } from "../scan/contract";
import type { RepoType } from "../layout";
import { buildPlan } from "./build-plan";
import type { CacheView, Plan } from "./contract";
import { dayOf, nameOf } from "./names";
import { Pins } from "./pins";
import { RepoBytes } from "./repo-bytes";
import { Selection } from "./selection";

export interface KeepOptions {
  /** How many repositories stay: those used last. */
  count?: number;
  /** Bytes: those used last stay as long as they fit. */
  maxSize?: number;
  /** When Memwell last loaded what, in seconds since 1970, by `model/ORG/NAME`; else what the files' times tell. */
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

function byLastUse(repos: readonly CachedRepo[], lastUsed: ReadonlyMap<string, number>) {
  return repos
    .map((repo) => ({ repo, used: lastUsed.get(nameOf(repo)) ?? Math.max(repo.last_accessed, repo.last_modified) }))
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
