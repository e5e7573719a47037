import { readTextFile, type ReadText } from "./text";

/** What the kernel says one process holds, in bytes. */
export interface ProcessMemory {
  /** Pages in memory now. */
  rss: number;
  /** Largest `rss` so far. */
  peak: number;
  /** Pages that belong to the process alone; they cannot be dropped, only freed. */
  anonymous: number;
  /** Pages of files, which the kernel can drop and read again. */
  file: number;
  shared: number;
}

/**
 * Reads `/proc/PID/status` (fields VmRSS, VmHWM, RssAnon, RssFile, RssShmem, in kB of 1024 bytes; `man 5 proc`).
 * Null when the process is gone or the system has no /proc.
 */
export function readProcessMemory(pid: number | "self", read: ReadText = readTextFile): ProcessMemory | null {
  const status = read(`/proc/${pid}/status`);
  return status === null ? null : parseProcessStatus(status);
}

/** Null when a field is missing: a zombie has none of them. */
export function parseProcessStatus(status: string): ProcessMemory | null {
  const bytes = (field: string): number | null => {
    const match = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status);
    return match === null ? null : Number(match[1]) * 1024;
  };
  const [rss, peak, anonymous, file, shared] = ["VmRSS", "VmHWM", "RssAnon", "RssFile", "RssShmem"].map(bytes);
  if (rss == null || peak == null) return null;
  return { rss, peak, anonymous: anonymous ?? 0, file: file ?? 0, shared: shared ?? 0 };
}

/** Several processes together, in bytes. */
export interface ProcessesMemory extends ProcessMemory {
  /** Those that were there to be read, each once, in the order asked. */
  pids: number[];
}

/**
 * The sum over several processes; one that is gone, or a zombie, adds nothing and is missing from `pids`.
 *
 * `anonymous` is exact. `rss`, `file` and `shared` count a page once for each process that maps it (two engines share
 * the pages of the node binary), so they are upper bounds; so is `peak`, since the peaks need not have been together.
 */
export function sumProcessMemory(pids: Iterable<number>, read: ReadText = readTextFile): ProcessesMemory {
  const sum: ProcessesMemory = { rss: 0, peak: 0, anonymous: 0, file: 0, shared: 0, pids: [] };
  for (const pid of new Set(pids)) {
    const memory = readProcessMemory(pid, read);
    if (memory === null) continue;
    sum.pids.push(pid);
    sum.rss += memory.rss;
    sum.peak += memory.peak;
    sum.anonymous += memory.anonymous;
    sum.file += memory.file;
    sum.shared += memory.shared;
  }
  return sum;
}
