import { existsSync } from "node:fs";
import { formatBytes, type Config } from "../config";
import { MemwellError } from "../errors";
import { executePlan, planKeep, readCacheView, scanCache, type CacheScan } from "../hub";
import { readUses } from "./cache-uses";
import type { RuntimeDatabase } from "./database";

/**
 * Sees to it that so many more bytes stay within `MEMWELL_DISK_BUDGET`: the models used longest ago go. Nothing happens
 * without a budget.
 *
 * @param repo what the bytes are for, such as `model/ORG/NAME`; what is there of it stays.
 * @throws MemwellError `disk_full` when what may not go is too much already
 */
export async function makeRoom(config: Config, database: RuntimeDatabase, bytes: number, repo: string): Promise<void> {
  const { diskBudget, hub } = config;
  if (diskBudget === null) return;
  if (bytes > diskBudget) throw overBudget(bytes, diskBudget, 0);
  if (!existsSync(hub.cacheDir)) return;
  const plan = planKeep(await readCacheView(hub.cacheDir), {
    maxSize: diskBudget - bytes,
    lastUsed: readUses(database),
    pins: [...pinsOf(config), repo],
  });
  await executePlan(plan);
  const held = modelBytes(await scanCache(hub.cacheDir));
  if (held + bytes > diskBudget) throw overBudget(bytes, diskBudget, held);
}

/** What the owner pinned, and the models of the settings: they would be downloaded again at once. */
export function pinsOf({ cachePins, responseModel, reasoningModel, responseAdapter }: Config): string[] {
  const used = [responseModel, reasoningModel, responseAdapter].flatMap((reference) =>
    reference?.type === "hub" ? [`model/${reference.repo}`] : [],
  );
  return [...new Set([...cachePins, ...used])];
}

function modelBytes({ repos }: CacheScan): number {
  return repos.reduce((sum, repo) => sum + (repo.repo_type === "model" ? repo.size_on_disk : 0), 0);
}

function overBudget(bytes: number, budget: number, held: number): MemwellError {
  const rest = held === 0 ? "" : `, of which ${formatBytes(held)} may not be removed`;
  return new MemwellError(
    "disk_full",
    `A download of ${formatBytes(bytes)} does not fit into MEMWELL_DISK_BUDGET, ${formatBytes(budget)}${rest}. Raise it, or ` +
      "choose a smaller model.",
    { bytes, budget_bytes: budget, held_bytes: held },
  );
}
