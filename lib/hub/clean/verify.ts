import { basename, dirname } from "node:path";
import { MemwellError } from "../../errors";
import { statOrNull } from "../folder";
import { isEtag, repoPaths, type RepoType } from "../layout";
import type { CachedRepo, CachedRevision } from "../scan/contract";
import { walk } from "./files";
import { Hashes } from "./hash-file";
import { fileName, nameOf } from "./names";

/** A file as the Hub lists it. One of the hashes is null: large files have a sha256, small ones a git-sha1. */
export interface RemoteFile {
  path: string;
  /** Bytes. */
  size: number;
  sha256: string | null;
  oid: string | null;
}

export type VerifyState =
  | "ok"
  /** The content is not what its name, or the Hub, says. */
  | "mismatch"
  /** The snapshot's link leads nowhere. */
  | "missing"
  /** On the Hub, and never downloaded: nothing is wrong with that. */
  | "absent"
  /** Here, but not on the Hub. */
  | "extra"
  /** Nothing says what it should be: a file of a cache without links, when the Hub was not asked. */
  | "unchecked";

export interface VerifiedFile {
  commit_hash: string;
  file: string;
  path: string | null;
  state: VerifyState;
  /** Hashes in hex; null: unknown. */
  expected: string | null;
  actual: string | null;
}

export interface VerifyReport {
  repo_type: RepoType;
  repo_id: string;
  /** No file is a mismatch, missing or extra. */
  ok: boolean;
  /** Bytes read. */
  size_checked: number;
  files: VerifiedFile[];
}

export interface VerifyOptions {
  /** A ref or a commit hash; all revisions unless told. */
  revision?: string;
  signal?: AbortSignal;
  /** Bytes hashed so far, and all that will be. */
  onProgress?: (progress: { done: number; total: number; file: string }) => void;
  /** The files of the revision as the Hub lists them; needs `revision` unless there is just one. */
  remote?: readonly RemoteFile[];
}

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

/** Every file with what it should be; `unchecked` until it is hashed. */
function expectations(
  repo: CachedRepo,
  revision: CachedRevision,
  remote: readonly RemoteFile[] | undefined,
): VerifiedFile[] {
  const listed = remote && new Map(remote.map((file) => [file.path, file]));
  const entry = (file: string, path: string | null, state: VerifyState, expected: string | null): VerifiedFile => ({
    commit_hash: revision.commit_hash,
    file,
    path,
    state,
    expected,
    actual: null,
  });
  const here = revision.files.map(({ file_path, blob }) => {
    const file = fileName(revision, file_path);
    const there = listed?.get(file);
    if (listed !== undefined && there === undefined) return entry(file, blob.path, "extra", null);
    const named = dirname(blob.path) === repoPaths(repo.repo_path).blobs && isEtag(basename(blob.path));
    const expected = there?.sha256 ?? there?.oid ?? (named ? basename(blob.path) : null);
    // No need to read what has another length.
    const differs = there !== undefined && there.size !== blob.size_on_disk;
    return entry(file, blob.path, differs ? "mismatch" : "unchecked", expected);
  });
  const known = new Set(here.map(({ file }) => file));
  const broken = brokenLinks(revision).filter((file) => !known.has(file));
  const absent = [...(listed?.keys() ?? [])].filter((file) => !known.has(file) && !broken.includes(file));
  const notHere = (state: VerifyState) => (file: string) => {
    const there = listed?.get(file);
    return entry(file, null, state, there?.sha256 ?? there?.oid ?? null);
  };
  return [...here, ...broken.map(notHere("missing")), ...absent.map(notHere("absent"))];
}

function brokenLinks(revision: CachedRevision): string[] {
  const broken: string[] = [];
  walk(revision.snapshot_path, (path, entry) => {
    if (entry.isSymbolicLink() && statOrNull(path) === null) broken.push(fileName(revision, path));
  });
  return broken.sort();
}
