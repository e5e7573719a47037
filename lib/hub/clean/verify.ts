import { MemwellError } from "../../errors";
import type { CachedRepo, CachedRevision } from "../scan/contract";
import { nameOf } from "./names";
import type { VerifyOptions, VerifyReport } from "./verify-contract";
import { expectations } from "./verify-expected";
import { Hashes } from "./verify-hashes";

/**
 * Hashes every blob that the revisions of a repository show, each once, and compares it with its name, or with what the
 * Hub lists. Throws `revision_not_found`, `invalid_request`, `aborted`, and `cache_invalid` for a file that cannot
 * be read.
 */
export async function verifyRepo(repo: CachedRepo, options: VerifyOptions = {}): Promise<VerifyReport> {
  const revisions = chosen(repo, options);
  const files = revisions.flatMap((revision) => expectations(repo, revision, options.remote));
  const hashes = new Hashes(files, options);
  for (const file of files) {
    if (file.path === null || file.state !== "unchecked" || file.expected === null) continue;
    file.actual = await hashes.of(file.path, file.expected, file.file);
    file.state = file.actual === null ? "missing" : file.actual === file.expected ? "ok" : "mismatch";
  }
  const { repo_type, repo_id } = repo;
  const ok = !files.some(({ state }) => state === "mismatch" || state === "missing" || state === "extra");
  return { repo_type, repo_id, ok, size_checked: hashes.done, files };
}

function chosen(repo: CachedRepo, { revision, remote }: VerifyOptions): CachedRevision[] {
  const found = repo.revisions.filter(
    ({ refs, commit_hash }) => revision === undefined || refs.includes(revision) || commit_hash === revision,
  );
  if (found.length === 0 && revision !== undefined) {
    throw new MemwellError(
      "revision_not_found",
      `${nameOf(repo)} has no revision ${JSON.stringify(revision)} in the cache. \`memwell cache ls --revisions\` lists them.`,
      { repo_id: repo.repo_id, revision },
    );
  }
  if (remote !== undefined && found.length !== 1) {
    throw new MemwellError(
      "invalid_request",
      `${nameOf(repo)} has ${found.length} revisions in the cache. Say which one to compare with the Hub.`,
      { repo_id: repo.repo_id },
    );
  }
  return found;
}
