import { join } from "node:path";
import type { CachedRepo, CachedRevision, SizedFile } from "./contract";
import type { Findings } from "./findings";
import { listFolder, measureFolder, statOrNull } from "./folder";
import { isOsFile, repoPaths, type RepoName } from "./layout";
import { RepoBlobs } from "./scan-blobs";
import { readRefs } from "./scan-refs";
import { latest, scanSnapshot, sumSizes } from "./scan-snapshot";

/** One repository with its downloads that have not ended; null when its folder has gone meanwhile. */
export function scanRepo(
  repoPath: string,
  name: RepoName,
  sharedPayloads: ReadonlyMap<string, number>,
  findings: Findings,
): { repo: CachedRepo; incomplete: SizedFile[] } | null {
  const paths = repoPaths(repoPath);
  findings.leadsOutside(repoPath, "this folder of a repository");
  const blobs = new RepoBlobs(paths.blobs, sharedPayloads, findings);
  const refs = readRefs(paths.refs, findings);
  const revisions = scanSnapshots(paths.snapshots, refs, blobs, findings);
  const used = [...blobs.used.values()];
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
  const entries = listFolder(folder, findings);
  if (entries === null) findings.damage(folder, "there is no folder of snapshots");
  else findings.leadsOutside(folder, "this folder of snapshots");
  for (const entry of entries ?? []) {
    const { name } = entry;
    if (isOsFile(name)) continue;
    const path = join(folder, name);
    if (!entry.isDirectory() && !statOrNull(path)?.isDirectory()) {
      findings.damage(path, "a snapshot should be a folder");
      continue;
    }
    if (entry.isSymbolicLink()) findings.leadsOutside(path, "this snapshot");
    revisions.push(scanSnapshot(path, name, refs.get(name) ?? [], blobs, findings));
    unmatched.delete(name);
  }
  for (const [commit, names] of unmatched) {
    findings.damage(folder, `the ref ${names.join(", ")} names the commit ${JSON.stringify(commit)}, which is missing`);
  }
  return revisions;
}
