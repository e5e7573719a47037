import { execFileSync } from "node:child_process";
import { auditFolder } from "../../lib/audit";
import { raise, spread } from "../support/measure";
import { buildLargeFiles } from "./trees";

/** The whole audit, duplicates and all, over `sha256sum` of every file; both must find the same. */
export async function benchDuplicates(folder: string, rounds: number): Promise<void> {
  buildLargeFiles(folder);
  const ratios: number[] = [];
  let read = 0;
  let total = 0;
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    const sums = execFileSync("sh", ["-c", "sha256sum *"], { cwd: folder, encoding: "utf8" });
    const betweenAt = performance.now();
    const report = await auditFolder(folder, { leastSize: 1 });
    const endedAt = performance.now();
    if (textOf(report.duplicates.same_bytes) !== textOf(groupsOf(sums))) raise("sha256sum found something else");
    ratios.push((endedAt - betweenAt) / (betweenAt - startedAt));
    read = report.duplicates.bytes_read;
    total = report.total.apparent_size;
  }
  console.log("## duplicates among 1.3 GB of large files\n");
  console.log(`time / sha256sum of everything    ${spread(ratios)} (goal 0.25)`);
  console.log(`bytes read / all bytes            ${(read / total).toFixed(3)} (goal 0.25)\n`);
}

interface Group {
  sha256: string | null;
  paths: string[];
}

function groupsOf(sums: string): Group[] {
  const byHash = new Map<string, string[]>();
  for (const line of sums.trim().split("\n")) {
    const [hash = "", name = ""] = line.split(/ [ *]/);
    byHash.set(hash, [...(byHash.get(hash) ?? []), name]);
  }
  return [...byHash].filter(([, paths]) => paths.length > 1).map(([sha256, paths]) => ({ sha256, paths }));
}

function textOf(groups: readonly Group[]): string {
  return groups
    .map(({ sha256, paths }) => `${sha256} ${[...paths].sort().join(" ")}`)
    .sort()
    .join("\n");
}
