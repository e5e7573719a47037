import { execFileSync } from "node:child_process";
import { z } from "zod";
import { spread } from "../support/measure";

const MEGABYTE = 1e6;
const answer = z.object({ ms: z.number(), peak: z.number() });

/** The most memory of a process that scans and ends, and of one that does not scan; and how long its only scan takes. */
export function benchMemory(cacheDir: string, program: string, worker: string, rounds: number): void {
  const run = (...programArguments: string[]) =>
    answer.parse(JSON.parse(execFileSync(process.execPath, [program, ...programArguments], { encoding: "utf8" })));
  const runs = Array.from({ length: rounds }, () => ({ two: run(cacheDir, worker), one: run(cacheDir), idle: run() }));
  const megabytes = (which: "two" | "one" | "idle") =>
    spread(
      runs.map((each) => each[which].peak / MEGABYTE),
      0,
    );
  const ms = (which: "two" | "one") =>
    spread(
      runs.map((each) => each[which].ms),
      0,
    );
  console.log("## a process that scans once\n");
  console.log(`peak memory, MB                   ${megabytes("two")}`);
  console.log(`in one thread                     ${megabytes("one")}`);
  console.log(`without a scan                    ${megabytes("idle")}`);
  console.log(`its only scan, ms                 ${ms("two")}`);
  console.log(`in one thread                     ${ms("one")}\n`);
}
