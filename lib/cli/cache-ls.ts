import { loadConfig, type CacheListing } from "../runtime";
import { compileSort, type RepoJson } from "./cache-filter";
import { openCache } from "./open-cache";
import { bytes, printable, printJson, printTable } from "./output";

interface ListOptions {
  revisions?: boolean;
  filter?: ((repo: RepoJson) => boolean)[];
  sort?: (left: RepoJson, right: RepoJson) => number;
  cacheDir?: string;
  json?: boolean;
}

/** Prints what is in the Hugging Face cache, repository by repository. */
export async function listCache(options: ListOptions): Promise<void> {
  const now = Date.now() / 1000;
  const { filter: filters = [], sort: order = compileSort("size") } = options;
  const scan = await openCache(loadConfig(process.env), options.cacheDir, (cache) => cache.list());
  const repos = scan.repos.filter((repo) => filters.every((filter) => filter(repo))).sort(order);
  if (options.json) return printJson({ ...scan, repos });
  const open = new Set(scan.in_use.map(({ repo }) => repo));
  printTable([HEAD, ...repos.flatMap((repo) => rowsOf(repo, open, options.revisions ?? false, now))]);
  process.stdout.write(`\n${summaryOf(scan, repos).join("\n")}\n`);
  for (const warning of scan.warnings) process.stderr.write(`${printable(warning)}\n`);
}

const HEAD = ["REPO", "TYPE", "SIZE", "FILES", "USED", "CHANGED", "REFS"];

/** @param open names of those that a process has open */
function rowsOf(repo: RepoJson, open: ReadonlySet<string>, withRevisions: boolean, now: number): string[][] {
  const marks = [
    ...repo.refs,
    ...(repo.damaged ? ["(damaged)"] : []),
    ...(open.has(`${repo.repo_type}/${repo.repo_id}`) ? ["(in use)"] : []),
  ];
  const row = [
    repo.repo_id,
    repo.repo_type,
    bytes(repo.size_on_disk),
    String(repo.nb_files),
    age(now - repo.last_accessed),
    age(now - repo.last_modified),
    marks.join(" "),
  ];
  if (!withRevisions) return [row];
  const revisions = repo.revisions.map(({ commit_hash, size_on_disk, nb_files, last_modified, refs }) => [
    `  ${commit_hash}`,
    "",
    bytes(size_on_disk),
    String(nb_files),
    "",
    age(now - last_modified),
    refs.length === 0 ? "(detached)" : refs.join(" "),
  ]);
  return [row, ...revisions];
}

function summaryOf(scan: CacheListing, shown: readonly RepoJson[]): string[] {
  const unused = scan.repos.reduce((sum, repo) => sum + total(repo.unused_blobs), 0);
  const incomplete = total(scan.incomplete);
  const lines = [
    `${shown.length} of ${scan.nb_repos} repositories; ${bytes(scan.size_on_disk)} in ${scan.cache_dir}`,
    ...(incomplete > 0 ? [`${bytes(incomplete)} in ${scan.incomplete.length} downloads that have not ended`] : []),
    ...(unused > 0 ? [`${bytes(unused)} that no revision uses`] : []),
    ...besides(scan),
  ];
  const canPrune =
    incomplete + unused > 0 || scan.repos.some(({ revisions }) => revisions.some(({ refs }) => refs.length === 0));
  return canPrune ? [...lines, "`memwell cache prune --dry-run` shows what can go."] : lines;
}

/** What no repository counts: the caches beside this one, and what is stored twice. */
function besides({ xet, assets, duplicates, leftover, disk }: CacheListing): string[] {
  return [
    ...(disk === null ? [] : [`${bytes(disk.free_size)} of its disk are free`]),
    ...(leftover !== null && leftover.size_on_disk > 0
      ? [`${bytes(leftover.size_on_disk)} of a cleaning that was interrupted; \`memwell cache prune\` ends it`]
      : []),
    ...(xet !== null && xet.size_on_disk > 0 ? [`${bytes(xet.size_on_disk)} in Xet's cache of chunks`] : []),
    ...(assets !== null && assets.size_on_disk > 0 ? [`${bytes(assets.size_on_disk)} of assets`] : []),
    ...(duplicates.nb_files > 0
      ? [`${bytes(duplicates.size_on_disk)} are copies of files that another repository has too`]
      : []),
  ];
}

function total(files: readonly { size_on_disk: number }[]): number {
  return files.reduce((sum, { size_on_disk: size }) => sum + size, 0);
}

/** Seconds as `3 d`. */
function age(seconds: number): string {
  if (seconds < 60) return "now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}
