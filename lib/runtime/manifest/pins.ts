import { readManifest } from "../../audit";
import type { Config } from "../../config";

/**
 * What the links of the manifest in the settings lead to. None when it cannot be read: whoever needs it says so.
 *
 * @param part their whole repositories, or only the revisions that are used
 */
export function pinsOfManifest({ manifest }: Pick<Config, "manifest">, part: "repos" | "revisions"): string[] {
  if (manifest === null) return [];
  try {
    return readManifest(manifest).entries.map(({ repo_type, repo, revision }) =>
      part === "repos" ? `${repo_type}/${repo}` : `${repo_type}/${repo}@${revision}`,
    );
  } catch {
    return [];
  }
}
