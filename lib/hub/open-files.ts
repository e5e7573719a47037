import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { relative, sep } from "node:path";
import { isInside, realPath } from "./folder";
import { parseRepoFolder, type RepoName } from "./layout";

/** A process that has a file open or mapped. */
export interface FileHolder {
  pid: number;
  /** As the kernel names it: 15 letters at most. */
  name: string;
}

/** Who has what open: by real path, of what may lie in a cache. */
export type OpenFiles = ReadonlyMap<string, FileHolder>;

/** A look that is older than this is not good enough to remove something by. */
const MOST_AGE_MS = 2_000;
/** Who only lists waits so many times what the last look took, so that looking costs no more than 1 % of a core. */
const REST = 100;
const MOST_REST_MS = 10_000;
/** What the folders of a cache are named; nothing else is remembered. */
const OF_A_CACHE = /[/.](?:model|dataset|space)s--|\/blobs\//;

let latest: { files: OpenFiles; at: number; tookMs: number } | null = null;
/** By inode, of the last look. */
let inodes: { of: OpenFiles; root: string; found: ReadonlyMap<string, FileHolder> } | null = null;

/**
 * The files of caches that other processes of this machine have open or mapped, as far as this one may see. This process
 * and its children are left out: what they use is known better. Empty where there is no `/proc`. Never throws.
 *
 * @param maxAgeMs how old the answer may be; a newer one is one pass over `/proc`
 */
export function openFiles(maxAgeMs = MOST_AGE_MS): OpenFiles {
  const now = performance.now();
  if (latest !== null && now - latest.at < maxAgeMs) return latest.files;
  const files = readOpenFiles();
  latest = { files, at: now, tookMs: performance.now() - now };
  return files;
}

/** Those below a folder, which must be a real path. As `openFiles`. */
export function openBelow(root: string, maxAgeMs?: number): OpenFiles {
  return new Map([...openFiles(maxAgeMs)].filter(([path]) => isInside(root, path)));
}

/**
 * The repositories of a cache that have a file open, once for each such file. As `openFiles`, but up to ten seconds old where
 * looking takes long.
 *
 * @param cacheDir need not be there
 */
export function openRepos(cacheDir: string): (RepoName & { holder: FileHolder })[] {
  const root = realPath(cacheDir);
  if (root === null) return [];
  const maxAgeMs = Math.max(MOST_AGE_MS, Math.min(MOST_REST_MS, REST * (latest?.tookMs ?? 0)));
  return [...openBelow(root, maxAgeMs)].flatMap(([path, holder]) => {
    const [folder = ""] = relative(root, path).split(sep);
    const name = parseRepoFolder(folder);
    return name === null ? [] : [{ ...name, holder }];
  });
}

/**
 * Who has these bytes open, whatever the file is named by now; null: nobody that can be seen. As `openFiles`.
 *
 * @param root the real path of the cache that the file lies in
 * @param inode as `inodeOf` writes it
 */
export function holderOf(root: string, inode: string): FileHolder | null {
  const files = openFiles();
  if (inodes?.of !== files || inodes.root !== root) inodes = { of: files, root, found: byInode(root, files) };
  return inodes.found.get(inode) ?? null;
}

/** `python3 (process 4711)` */
export function holderWords({ name, pid }: FileHolder): string {
  return `${name} (process ${pid})`;
}

function byInode(root: string, files: OpenFiles): Map<string, FileHolder> {
  const found = new Map<string, FileHolder>();
  for (const [path, holder] of files) {
    if (!isInside(root, path)) continue;
    const stats = orNull(() => statSync(path, { bigint: true }));
    if (stats?.isFile()) found.set(`${stats.dev}:${stats.ino}`, holder);
  }
  return found;
}

function readOpenFiles(): OpenFiles {
  const files = new Map<string, FileHolder>();
  for (const name of orNull(() => readdirSync("/proc")) ?? []) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const paths = [...openedBy(pid), ...mappedBy(pid)].filter((path) => OF_A_CACHE.test(path));
    if (paths.length === 0) continue;
    const status = orNull(() => readFileSync(`/proc/${pid}/status`, "utf8")) ?? "";
    if (Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]) === process.pid) continue;
    const holder = { pid, name: /^Name:\s*(.*)$/m.exec(status)?.[1] ?? "a process" };
    for (const path of paths) files.set(path, holder);
  }
  return files;
}

/** None of a process that this one may not look into. */
function openedBy(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  const descriptors = orNull(() => readdirSync(folder)) ?? [];
  return descriptors.flatMap((descriptor) => orNull(() => readlinkSync(`${folder}/${descriptor}`)) ?? []);
}

/** A mapped file stays in use after it was closed. */
function mappedBy(pid: number): string[] {
  const maps = orNull(() => readFileSync(`/proc/${pid}/maps`, "utf8")) ?? "";
  if (!OF_A_CACHE.test(maps)) return [];
  return [...new Set([...maps.matchAll(/^(?:\S+ +){5}(\/.*)$/gm)].map(([, path]) => path ?? ""))];
}

function orNull<Answer>(ask: () => Answer): Answer | null {
  try {
    return ask();
  } catch {
    return null;
  }
}
