import type { CachedRepo, CachedRevision, CacheScan, FolderSize, SizedFile } from "./contract";

/** What `cache ls --json` and `GET /api/cache` answer: the scan without the files of its revisions. */
export interface CacheScanJson {
  size_on_disk: number;
  nb_repos: number;
  cache_dir: string;
  repos: (Omit<CachedRepo, "revisions"> & { revisions: Omit<CachedRevision, "files">[] })[];
  incomplete: SizedFile[];
  shared_store: FolderSize | null;
  shared_by_repos: FolderSize;
  duplicates: FolderSize;
  leftover: FolderSize | null;
  xet: FolderSize | null;
  assets: FolderSize | null;
  warnings: string[];
}

export function scanToJson(scan: CacheScan): CacheScanJson {
  return {
    size_on_disk: scan.size_on_disk,
    nb_repos: scan.nb_repos,
    cache_dir: scan.cache_dir,
    repos: scan.repos.map((repo) => ({
      ...repo,
      revisions: repo.revisions.map(({ files: _files, ...revision }) => revision),
    })),
    incomplete: scan.incomplete,
    shared_store: scan.shared_store,
    shared_by_repos: scan.shared_by_repos,
    duplicates: scan.duplicates,
    leftover: scan.leftover,
    xet: scan.xet,
    assets: scan.assets,
    warnings: scan.warnings.map(({ path, message }) => `${path}: ${message}`),
  };
}
