import { basename, dirname } from "node:path";
import type { CachedRepo, CachedRevision } from "../scan/contract";
import { statOrNull } from "../folder";
import { isEtag, repoPaths } from "../layout";
import { walk } from "./files";
import { fileName } from "./names";
import type { RemoteFile, VerifiedFile, VerifyState } from "./verify-contract";

/** Every file with what it should be; `unchecked` until it is hashed. */
export function expectations(
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
