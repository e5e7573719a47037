import { monitorEventLoopDelay } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import type { CacheScan } from "../../lib/hub";
import { CacheScanner } from "../../lib/hub/scan/scanner";
import { ScannerThread } from "../../lib/hub/scan/thread";
import { raise, spread } from "../support/measure";
import { addFile } from "./tree";

/** A scan after one repository of the 500 has got one more file: here, and in a thread of its own. */
export async function benchSecondScan(cacheDir: string, worker: string, rounds: number): Promise<void> {
  const scanner = new CacheScanner(cacheDir);
  const thread = new ScannerThread(worker, cacheDir);
  await Promise.all([scanner.scan(), thread.list()]);
  const [here, there]: number[][] = [[], []];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  for (let round = 0; round < rounds; round++) {
    const path = addFile(cacheDir, 17 * round, `added-${round}`);
    const hereAt = performance.now();
    const scan = await scanner.scan();
    here?.push(performance.now() - hereAt);
    if (!hasFile(scan, path)) raise("the scan did not see the new file");
    await setImmediate();
    delay.enable();
    const thereAt = performance.now();
    await thread.list();
    there?.push(performance.now() - thereAt);
    delay.disable();
  }
  await thread.close();
  console.log("## the next scan, after one repository has changed\n");
  console.log(`scan, ms                          ${spread(here ?? [], 1)} (goal 50)`);
  console.log(`list in a thread of its own, ms   ${spread(there ?? [], 1)} (goal 50)`);
  console.log(`it holds the event loop, ms       ${(delay.max / 1e6).toFixed(1)} at most\n`);
}

function hasFile(scan: CacheScan, path: string): boolean {
  return scan.repos.some(({ revisions }) =>
    revisions.some(({ files }) => files.some((file) => file.file_path === path)),
  );
}
