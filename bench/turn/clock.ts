import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Linux counts processor time in ticks of a hundredth of a second (`man 5 proc_pid_stat`, fields 14 and 15). */
const TICK_MS = 10;

/** Times in ms. */
export interface Cost {
  wallMs: number;
  /** Of the processes of all models, in steps of 10 ms, and of this one. */
  processorMs: number;
}

/**
 * Starts to count; what it returns tells the cost since. Processor time tells more than time where other programs keep the
 * machine busy.
 *
 * @param pids the models' processes now; one that has ended since counts as nothing.
 */
export function startClock(pids: () => number[]): () => Cost {
  const startedAt = performance.now();
  const ownBefore = ownProcessorMs();
  const before = new Map(pids().map((pid) => [pid, processorMs(pid)]));
  return () => ({
    wallMs: performance.now() - startedAt,
    processorMs: pids().reduce(
      (sum, pid) => sum + processorMs(pid) - (before.get(pid) ?? 0),
      ownProcessorMs() - ownBefore,
    ),
  });
}

function processorMs(pid: number): number {
  // The program's name, in parentheses, may hold spaces.
  const fields = readFileSync(join("/proc", String(pid), "stat"), "utf8")
    .replace(/^.*\) /s, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

function ownProcessorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
