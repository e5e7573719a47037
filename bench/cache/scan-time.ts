import { execFileSync } from "node:child_process";
import { scanCacheDir } from "@huggingface/hub";
import { scanCache } from "../../lib/hub/scan/scan";
import { median, raise, spread } from "../support/measure";

/**
 * Our scan, with its helper thread and without, over `du -s` of the same tree, and over the scan of @huggingface/hub; in
 * turn, so that all of them see the same machine.
 */
export async function benchScanTime(cacheDir: string, helperScript: string, rounds: number): Promise<void> {
  const contenders = {
    du: () => execFileSync("du", ["-s", cacheDir]),
    two: () => checked(scanCache(cacheDir, { helperScript })),
    one: () => checked(scanCache(cacheDir)),
    theirs: () => scanCacheDir(cacheDir),
  };
  const times = { du: [], two: [], one: [], theirs: [] } as Record<keyof typeof contenders, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of ["du", "two", "one", "theirs"] as const) {
      const ms = await timeOf(contenders[name]);
      // The first round finds cold caches and code that is not compiled.
      if (round > 0) times[name].push(ms);
    }
  }
  const over = (ours: number[], others: number[]) =>
    spread(
      ours.map((ms, index) => ms / (others[index] ?? NaN)),
      3,
    );
  console.log("## a scan of 60,000 links\n");
  console.log(`scan / du -s                      ${over(times.two, times.du)} (goal 2)`);
  console.log(`scan / scanCacheDir               ${over(times.two, times.theirs)} (goal 0.1)`);
  console.log(`in one thread / du -s             ${over(times.one, times.du)}`);
  console.log(`in one thread / scanCacheDir      ${over(times.one, times.theirs)}`);
  const each = [times.two, times.one, times.du, times.theirs].map((list) => median(list).toFixed(0)).join(", ");
  console.log(`two, one, du -s, scanCacheDir, ms ${each}\n`);
}

async function checked(scanning: ReturnType<typeof scanCache>): Promise<void> {
  const { nb_repos, warnings } = await scanning;
  if (nb_repos !== 500 || warnings.length > 0) raise("the scan did not find what was built");
}

async function timeOf(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
