import { readGpuStatus, type GpuStatus } from "./gpu";
import { readProcessMemory } from "./process";
import { findMemoryGroup, readMemoryUse } from "./use";

/** Where a ledger gets its figures from: bytes, null where nobody can say. None of them may block for long. */
export interface LedgerReaders {
  /** Null when the process is gone. `peak` is the most it ever held, as the kernel keeps it (VmHWM). */
  process(pid: number): { rss: number; peak: number } | null;
  server(): number | null;
  container(): number | null;
  host(): number | null;
  gpu(): Promise<GpuStatus>;
}

/** The time, and how to be called again. All in ms. */
export interface LedgerClock {
  /** Since the epoch. */
  time(): number;
  /** Never goes back. */
  elapsed(): number;
  /** Calls `task` again and again until the returned function is called; keeps no process alive. */
  every(ms: number, task: () => void): () => void;
}

/** This machine. The cgroup is looked for once: a process is not moved to another while it lives. */
export function machineReaders(): LedgerReaders {
  const group = findMemoryGroup();
  return {
    process: (pid) => readProcessMemory(pid),
    // A third of the cost of /proc/self/status; the same figure.
    server: () => process.memoryUsage.rss(),
    container: () => (group === null ? null : known(readMemoryUse({ group }), "cgroup")),
    host: () => known(readMemoryUse({ scope: "host" }), "host"),
    gpu: () => readGpuStatus(),
  };
}

function known(use: { usedBytes: number; source: string }, source: "cgroup" | "host"): number | null {
  return use.source === source ? use.usedBytes : null;
}

export const machineClock: LedgerClock = {
  time: () => Date.now(),
  elapsed: () => performance.now(),
  every: (ms, task) => {
    const timer = setInterval(task, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};
