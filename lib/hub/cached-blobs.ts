import { readdirSync } from "node:fs";
import { join } from "node:path";
import { statOrNull } from "./folder";
import { parseRepoFolder, repoPaths } from "./layout";
import type { HubSettings } from "./settings";

/**
 * Where the cache has these bytes by name, in whatever repository: its blobs of this sha256 and size. What they really hold
 * is for the caller to check.
 *
 * @param size in bytes
 */
export function blobsNamed(settings: Pick<HubSettings, "cacheDir">, sha256: string, size: number): string[] {
  return repoFolders(settings.cacheDir)
    .map((folder) => join(repoPaths(join(settings.cacheDir, folder)).blobs, sha256))
    .filter((path) => {
      const stats = statOrNull(path);
      return stats !== null && stats.isFile() && stats.size === size;
    });
}

function repoFolders(cacheDir: string): string[] {
  try {
    return readdirSync(cacheDir)
      .filter((name) => parseRepoFolder(name) !== null)
      .sort();
  } catch {
    return [];
  }
}
