import type { CacheBody, RepoEntry, RepoUse } from "./cache-contract";

/** Files of one kind that no revision counts. Sizes in bytes. */
export interface Loose {
  nb_files: number;
  size_on_disk: number;
}

/** One repository of the table. */
export interface RepoRow {
  /** As the server names it: `model/ORG/NAME`. */
  name: string;
  repo: RepoEntry;
  uses: RepoUse[];
  incomplete: Loose;
  /** Blobs that no revision shows. */
  unused: Loose;
  /** Revisions that no branch or tag names. */
  detached: number;
  /** Without the repository's own path in front. */
  warnings: string[];
}

/** The repositories with all that the listing says of each, and the warnings that are of none of them. Pure. */
export function repoRows(cache: CacheBody): { rows: RepoRow[]; warnings: string[] } {
  const folders = new Map<string, { incomplete: Loose; warnings: string[] }>(
    cache.repos.map(({ repo_path }) => [repo_path, { incomplete: { nb_files: 0, size_on_disk: 0 }, warnings: [] }]),
  );
  const folderOf = (path: string) => folders.get(firstFolder(cache.cache_dir, path));
  for (const { path, size_on_disk } of cache.incomplete) add(folderOf(path)?.incomplete, size_on_disk);
  const others: string[] = [];
  for (const warning of cache.warnings) {
    const folder = folderOf(warning);
    if (folder === undefined) others.push(shortened(cache.cache_dir, warning));
    else folder.warnings.push(shortened(firstFolder(cache.cache_dir, warning), warning));
  }
  const rows = cache.repos.map((repo) => {
    const name = `${repo.repo_type}/${repo.repo_id}`;
    const unused: Loose = { nb_files: 0, size_on_disk: 0 };
    for (const { size_on_disk } of repo.unused_blobs) add(unused, size_on_disk);
    return {
      name,
      repo,
      uses: cache.in_use.filter((use) => use.repo === name),
      incomplete: folders.get(repo.repo_path)?.incomplete ?? { nb_files: 0, size_on_disk: 0 },
      unused,
      detached: repo.revisions.filter(({ refs }) => refs.length === 0).length,
      warnings: folders.get(repo.repo_path)?.warnings ?? [],
    };
  });
  return { rows, warnings: others };
}

function add(sum: Loose | undefined, size: number): void {
  if (sum === undefined) return;
  sum.nb_files += 1;
  sum.size_on_disk += size;
}

/** `CACHE/models--ORG--NAME` of a path or a sentence that begins with one; a folder's name has neither `/` nor `:`. */
function firstFolder(cacheDir: string, text: string): string {
  if (!text.startsWith(`${cacheDir}/`)) return "";
  const end = /[/:]/.exec(text.slice(cacheDir.length + 1))?.index;
  return end === undefined ? text : text.slice(0, cacheDir.length + 1 + end);
}

function shortened(folder: string, warning: string): string {
  return folder !== "" && warning.startsWith(folder) ? warning.slice(folder.length).replace(/^(\/|: )/, "") : warning;
}
