import { join } from "node:path";
import { MemwellError } from "../errors";

/**
 * The names of the Hugging Face cache. Pure: nothing here touches the disk.
 *
 *     hub/                               the cache folder
 *       CACHEDIR.TAG  .locks/
 *       blobs/<xx>/<hash>                the shared store, when it carries its marker
 *       models--ORG--NAME/
 *         blobs/<etag>                   a file's bytes, or a link into the shared store
 *         blobs/<etag>[.<8 hex>].incomplete
 *         refs/main  refs/refs/pr/1      a commit hash each
 *         snapshots/<commit>/a/b.gguf    a link to a blob, or a real file where links are impossible
 *         .no_exist/<commit>/<file>      what the Hub said it does not have
 *         trees/                         file lists
 *
 * Source: huggingface_hub 1.29, `file_download.py`, `_shared_blobs.py` and `utils/_cache_manager.py`.
 */
export type RepoType = "model" | "dataset" | "space";

/** A repository as people name it: `{repo_type: "model", repo_id: "ORG/NAME"}`. */
export interface RepoName {
  repo_type: RepoType;
  repo_id: string;
}

export const BLOBS = "blobs";
export const REFS = "refs";
export const SNAPSHOTS = "snapshots";
export const NO_EXIST = ".no_exist";
export const TREES = "trees";
export const SHARED_STORE_MARKER = ".huggingface-shared-blobs";
/** The one layout of the shared store that is known; another content of the marker means: not ours to read. */
export const SHARED_STORE_VERSION = "1\n";

const REPO_TYPES: Record<string, RepoType> = { models: "model", datasets: "dataset", spaces: "space" };
const SEPARATOR = "--";
const OS_FILES = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);
const CACHE_FILES = new Set([".locks", "CACHEDIR.TAG"]);

/**
 * The repository that a folder of the cache holds; null when it is none. Like huggingface_hub, every `--` after the first
 * becomes a `/`; unlike it, a name that could lead elsewhere (`models--..--..`) or hold control characters is none.
 */
export function parseRepoFolder(folder: string): RepoName | null {
  const [type = "", ...parts] = folder.split(SEPARATOR);
  const repoType = Object.hasOwn(REPO_TYPES, type) ? REPO_TYPES[type] : undefined;
  if (repoType === undefined || parts.length === 0 || !parts.every(isNamePart)) return null;
  return { repo_type: repoType, repo_id: parts.join("/") };
}

/** The folder of a repository, such as `models--ORG--NAME`. Throws `invalid_request` for a name no repository can have. */
export function repoFolder(name: RepoName): string {
  const parts = name.repo_id.split("/");
  if (!parts.every(isNamePart)) {
    throw new MemwellError(
      "invalid_request",
      `${JSON.stringify(name.repo_id)} is no name of a repository. Write it as ORG/NAME, as on the Hub.`,
      { repo_id: name.repo_id },
    );
  }
  return [`${name.repo_type}s`, ...parts].join(SEPARATOR);
}

/** The Hub's own rule for one part: letters, digits, `_ . -`, neither end `-` or `.`, and never `--` or `..`. */
function isNamePart(part: string): boolean {
  return /^\w(?:[\w.-]*\w)?$/.test(part) && !part.includes(SEPARATOR) && !part.includes("..");
}

/**
 * Where Memwell moves what it removes, in one rename, so that whoever looks sees all of it or nothing: below `.locks`, which
 * every scanner of this cache passes over, and which lies on the same file system.
 */
export function asideFolder(cacheDir: string): string {
  return join(cacheDir, ".locks", ".memwell-removed");
}

/** Where one repository keeps what, under its own folder. */
export function repoPaths(repoPath: string) {
  return {
    blobs: join(repoPath, BLOBS),
    refs: join(repoPath, REFS),
    snapshots: join(repoPath, SNAPSHOTS),
    noExist: join(repoPath, NO_EXIST),
    trees: join(repoPath, TREES),
  };
}

/** A blob's name: git-sha1 (40 hex digits) for a small file, sha256 (64) for a large one. */
export function isEtag(name: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(name);
}

/** A download that has not ended: `<etag>.incomplete`, or `<etag>.<8 hex>.incomplete`. */
export function isIncomplete(name: string): boolean {
  return name.endsWith(".incomplete");
}

/** A payload of the shared store: `<hash>` in the folder of its first two digits. */
export function isSharedBlob(prefix: string, name: string): boolean {
  return /^[0-9a-f]{2}$/.test(prefix) && /^[0-9a-f]{64}$/.test(name) && name.startsWith(prefix);
}

/**
 * What an operating system leaves in any folder it shows. Inside a snapshot the same name is a file like any other:
 * people commit them, and huggingface_hub counts them.
 */
export function isOsFile(name: string): boolean {
  return OS_FILES.has(name);
}

/** What stands beside the repositories and is none. */
export function isCacheFile(name: string): boolean {
  return CACHE_FILES.has(name) || isOsFile(name);
}
