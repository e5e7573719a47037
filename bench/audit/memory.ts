import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { buildSmallFiles } from "./trees";

/** The most memory of a process that audits, by how many files there are. */
export function benchMemory(folder: string, program: string): void {
  console.log("## a process that audits once\n");
  for (const count of [10_000, 100_000]) {
    const tree = join(folder, `memory-${count}`);
    buildSmallFiles(tree, count);
    const peak = Number(execFileSync(process.execPath, [program, tree], { encoding: "utf8" }));
    console.log(`peak memory, ${String(count).padStart(7)} files, MB    ${(peak / 1e6).toFixed(0)}`);
  }
  const idle = Number(execFileSync(process.execPath, [program], { encoding: "utf8" }));
  console.log(`without an audit, MB              ${(idle / 1e6).toFixed(0)}\n`);
}
