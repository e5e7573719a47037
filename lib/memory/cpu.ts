import { availableParallelism } from "node:os";
import { ancestors } from "./cgroup";
import { readTextFile, type ReadText } from "./text";

export interface CpuLimit {
  /** Cores this process may keep busy, at least a fraction above 0; a quota of 150 % is 1.5. */
  cores: number;
  /** What set the figure: the container's quota, or the cores this process may run on. */
  bound: "quota" | "affinity";
}

/**
 * How many cores there really are: the smaller of the cores this process may run on and the quotas of its cgroup and of
 * every cgroup above it. A container with a quota of 1 core on a machine of 64 shows all 64, and 64 threads on one core
 * are slower than one.
 *
 * Sources: cgroup v2 `cpu.max` ("max 100000" or "150000 100000", microseconds), v1 `cpu.cfs_quota_us` (-1: none) and
 * `cpu.cfs_period_us`; `/proc/self/cgroup` ("0::/path" for v2, "4:cpu,cpuacct:/path" for v1).
 */
export function readCpuLimit(read: ReadText = readTextFile, affinity: number = availableParallelism()): CpuLimit {
  const quotas = [...quotasV2(read), ...quotasV1(read)].filter((cores) => Number.isFinite(cores) && cores > 0);
  const quota = Math.min(...quotas, Infinity);
  return quota < affinity ? { cores: quota, bound: "quota" } : { cores: affinity, bound: "affinity" };
}

function quotasV2(read: ReadText): number[] {
  const path = /^0::(\/.*)$/m.exec(read("/proc/self/cgroup") ?? "")?.[1] ?? "/";
  return ancestors(path).map((folder) => {
    const [quota, period] = (read(`/sys/fs/cgroup${folder}/cpu.max`) ?? "max").trim().split(/\s+/);
    return quota === undefined || quota === "max" ? Infinity : Number(quota) / Number(period ?? 100_000);
  });
}

function quotasV1(read: ReadText): number[] {
  const path = /^\d+:(?:[^:]*,)?cpu(?:,[^:]*)?:(\/.*)$/m.exec(read("/proc/self/cgroup") ?? "")?.[1] ?? "/";
  return ancestors(path).flatMap((folder) =>
    ["cpu", "cpu,cpuacct"].map((controller) => {
      const quota = Number(read(`/sys/fs/cgroup/${controller}${folder}/cpu.cfs_quota_us`) ?? -1);
      const period = Number(read(`/sys/fs/cgroup/${controller}${folder}/cpu.cfs_period_us`) ?? 100_000);
      return quota > 0 ? quota / period : Infinity;
    }),
  );
}
