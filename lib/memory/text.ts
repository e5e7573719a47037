import { readFileSync } from "node:fs";

/** Reads a small file of /proc or /sys as text; null when it is not there or may not be read. */
export type ReadText = (path: string) => string | null;

export const readTextFile: ReadText = (path) => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
};

/** A whole number at or above zero, as the kernel writes it; null for anything else, and for more than JS can count. */
export function parseCount(text: string): number | null {
  const digits = text.trim();
  if (!/^\d+$/.test(digits)) return null;
  const count = Number(digits);
  return Number.isSafeInteger(count) ? count : null;
}

/** "name 123" a line, as in `memory.stat`, `memory.events` and v1 `memory.oom_control`; other lines are passed over. */
export function parseCounters(text: string): Map<string, number> {
  const counters = new Map<string, number>();
  for (const [, name, digits] of text.matchAll(/^(\S+) (\d+)$/gm)) {
    const count = parseCount(digits ?? "");
    if (name !== undefined && count !== null) counters.set(name, count);
  }
  return counters;
}

/** `/proc/meminfo` ("MemTotal:  24684092 kB", kB of 1024 bytes; `man 5 proc_meminfo`) in bytes by name. */
export function parseMeminfo(text: string): Map<string, number> {
  const bytes = new Map<string, number>();
  for (const [, name, digits] of text.matchAll(/^([^\s:]+):[ \t]+(\d+) kB$/gm)) {
    const kib = parseCount(digits ?? "");
    if (name !== undefined && kib !== null && Number.isSafeInteger(kib * 1024)) bytes.set(name, kib * 1024);
  }
  return bytes;
}
