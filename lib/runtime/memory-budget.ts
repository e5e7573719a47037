import type { Config } from "../config";
import { findMemoryGroup, readMemoryLimit, readMemoryUse, sumProcessMemory, type MemoryLimit } from "../memory";
import type { MemoryBudget } from "../residency";

/**
 * What models may take together. Every limit counts for itself: the user's cap against Memwell's own processes, the
 * container's and the machine's against everything in them. The one with the least room decides.
 *
 * @param pids the models' processes now, which the scheduler counts by itself; and Memwell's other processes.
 */
export function createMemoryBudget(
  config: Config,
  pids: { models: () => number[]; others: () => number[] },
): MemoryBudget & { limit: MemoryLimit } {
  const limit = readMemoryLimit({ userBudget: config.memoryBudget, spaceMemory: config.spaceMemory ?? undefined });
  const budgetBytes = Math.floor(limit.bytes * config.memoryThreshold);
  const group = findMemoryGroup();
  const heldBesideModels = (bound: MemoryLimit["bound"]): number => {
    const own = sumProcessMemory(pids.others()).anonymous;
    if (bound === "user") return own;
    const use = readMemoryUse(bound === "host" ? { scope: "host" } : { group });
    return Math.max(own, use.usedBytes - sumProcessMemory(pids.models()).anonymous);
  };
  return {
    limit,
    limitBytes: limit.bytes,
    budgetBytes,
    otherBytes: () => {
      const rooms = limit.candidates.map(
        ({ bytes, bound }) => Math.floor(bytes * config.memoryThreshold) - heldBesideModels(bound),
      );
      return Math.max(0, budgetBytes - Math.min(...rooms));
    },
  };
}
