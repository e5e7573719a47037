import { toMemwellError } from "../errors";
import {
  listRepo,
  parseRemoveTarget,
  revisionsNamed,
  verifyRepo,
  type CachedRepo,
  type CacheScan,
  type HubSettings,
  type VerifiedFile,
} from "../hub";

export interface VerifyOptions {
  /** The Hub is not asked. */
  local?: boolean | undefined;
  signal?: AbortSignal | undefined;
  /** In bytes. */
  onProgress?: ((progress: { done: number; total: number; file: string }) => void) | undefined;
}

export interface CacheVerification {
  repo_type: CachedRepo["repo_type"];
  repo_id: string;
  /** Nothing is damaged, missing, or not on the Hub. */
  ok: boolean;
  /** The lists of the Hub were there to compare with, too. */
  compared_with_hub: boolean;
  /** Bytes read. */
  size_checked: number;
  files: VerifiedFile[];
  warnings: string[];
}

/** Verifies one repository of a scan, revision by revision. @throws MemwellError as `HubCache.verify` */
export async function verifyCached(
  settings: HubSettings,
  scan: CacheScan,
  target: string,
  options: VerifyOptions,
): Promise<CacheVerification> {
  const { repo, revisions } = revisionsNamed(scan, parseRemoveTarget(target));
  const { signal, onProgress } = options;
  const result: CacheVerification = {
    repo_type: repo.repo_type,
    repo_id: repo.repo_id,
    ok: true,
    compared_with_hub: !options.local && !settings.offline,
    size_checked: 0,
    files: [],
    warnings: [],
  };
  for (const { commit_hash: revision } of revisions) {
    const remote = result.compared_with_hub ? await listOrWarn(settings, repo, revision, result, signal) : null;
    const report = await verifyRepo(repo, {
      revision,
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined ? {} : { onProgress }),
      ...(remote === null ? {} : { remote }),
    });
    result.ok &&= report.ok;
    result.size_checked += report.size_checked;
    result.files.push(...report.files);
  }
  return result;
}

/** The files of a revision as the Hub lists them; null, with a warning, when it cannot be asked. */
async function listOrWarn(
  settings: HubSettings,
  repo: CachedRepo,
  revision: string,
  result: CacheVerification,
  signal: AbortSignal | undefined,
) {
  try {
    const { files } = await listRepo(settings, repo, revision, signal === undefined ? {} : { signal });
    return files.map(({ path, size, etag, lfs }) => ({
      path,
      size,
      sha256: lfs ? etag : null,
      oid: lfs ? null : etag,
    }));
  } catch (thrown) {
    const error = toMemwellError(thrown);
    if (error.code === "aborted") throw error;
    result.compared_with_hub = false;
    result.warnings.push(`${revision} was compared with the names of its files only: ${error.message}`);
    return null;
  }
}
