import type { Config } from "../config";
import { holderWords, openRepos } from "../hub";
import type { ModelDescription } from "./contract";
import { repoOfPath } from "./disk-budget";
import { referenceOf } from "./model-registry";

/** A repository of the cache that somebody needs right now: it is not removed meanwhile. */
export interface RepoUse {
  /** As `model/ORG/NAME`. */
  repo: string;
  /** The model's id; null for what no model of this server is. */
  model: string | null;
  /**
   * A process of this server has its files in memory, or will in a moment; they are being downloaded; or another process of
   * this machine has a file of it open.
   */
  use: "loaded" | "downloading" | "open";
  /** That other process, such as `python3 (process 4711)`; null where it is not to be told. */
  process: string | null;
}

/** What of the cache is in use by the models of the settings. Pure. */
export function repoUses(config: Pick<Config, "hub">, models: readonly ModelDescription[]): RepoUse[] {
  return models.flatMap((model) => {
    const isGone = model.state === "stopped" || model.state === "closed";
    const use = model.download !== null ? "downloading" : isGone ? null : "loaded";
    if (use === null) return [];
    const named = [model.path, ...(model.adapterPath === null ? [] : [model.adapterPath])];
    const repos = named.flatMap((path) => {
      const reference = referenceOf(path);
      return reference.type === "hub" ? [`model/${reference.repo}`] : repoOfPath(config.hub.cacheDir, reference.path);
    });
    return [...new Set(repos)].map((repo) => ({ repo, model: model.id, use, process: null }));
  });
}

/** What of the cache other processes have open, as far as this one may see. Costs a look at `/proc`, now and then. */
export function reposOpenElsewhere(cacheDir: string): RepoUse[] {
  const uses = openRepos(cacheDir).map(({ repo_type, repo_id, holder }): RepoUse => ({
    repo: `${repo_type}/${repo_id}`,
    model: null,
    use: "open",
    process: holderWords(holder),
  }));
  return [...new Map(uses.map((use) => [`${use.repo} ${use.process}`, use])).values()];
}
