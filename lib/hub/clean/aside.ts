import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { MemwellError } from "../../errors";
import { isLink } from "../folder";
import { asideFolder, parseRepoFolder, REFS } from "../layout";

/** What lies aside, by path. */
export function listAside(cacheDir: string): string[] {
  const folder = asideFolder(cacheDir);
  try {
    if (!lstatSync(join(cacheDir, ".locks")).isDirectory() || !lstatSync(folder).isDirectory()) return [];
    return readdirSync(folder)
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** A path for `path` to be moved to. Throws `cache_invalid` when that would be outside the cache. */
export function placeAside(cacheDir: string, path: string): string {
  const folder = asideFolder(cacheDir);
  for (const place of [dirname(folder), folder]) if (isLink(place)) throw lockFolderElsewhere(place);
  mkdirSync(folder, { recursive: true });
  return join(folder, `${randomBytes(4).toString("hex")}.${basename(path)}`);
}

/** Where something that lies aside has its refs; null when it is not a whole repository. */
export function refsAside(path: string): string | null {
  const name = basename(path).replace(/^[0-9a-f]{8}\./, "");
  return parseRepoFolder(name) === null ? null : join(path, REFS);
}

export function isAside(cacheDir: string, path: string): boolean {
  return dirname(path) === asideFolder(cacheDir);
}

function lockFolderElsewhere(path: string): MemwellError {
  return new MemwellError(
    "cache_invalid",
    `${path} is a link: nothing can be moved aside in the cache. Remove the link; it holds nothing but locks.`,
    { path },
  );
}
