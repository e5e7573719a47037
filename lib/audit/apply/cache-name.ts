import { createHash } from "node:crypto";
import { asideFolder, REFS, repoFolder, SNAPSHOTS } from "../../hub/layout";
import { isUtf8, joined, toText, type BytePath } from "../walk/byte-path";
import { namesIn } from "./root";

/** No organisation of the Hub has a dot in its name: nothing there is mistaken for what was moved in from a folder. */
const LOCAL = "memwell.local";

const CACHE_REPO = new RegExp(`^models--${LOCAL.replace(".", "\\.")}--[\\w.-]+(?:/refs/[\\w.-]+)?$`);

/** Where such a repository is made before it is moved into its cache: on the same disk, where no scanner looks. */
export function stagingFolder(cacheDir: BytePath): BytePath {
  return asideFolder(cacheDir);
}

/** Whether a path names what an apply may have put into a cache, made at `staged`. */
export function isInCache(path: BytePath, staged: BytePath): boolean {
  const cacheDir = /^(\/.*)\/models--/.exec(path)?.[1];
  if (cacheDir === undefined) return false;
  const [name, made] = [path.slice(cacheDir.length + 1), staged.slice(stagingFolder(cacheDir).length + 1)];
  return CACHE_REPO.test(name) && staged.startsWith(`${stagingFolder(cacheDir)}/`) && /^memwell-[\w-]+$/.test(made);
}

/** Each folder that links to such a repository has a ref in it. */
export function refOf(root: BytePath): string {
  return `memwell-${createHash("sha256").update(root, "latin1").digest("hex").slice(0, 8)}`;
}

export function isUsedByOthers(repoPath: BytePath, root: BytePath): boolean {
  return namesIn(joined(repoPath, REFS)).some((name) => name !== "main" && name !== refOf(root));
}

/**
 * The folder in the cache of this machine that a model of a folder is moved to: named by the model, and by its bytes, so that
 * two folders with the same model share it.
 *
 * @param name of its first file
 * @param commit made from what its files hold
 */
export function cacheRepoPath(cacheDir: BytePath, name: BytePath, commit: string): BytePath {
  const plain = name
    .replace(/^.*\//s, "")
    .replace(/\.gguf$/i, "")
    .replace(/[^A-Za-z0-9_.-]+/g, "-")
    .replace(/--+|\.\.+/g, "-")
    .replace(/^[.-]+|[.-]+$/g, "")
    .slice(0, 80)
    .replace(/[.-]+$/, "");
  const repoId = `${LOCAL}/${plain || "model"}-${commit.slice(0, 8)}`;
  return joined(cacheDir, repoFolder({ repo_type: "model", repo_id: repoId }));
}

/** A file's name in its snapshot: its own, where a cache may have it. */
export function nameInCache(path: BytePath): BytePath {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return isUtf8(name) && !/\p{C}/u.test(toText(name)) ? name : "model.gguf";
}

export function snapshotFile(repoPath: BytePath, commit: string, name: BytePath): BytePath {
  return [repoPath, SNAPSHOTS, commit, name].reduce(joined);
}

/** Whether a path is where an apply may have made something for a cache. */
export function isStaging(path: BytePath): boolean {
  const cacheDir = /^(\/.*)\/\.locks\/[^/]+\/memwell-[\w-]+$/.exec(path)?.[1];
  return cacheDir !== undefined && path.startsWith(`${stagingFolder(cacheDir)}/memwell-`);
}
