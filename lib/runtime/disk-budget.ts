import { existsSync } from "node:fs";
import { relative, sep } from "node:path";
import { formatBytes, type Config } from "../config";
import { MemwellError } from "../errors";
import { executePlan, modelBytes, parseRepoFolder, planKeep, readCacheView } from "../hub";
import { readUses } from "./cache-uses";
import { pinsOfManifest } from "./manifest/pins";
import type { RuntimeDatabase } from "./database";

/**
 * Sees to it that so many more bytes stay within `MEMWELL_DISK_BUDGET`: the models used longest ago go. Nothing happens
 * without a budget.
 *
 * @param repo what the bytes are for, such as `model/ORG/NAME`; what is there of it stays.
 * @throws MemwellError `disk_full` when what may not go is too much already
 */
export async function makeRoom(
  config: Config,
  database: RuntimeDatabase,
  { bytes, repo, signal }: { bytes: number; repo: string; signal: AbortSignal | undefined },
): Promise<void> {
  const { diskBudget, hub } = config;
  if (diskBudget === null) return;
  if (bytes > diskBudget) throw overBudget(bytes, diskBudget, 0);
  if (!existsSync(hub.cacheDir)) return;
  const view = await readCacheView(hub.cacheDir);
  const plan = planKeep(view, {
    maxSize: diskBudget - bytes,
    lastUsed: readUses(database),
    pins: [...pinsOf(config), repo],
  });
  const staying = modelBytes(view) - plan.expected_freed_size;
  // Nothing goes for a download that does not fit all the same.
  if (staying + bytes > diskBudget) throw overBudget(bytes, diskBudget, staying);
  const { kept } = await executePlan(plan, signal === undefined ? {} : { signal });
  const [first] = kept;
  if (first !== undefined) throw overBudget(bytes, diskBudget, staying + sizeOf(kept), first.reason);
}

/**
 * What the owner pinned, and the models of the settings and of the manifest, which would be downloaded again at once.
 *
 * @param part their whole repositories, or only the revisions that are used
 */
export function pinsOf(config: Config, part: "repos" | "revisions" = "repos"): string[] {
  const { cachePins, responseModel, reasoningModel, responseAdapter, domains } = config;
  const adapters = domains.map(({ adapter }) => adapter);
  const used = [responseModel, reasoningModel, responseAdapter, ...adapters].flatMap((reference) => {
    if (reference?.type === "path") return repoOfPath(config.hub.cacheDir, reference.path);
    if (reference === null || reference === undefined) return [];
    const { repo, revision } = reference;
    return [part === "repos" ? `model/${repo}` : `model/${repo}@${revision ?? "main"}`];
  });
  return [...new Set([...cachePins, ...used, ...pinsOfManifest(config, part)])];
}

/** A model that is named by its path in the cache; none for one elsewhere. */
export function repoOfPath(cacheDir: string, path: string): string[] {
  const [folder = ""] = relative(cacheDir, path).split(sep);
  const name = parseRepoFolder(folder);
  return name === null ? [] : [`${name.repo_type}/${name.repo_id}`];
}

function sizeOf(kept: readonly { item: { freed_size: number } }[]): number {
  return kept.reduce((sum, { item }) => sum + item.freed_size, 0);
}

function overBudget(bytes: number, budget: number, held: number, why = ""): MemwellError {
  const reason = why === "" ? "" : ` (${why})`;
  const rest = held === 0 ? "" : `, of which ${formatBytes(held)} may not be removed${reason}`;
  return new MemwellError(
    "disk_full",
    `A download of ${formatBytes(bytes)} does not fit into MEMWELL_DISK_BUDGET, ${formatBytes(budget)}${rest}. Raise it, or ` +
      "choose a smaller model.",
    { bytes, budget_bytes: budget, held_bytes: held },
  );
}
