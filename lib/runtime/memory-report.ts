import type { Config } from "../config";
import {
  readGpuStatus,
  readMemoryLimit,
  readMemoryUse,
  readOomKills,
  readProcessMemory,
  type GpuStatus,
  type MemoryLimit,
  type MemoryUse,
  type ProcessMemory,
} from "../memory";
import type { ModelDescription } from "./contract";

/** Who holds how much of what there is. In bytes. */
export interface MemoryReport {
  limit: MemoryLimit;
  /** Share of the limit that may be held, and that share in bytes. */
  threshold: number;
  budgetBytes: number;
  use: MemoryUse;
  server: ProcessMemory | null;
  /** The warm process that waits for the next load. */
  spare: ProcessMemory | null;
  models: { ids: string[]; pid: number; state: ModelDescription["state"]; memory: ProcessMemory | null }[];
  gpu: GpuStatus;
  /** Kills for memory in this container so far; null where nobody counts them. */
  oomKills: number | null;
}

/** Reads everything now; nothing is cached but a hanging `nvidia-smi`. */
export async function reportMemory(parts: {
  config: Config;
  sparePid: number | null;
  processes: { ids: string[]; pid: number; state: ModelDescription["state"] }[];
}): Promise<MemoryReport> {
  const { config, sparePid, processes } = parts;
  const limit = readMemoryLimit({
    userBudget: config.memoryBudget,
    spaceMemory: config.spaceMemory ?? undefined,
  });
  return {
    limit,
    threshold: config.memoryThreshold,
    budgetBytes: Math.floor(limit.bytes * config.memoryThreshold),
    // Where the host's memory is the limit, its other programs count too.
    use: readMemoryUse(limit.bound === "host" ? { scope: "host" } : {}),
    server: readProcessMemory("self"),
    spare: sparePid === null ? null : readProcessMemory(sparePid),
    models: processes.map((process) => ({ ...process, memory: readProcessMemory(process.pid) })),
    gpu: await readGpuStatus(),
    oomKills: readOomKills(),
  };
}
