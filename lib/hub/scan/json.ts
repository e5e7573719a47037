import type { CachedRepo, CachedRevision, CacheScan } from "./contract";

/** What `cache ls --json` and `GET /api/cache` answer: the scan without the files of its revisions. */
export interface CacheScanJson extends Omit<CacheScan, "repos" | "warnings"> {
  repos: (Omit<CachedRepo, "revisions"> & { revisions: Omit<CachedRevision, "files">[] })[];
  warnings: string[];
}

export function scanToJson(scan: CacheScan): CacheScanJson {
  return {
    ...scan,
    repos: scan.repos.map((repo) => ({
      ...repo,
      revisions: repo.revisions.map(({ files: _files, ...revision }) => revision),
    })),
    warnings: scan.warnings.map(({ path, message }) => `${path}: ${message}`),
  };
}
