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
  type SampleLimits,
} from "../memory";
import type { ModelDescription, QueueReport } from "./contract";
import type { SeriesPeaks } from "./memory-peaks";

/** A model's process, with what it was expected to take in bytes. */
export interface LoadedProcess {
  ids: string[];
  pid: number;
  state: ModelDescription["state"];
  forecastBytes: number;
}

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
  models: (LoadedProcess & { memory: ProcessMemory | null })[];
  queue: QueueReport;
  gpu: GpuStatus;
  /** Kills for memory in this container so far; null where nobody counts them. */
  oomKills: number | null;
  /** Records of past steps since this process began: written, and lost because they could not be. */
  ledger: { written: number; lost: number };
  /** The most of each series of samples. */
  peaks: SeriesPeaks[];
}

/** What samples are compared with: the container's own limit, the machine's memory, and the budget. */
export function sampleLimits(config: Config): SampleLimits {
  const limit = readLimit(config);
  const smallest = (...bounds: string[]): number | null =>
    limit.candidates.find(({ bound }) => bounds.includes(bound))?.bytes ?? null;
  return {
    container: smallest("cgroup", "space"),
    host: smallest("host"),
    budget: Math.floor(limit.bytes * config.memoryThreshold),
  };
}

/** Reads everything now; nothing is cached but a hanging `nvidia-smi`. */
export async function reportMemory(parts: {
  config: Config;
  sparePid: number | null;
  processes: LoadedProcess[];
  queue: QueueReport;
  ledger: MemoryReport["ledger"];
  peaks: SeriesPeaks[];
}): Promise<MemoryReport> {
  const { config, sparePid, processes, queue, ledger, peaks } = parts;
  const limit = readLimit(config);
  return {
    limit,
    threshold: config.memoryThreshold,
    budgetBytes: Math.floor(limit.bytes * config.memoryThreshold),
    // Where the host's memory is the limit, its other programs count too.
    use: readMemoryUse(limit.bound === "host" ? { scope: "host" } : {}),
    server: readProcessMemory("self"),
    spare: sparePid === null ? null : readProcessMemory(sparePid),
    models: processes.map((process) => ({ ...process, memory: readProcessMemory(process.pid) })),
    queue,
    gpu: await readGpuStatus(),
    oomKills: readOomKills(),
    ledger,
    peaks,
  };
}

function readLimit(config: Config): MemoryLimit {
  return readMemoryLimit({ userBudget: config.memoryBudget, spaceMemory: config.spaceMemory ?? undefined });
}
