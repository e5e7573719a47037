import { readFileSync } from "node:fs";
import type { ReadText } from "../../../lib/memory";

/** A machine's files in memory; a path that is not named is not there. */
export const files =
  (contents: Record<string, string>): ReadText =>
  (path) =>
    contents[path] ?? null;

/**
 * A file of `fixtures/`. `v1-memory-stat.txt` and `meminfo.txt` were recorded (Linux 6.18, cgroup v1); the others were
 * written after the formats in the kernel's and NVIDIA's documentation, since no machine with a GPU was at hand.
 */
export const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), "utf8");
