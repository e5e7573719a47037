import { readFileSync } from "node:fs";

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
export function readProcessMemory(pid: number | "self"): ProcessMemory | null {
  let status: string;
  try {
    status = readFileSync(`/proc/${pid}/status`, "utf8");
  } catch {
    return null;
  }
  return parseProcessStatus(status);
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
