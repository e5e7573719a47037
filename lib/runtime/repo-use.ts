import type { Config } from "../config";
import type { ModelDescription } from "./contract";
import { repoOfPath } from "./disk-budget";
import { referenceOf } from "./model-registry";

/** A repository of the cache that this server needs right now. */
export interface RepoUse {
  /** As `model/ORG/NAME`. */
  repo: string;
  /** The model's id. */
  model: string;
  /** A process has its files in memory, or will in a moment; or they are being downloaded. */
  use: "loaded" | "downloading";
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
    return [...new Set(repos)].map((repo) => ({ repo, model: model.id, use }));
  });
}
