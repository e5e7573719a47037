import { readdirSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { statOrNull } from "./folder";
import { repoFolder, repoPaths, type RepoName } from "./layout";
import { refText } from "./scan/refs";
import type { HubSettings } from "./settings";

/** What the cache has of one revision. */
export interface CachedSnapshot {
  commit_hash: string;
  /** Absolute. */
  snapshot_path: string;
  /** Those whose bytes are there, by their paths in the repository. */
  files: { path: string; size: number }[];
}

/** A folder deeper than this is no repository's. */
const MAX_DEPTH = 32;

/**
 * One revision as it lies in the cache, without a word to the Hub. Null when nothing of it is there.
 *
 * @param revision a ref such as `main` or `refs/pr/1`, or a whole commit hash
 * @throws MemwellError `invalid_request` for a name no repository can have
 */
export function cachedSnapshot(
  settings: Pick<HubSettings, "cacheDir">,
  repo: RepoName,
  revision: string,
): CachedSnapshot | null {
  const paths = repoPaths(join(settings.cacheDir, repoFolder(repo)));
  const commit = /^[0-9a-f]{40}$/.test(revision) ? revision : commitOf(paths.refs, revision);
  if (commit === null) return null;
  const snapshot = join(paths.snapshots, commit);
  const files = filesBelow(snapshot, "", 0);
  return files.length === 0 ? null : { commit_hash: commit, snapshot_path: snapshot, files };
}

/** Null when the cache does not know that ref. */
function commitOf(refs: string, revision: string): string | null {
  if (revision.split("/").some((part) => part === "" || part === "." || part === "..")) return null;
  const text = refText(join(refs, revision))?.trim() ?? "";
  return /^[0-9a-f]{40}$/.test(text) ? text : null;
}

function filesBelow(folder: string, prefix: string, depth: number): CachedSnapshot["files"] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    // Folders only themselves, since links to folders can lead in circles; files through their links.
    if (entry.isDirectory()) return depth < MAX_DEPTH ? filesBelow(path, `${prefix}${entry.name}/`, depth + 1) : [];
    const stats = statOrNull(path);
    return stats?.isFile() ? [{ path: prefix + entry.name, size: stats.size }] : [];
  });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
