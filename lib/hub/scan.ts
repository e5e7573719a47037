import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { CachedRepo, CacheScan, FolderSize } from "./contract";
import { Findings } from "./findings";
import { listFolder, openCache, statOrNull } from "./folder";
import { BLOBS, isCacheFile, parseRepoFolder, repoPaths } from "./layout";
import { incompleteOf } from "./scan-blobs";
import { scanRepo } from "./scan-repo";
import { readSharedStore } from "./shared-store";

/**
 * Reads the whole cache. On a valid cache the figures are those of huggingface_hub's `scan_cache_dir`; what is damaged
 * becomes a warning and the rest of its repository is counted all the same. Throws `cache_not_found` and `cache_invalid`.
 *
 * The calls are synchronous: 60,000 links take 0.5 s so, while the scanner of @huggingface/hub, which awaits each call,
 * takes 6.8 to 8.1 s, measured on two cores. The event loop gets a turn between two repositories, so it is held for
 * the length of one. A worker thread would hold it never, but needs a built file of its own: the next step.
 */
export async function scanCache(cacheDir: string): Promise<CacheScan> {
  const { root, entries } = openCache(cacheDir);
  const general = new Findings(root);
  const store = readSharedStore(general);
  const scan: CacheScan = {
    cache_dir: root,
    size_on_disk: 0,
    nb_repos: 0,
    repos: [],
    incomplete: [],
    shared_store: store === null ? null : folderSizeOf(store),
    warnings: general.warnings,
  };
  for (const { name } of entries) {
    if (isCacheFile(name) || (name === BLOBS && store !== null)) continue;
    await setImmediate();
    addEntry(scan, name, store ?? new Map());
  }
  scan.nb_repos = scan.repos.length;
  scan.size_on_disk = (scan.shared_store?.size_on_disk ?? 0) + ownBytes(scan.repos);
  return scan;
}

/** One entry of the cache folder: a repository, or something that is none, which becomes a warning. */
function addEntry(scan: CacheScan, name: string, sharedPayloads: ReadonlyMap<string, number>): void {
  const path = join(scan.cache_dir, name);
  const findings = new Findings(scan.cache_dir);
  const repoName = parseRepoFolder(name);
  const stats = statOrNull(path);
  if (stats === null) {
    scan.warnings.push({ path, message: "this was removed during the scan, or is a link that is broken" });
  } else if (!stats.isDirectory()) {
    scan.warnings.push({ path, message: "this is a file, where the cache has only folders of repositories" });
  } else if (repoName === null) {
    scan.warnings.push({ path, message: "this folder's name is none of a model, a dataset or a space" });
    const blobs = repoPaths(path).blobs;
    if (!findings.leadsOutside(blobs, "this folder of blobs")) {
      scan.incomplete.push(...incompleteOf(blobs, listFolder(blobs, findings) ?? []));
    }
    scan.warnings.push(...findings.warnings);
  } else {
    const found = scanRepo(path, repoName, sharedPayloads, findings);
    if (found === null) {
      scan.warnings.push({ path, message: "this repository was removed during the scan" });
      return;
    }
    scan.repos.push(found.repo);
    scan.incomplete.push(...found.incomplete);
    scan.warnings.push(...findings.warnings);
  }
}

/** What the repositories hold beside the shared store, each path once: a link may lead into another repository. */
function ownBytes(repos: readonly CachedRepo[]): number {
  const sizes = new Map<string, number>();
  for (const repo of repos) {
    for (const { files } of repo.revisions) {
      for (const { blob } of files) if (blob.shared_path === null) sizes.set(blob.path, blob.size_on_disk);
    }
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

function folderSizeOf(payloads: ReadonlyMap<string, number>): FolderSize {
  return { nb_files: payloads.size, size_on_disk: [...payloads.values()].reduce((sum, size) => sum + size, 0) };
}
