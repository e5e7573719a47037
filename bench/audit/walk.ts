import { execFileSync } from "node:child_process";
import { auditFolder } from "../../lib/audit";
import { median, raise, spread } from "../support/measure";
import { buildSmallFiles } from "./trees";

const FILES = 100_000;

/** The whole audit over `du -s` of the same tree; in turn, so that both see the same machine. */
export async function benchWalk(folder: string, rounds: number): Promise<void> {
  buildSmallFiles(folder, FILES);
  const times = { du: [] as number[], audit: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const startedAt = performance.now();
    const bytes = Number(execFileSync("du", ["-s", "-B1", folder], { encoding: "utf8" }).split("\t")[0]);
    const betweenAt = performance.now();
    const { total, folders_size_on_disk } = await auditFolder(folder, { depth: 2 });
    const endedAt = performance.now();
    if (total.nb_files !== FILES || total.size_on_disk + folders_size_on_disk !== bytes)
      raise("the sums are not those of du");
    // The first round finds cold caches and code that is not compiled.
    if (round === 0) continue;
    times.du.push(betweenAt - startedAt);
    times.audit.push(endedAt - betweenAt);
  }
  const ratios = times.audit.map((ms, index) => ms / (times.du[index] ?? NaN));
  console.log("## the audit of 100,000 small files\n");
  console.log(`audit / du -s                     ${spread(ratios)} (goal 2)`);
  console.log(`audit, du -s, ms                  ${median(times.audit).toFixed(0)}, ${median(times.du).toFixed(0)}\n`);
}
