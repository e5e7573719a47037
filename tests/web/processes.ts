import { readdirSync, readFileSync } from "node:fs";

/** The processes that a process has begun and that have not ended, from Linux's /proc (proc(5), `/proc/pid/stat`). */
export function childrenOf(pid: number): number[] {
  const children: number[] = [];
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      // Field 4 is the parent; the name before it stands in brackets and may contain anything.
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (Number(parent) === pid && state !== "Z") children.push(Number(entry));
    } catch {
      // It ended while we looked.
    }
  }
  return children;
}
