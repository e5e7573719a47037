import { parseCount, type ReadText } from "./text";

/** One memory cgroup as this process sees it. */
export interface MemoryGroup {
  version: 1 | 2;
  /** Where its files are, such as "/sys/fs/cgroup/memory/docker/x". */
  folder: string;
}

/** A limit of the kernel's, with the file that says so. */
export interface GroupLimit {
  /** The file's path. */
  source: string;
  bytes: number;
  group: MemoryGroup;
}

/** Where container images mount cgroups. Read even without `/proc/self/mountinfo`, which a sandbox may hide. */
const USUAL_MOUNTS: Mount[] = [
  { version: 2, root: "/", point: "/sys/fs/cgroup" },
  { version: 2, root: "/", point: "/sys/fs/cgroup/unified" },
  { version: 1, root: "/", point: "/sys/fs/cgroup/memory" },
];

/** cgroup v1 writes 2^63 less a page for "no limit", and the page differs by machine; 1 EiB is no machine's memory. */
const UNLIMITED_BYTES = 2 ** 60;

const LIMIT_FILES = { 1: ["memory.limit_in_bytes"], 2: ["memory.max", "memory.high"] };

interface Mount {
  version: 1 | 2;
  /** The cgroup that the mount shows as its top. */
  root: string;
  point: string;
}

/**
 * The memory cgroups this process is in: its own first, then each one above it, as far as they can be seen from here.
 * Some folders may not exist: a container's `/proc/self/cgroup` often names the host's path, of which only the top is
 * mounted, so the top is always among them.
 *
 * Sources: `man 7 cgroups`; `/proc/self/cgroup` ("0::/path" for v2, "4:memory:/path" for v1) and `/proc/self/mountinfo`
 * (`man 5 proc_pid_mountinfo`). A hybrid machine has v1 and v2 side by side, and the memory files are in one of them.
 */
export function memoryGroups(read: ReadText): MemoryGroup[] {
  const membership = read("/proc/self/cgroup") ?? "";
  const paths = {
    2: /^0::(\/.*)$/m.exec(membership)?.[1] ?? "/",
    1: /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(\/.*)$/m.exec(membership)?.[1] ?? "/",
  };
  const groups = new Map<string, MemoryGroup>();
  for (const { version, root, point } of [...parseMounts(read("/proc/self/mountinfo") ?? ""), ...USUAL_MOUNTS])
    for (const ancestor of ancestors(below(root, paths[version]))) {
      const folder = point + ancestor;
      if (!groups.has(folder)) groups.set(folder, { version, folder });
    }
  return [...groups.values()];
}

/**
 * The limits of these cgroups in bytes; none for "max", the v1 unlimited figure, 0 and what is no number.
 *
 * `memory.max` ends in a kill; `memory.high` in reclaim so heavy that the group all but stops, so it is a limit too
 * (kernel `Documentation/admin-guide/cgroup-v2.rst`, "Memory"). v1 has `memory.limit_in_bytes`, and in `memory.stat` the
 * `hierarchical_memory_limit`, which knows of groups above the mount: a Kubernetes pod's, seen from its container
 * (`cgroup-v1/memory.rst`).
 */
export function groupLimits(groups: readonly MemoryGroup[], read: ReadText): GroupLimit[] {
  const limit = (group: MemoryGroup, file: string, text: string): GroupLimit[] => {
    const bytes = parseCount(text);
    const none = bytes === null || bytes === 0 || bytes >= UNLIMITED_BYTES;
    return none ? [] : [{ source: `${group.folder}/${file}`, bytes, group }];
  };
  const own = groups.flatMap((group) =>
    LIMIT_FILES[group.version].flatMap((file) => limit(group, file, read(`${group.folder}/${file}`) ?? "")),
  );
  const inherited = groups.flatMap((group) => {
    const stat = group.version === 1 ? read(`${group.folder}/memory.stat`) : null;
    return limit(group, "memory.stat", /^hierarchical_memory_limit (\d+)$/m.exec(stat ?? "")?.[1] ?? "");
  });
  return [...own, ...inherited];
}

/** "/a/b" -> ["/a/b", "/a", ""]: inside a container the path is often the host's, and only the root exists. */
export function ancestors(path: string): string[] {
  const parts = path.split("/").filter((part) => part !== "" && part !== "..");
  return [...parts.keys(), parts.length].reverse().map((length) =>
    parts
      .slice(0, length)
      .map((part) => `/${part}`)
      .join(""),
  );
}

/** A mount whose top is "/docker/x" shows the group "/docker/x/y" as "/y". */
function below(root: string, path: string): string {
  if (path === root) return "/";
  return root !== "/" && path.startsWith(`${root}/`) ? path.slice(root.length) : path;
}

/** "35 31 0:32 ROOT POINT rw - cgroup cgroup rw,memory": the fields before " - " vary in number, those behind it not. */
function parseMounts(mountinfo: string): Mount[] {
  return mountinfo.split("\n").flatMap((line): Mount[] => {
    const [left, right] = line.split(" - ");
    const [root, point] = (left ?? "").split(" ").slice(3, 5).map(unescapePath);
    const [type, , options] = (right ?? "").split(" ");
    if (!root?.startsWith("/") || !point?.startsWith("/")) return [];
    if (type === "cgroup2") return [{ version: 2, root, point }];
    return type === "cgroup" && options?.split(",").includes("memory") ? [{ version: 1, root, point }] : [];
  });
}

/** The kernel writes a space in a path as "\040". */
function unescapePath(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
