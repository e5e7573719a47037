import type { Config } from "../config";
import {
  findMemoryGroup,
  readMemoryLimit,
  readMemoryUse,
  sumProcessMemory,
  type MemoryLimit,
  type ReadText,
} from "../memory";
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
  read?: ReadText,
): MemoryBudget & { limit: MemoryLimit } {
  const from = read === undefined ? {} : { read };
  const limit = readMemoryLimit({
    userBudget: config.memoryBudget,
    spaceMemory: config.spaceMemory ?? undefined,
    ...from,
  });
  const budgetBytes = Math.floor(limit.bytes * config.memoryThreshold);
  // Inside a container the machine's figures are those of the node it shares with others, who were promised their own part.
  const isContained = limit.candidates.some(({ bound }) => bound === "cgroup" || bound === "space");
  const deciding = limit.candidates.filter(({ bound }) => !(isContained && bound === "host"));
  const group = findMemoryGroup(read);
  const heldBesideModels = (bound: MemoryLimit["bound"]): number => {
    const own = sumProcessMemory(pids.others(), read).anonymous;
    if (bound === "user") return own;
    const use = readMemoryUse(bound === "host" ? { scope: "host", ...from } : { group, ...from });
    // A container that hides its own figures shows the whole node's: its neighbours are none of our business.
    if (bound !== "host" && use.source !== "cgroup") return own;
    return Math.max(own, use.usedBytes - sumProcessMemory(pids.models(), read).anonymous);
  };
  return {
    limit,
    limitBytes: limit.bytes,
    budgetBytes,
    otherBytes: () => {
      const rooms = deciding.map(
        ({ bytes, bound }) => Math.floor(bytes * config.memoryThreshold) - heldBesideModels(bound),
      );
      return Math.max(0, budgetBytes - Math.min(...rooms));
    },
  };
}
