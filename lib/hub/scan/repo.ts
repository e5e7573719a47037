import { join } from "node:path";
import type { CachedBlob, CachedRepo, CachedRevision, SizedFile } from "./contract";
import type { Findings } from "./findings";
import { isLink, listFolder, measureFolder, statOrNull } from "../folder";
import { isOsFile, repoPaths, type RepoName } from "../layout";
import { RepoBlobs } from "./blobs";
import { readRefs } from "./refs";
import { latest, scanSnapshot, sumSizes } from "./snapshot";
import type { SharedPayloads } from "./shared-store";

/** One repository as it is answered, with what the figures of the whole cache are made of. */
export interface ScannedRepo {
  repo: CachedRepo;
  /** Its blobs that a revision uses. */
  own: CachedBlob[];
  /** The other files that a revision shows: its own where links are impossible, and what lies elsewhere. */
  elsewhere: CachedBlob[];
  incomplete: SizedFile[];
}

/** Null when the repository's folder has gone meanwhile. */
export function scanRepo(
  repoPath: string,
  name: RepoName,
  sharedPayloads: SharedPayloads,
  findings: Findings,
): ScannedRepo | null {
  const paths = repoPaths(repoPath);
  findings.witness?.saw(repoPath);
  findings.throughLink = isLink(repoPath);
  if (findings.throughLink) findings.leadsOutside(repoPath, "this folder of a repository");
  const blobs = new RepoBlobs(paths.blobs, sharedPayloads, findings);
  const refs = readRefs(paths.refs, findings);
  const revisions = scanSnapshots(paths.snapshots, refs, blobs, findings);
  const { own, elsewhere } = blobs.used();
  const used = elsewhere.length === 0 ? own : [...own, ...elsewhere];
  const unusedBlobs = blobs.unused();
  const noExist = measureFolder(paths.noExist, findings);
  const trees = measureFolder(paths.trees, findings);
  // Last, so that whatever went missing above is known to have gone with the whole folder.
  const folder = statOrNull(repoPath);
  if (folder === null) return null;
  return {
    repo: {
      ...name,
      repo_path: repoPath,
      size_on_disk: sumSizes(used),
      nb_files: used.length,
      last_accessed: latest(used, "last_accessed") ?? folder.atimeMs / 1000,
      last_modified: latest(used, "last_modified") ?? folder.mtimeMs / 1000,
      refs: revisions.flatMap((revision) => revision.refs).sort(),
      revisions,
      damaged: findings.damaged,
      unused_blobs: unusedBlobs,
      no_exist: noExist,
      trees,
    },
    own,
    elsewhere,
    incomplete: blobs.incomplete(),
  };
}

function scanSnapshots(
  folder: string,
  refs: Map<string, string[]>,
  blobs: RepoBlobs,
  findings: Findings,
): CachedRevision[] {
  const revisions: CachedRevision[] = [];
  const unmatched = new Map(refs);
  const realFolder = findings.follow(folder, "this folder of snapshots");
  const entries = listFolder(folder, findings);
  if (entries === null) findings.damage(folder, "there is no folder of snapshots");
  for (const entry of entries ?? []) {
    const { name } = entry;
    if (isOsFile(name)) continue;
    const path = join(folder, name);
    const realPath = entry.isSymbolicLink() ? findings.follow(path, "this snapshot") : join(realFolder, name);
    if (!entry.isDirectory() && !statOrNull(path)?.isDirectory()) {
      findings.damage(path, "a snapshot should be a folder");
      continue;
    }
    revisions.push(scanSnapshot(path, realPath, name, refs.get(name) ?? [], blobs, findings));
    unmatched.delete(name);
  }
  for (const [commit, names] of unmatched) {
    findings.damage(folder, `the ref ${names.join(", ")} names the commit ${JSON.stringify(commit)}, which is missing`);
  }
  return revisions;
}
