import { groupLimits, memoryGroups, type MemoryGroup } from "./cgroup";
import { parseCount, parseCounters, parseMeminfo, readTextFile, type ReadText } from "./text";

/** Memory held now, in bytes. `usedBytes` = `anonymous` + `unevictable` + `kernel`. */
export interface MemoryUse {
  /** What cannot be dropped, only freed: the figure to decide by. */
  usedBytes: number;
  /** Pages of programs and of shared memory that are not locked. */
  anonymous: number;
  /** Locked pages, of programs and of files; on a host also the pool of huge pages, which is set aside in full. */
  unevictable: number;
  /** What the kernel itself holds for them and cannot drop (stacks, page tables, slabs, sockets). */
  kernel: number;
  /** Page cache: the kernel drops it when memory is asked for, so it is no pressure. */
  file: number;
  /** Raw `memory.current` (v1 `memory.usage_in_bytes`), to be shown and never decided by; null where there is none. */
  currentBytes: number | null;
  /** The cgroup, or the whole machine, or nobody could say (all 0): then sum up the processes you know. */
  source: "cgroup" | "host" | "none";
}

/**
 * Memory that cannot be dropped, in bytes, of the cgroup whose limit is the tightest, or without any limit of the
 * nearest one; of the whole machine when no cgroup says, or with `scope: "host"`. Ask for the host when the host's
 * memory is the limit that bound: our own cgroup does not see what its neighbours hold.
 *
 * Never decide by `currentBytes`. It counts page cache, and reading a model file fills that up to the limit: containers
 * that compared it with their limit looked full after one load, and evicted models they had all the room for.
 *
 * The lists of anonymous pages and the unevictable list are disjoint, and together they are every page that cannot be
 * dropped (without swap): program memory, shared memory (tmpfs; it counts as "file" in `memory.stat` but has no file to
 * be read again from), locked files. The sum `anon` + `shmem` + `unevictable` that suggests itself counts a locked page
 * twice: all of a model's weights under `mlock`. It serves only where the lists are missing.
 *
 * Sources: kernel `Documentation/admin-guide/cgroup-v2.rst` (`memory.stat`), `cgroup-v1/memory.rst` (the `total_` names
 * include the groups below), `man 5 proc_meminfo`.
 *
 * @param options.group from `findMemoryGroup`, for a sampler that asks often: saves looking for it each time
 */
export function readMemoryUse(
  options: { read?: ReadText; group?: MemoryGroup | null; scope?: "cgroup" | "host" } = {},
): MemoryUse {
  const read = options.read ?? readTextFile;
  if (options.scope === "host") return hostUse(read) ?? NOTHING_KNOWN;
  const group = options.group === undefined ? findMemoryGroup(read) : options.group;
  return (group === null ? null : groupUse(group, read)) ?? hostUse(read) ?? NOTHING_KNOWN;
}

/**
 * The cgroup to count in: the one with the tightest limit, of equal ones the topmost, since it holds the most; without a
 * limit the nearest. Null when none has a readable `memory.stat`.
 */
export function findMemoryGroup(read: ReadText = readTextFile): MemoryGroup | null {
  const groups = memoryGroups(read);
  const byLimit = groupLimits(groups, read)
    .reverse()
    .sort((one, other) => one.bytes - other.bytes);
  return [...byLimit.map(({ group }) => group), ...groups].find((group) => groupUse(group, read) !== null) ?? null;
}

const NOTHING_KNOWN: Readonly<MemoryUse> = {
  usedBytes: 0,
  anonymous: 0,
  unevictable: 0,
  kernel: 0,
  file: 0,
  currentBytes: null,
  source: "none",
};

function groupUse({ version, folder }: MemoryGroup, read: ReadText): MemoryUse | null {
  const stat = parseCounters(read(`${folder}/memory.stat`) ?? "");
  const prefix = version === 2 ? "" : "total_";
  const get = (name: string) => stat.get(prefix + name);
  const programs = get(version === 2 ? "anon" : "rss");
  if (programs === undefined) return null;
  const shared = get("shmem") ?? 0;
  return use("cgroup", {
    anonymous: sumOrNull(get("inactive_anon"), get("active_anon")) ?? programs + shared,
    unevictable: get("unevictable") ?? 0,
    // v1 has one figure for the kernel's memory, caches that can be dropped included: no use to us.
    kernel: version === 2 ? kernelOfGroup(stat) : 0,
    file:
      sumOrNull(get("inactive_file"), get("active_file")) ??
      Math.max(0, (get(version === 2 ? "file" : "cache") ?? 0) - shared),
    currentBytes: parseCount(read(`${folder}/${version === 2 ? "memory.current" : "memory.usage_in_bytes"}`) ?? ""),
  });
}

/** `kernel` (Linux 5.18 and later) is the sum of the parts and more, with the caches that can be dropped in it. */
function kernelOfGroup(stat: ReadonlyMap<string, number>): number {
  const get = (name: string) => stat.get(name) ?? 0;
  const parts = get("kernel_stack") + get("pagetables") + get("percpu") + get("slab_unreclaimable");
  return Math.max(parts, get("kernel") - get("slab_reclaimable")) + get("sock");
}

function hostUse(read: ReadText): MemoryUse | null {
  const meminfo = parseMeminfo(read("/proc/meminfo") ?? "");
  const get = (name: string) => meminfo.get(name) ?? 0;
  const lists = sumOrNull(meminfo.get("Inactive(anon)"), meminfo.get("Active(anon)"));
  if (lists === null && !meminfo.has("AnonPages")) return null;
  return use("host", {
    anonymous: lists ?? get("AnonPages") + get("Shmem"),
    unevictable: get("Unevictable") + get("Hugetlb"),
    kernel: get("SUnreclaim") + get("KernelStack") + get("PageTables") + get("Percpu"),
    file:
      sumOrNull(meminfo.get("Inactive(file)"), meminfo.get("Active(file)")) ??
      Math.max(0, get("Cached") - get("Shmem")),
    currentBytes: null,
  });
}

function use(source: "cgroup" | "host", figures: Omit<MemoryUse, "usedBytes" | "source">): MemoryUse {
  return { usedBytes: figures.anonymous + figures.unevictable + figures.kernel, ...figures, source };
}

function sumOrNull(one: number | undefined, other: number | undefined): number | null {
  return one === undefined || other === undefined ? null : one + other;
}
