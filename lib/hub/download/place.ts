import { randomBytes } from "node:crypto";
import { copyFile, mkdir, readFile, rename, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { MemwellError } from "../../errors";
import { isInside, realPath, systemCodeOf } from "../folder";
import { repoPaths } from "../layout";

/*
 * How a blob gets its names: the link in a snapshot, and the ref that names the snapshot.
 * Source: huggingface_hub 1.29, `file_download.py`, `_create_symlink` and `_cache_commit_hash_for_specific_revision`.
 */

/** The first line is the standard's, which backup programs look for: https://bford.info/cachedir/ */
const CACHE_TAG = `Signature: 8a477f597d28d172789f06886806bc55
# This folder holds downloads of the Hugging Face Hub, which can be downloaded again.
`;

/** What a file system says that has no symbolic links, or that keeps them from this user. */
const NO_LINKS = new Set(["EPERM", "ENOSYS", "EOPNOTSUPP", "ENOTSUP", "EINVAL", "EIO"]);

/** True when there is a file of this size at `path`, however many links lead to it. */
export async function holdsFile(path: string, size: number): Promise<boolean> {
  try {
    const stats = await stat(path);
    return stats.isFile() && stats.size === size;
  } catch {
    return false;
  }
}

/**
 * Makes `snapshotPath` show the blob: by a relative link; else the blob itself is moved there, or copied when it was in
 * the cache before, since another revision may need it.
 *
 * @param makeLink for a test, where there is no file system without links.
 */
export async function showBlob(
  blobPath: string,
  snapshotPath: string,
  isNew: boolean,
  makeLink = symlink,
): Promise<void> {
  await rm(snapshotPath, { force: true });
  try {
    await makeLink(relative(dirname(snapshotPath), blobPath), snapshotPath);
  } catch (thrown) {
    if (!NO_LINKS.has(systemCodeOf(thrown))) throw thrown;
    if (isNew) await rename(blobPath, snapshotPath);
    else await copyWhole(blobPath, snapshotPath);
  }
}

/** Under a name of a partial file first: half a copy under the final one would pass for the file. */
async function copyWhole(from: string, to: string): Promise<void> {
  const partial = `${from}.${randomBytes(4).toString("hex")}.incomplete`;
  try {
    await copyFile(from, partial);
    await rename(partial, to);
  } finally {
    await rm(partial, { force: true });
  }
}

/**
 * Makes the folders that a file of a repository needs. Throws `cache_invalid` when a link in its snapshot leads elsewhere:
 * what stands there is not the cache's to replace.
 */
export async function makeFolders(cacheDir: string, repoPath: string, snapshotPath: string): Promise<void> {
  const { blobs, snapshots } = repoPaths(repoPath);
  const folder = dirname(snapshotPath);
  await mkdir(blobs, { recursive: true });
  await mkdir(folder, { recursive: true });
  await tagCache(cacheDir);
  if (isInside(realPath(snapshots) ?? snapshots, realPath(folder) ?? folder)) return;
  throw new MemwellError(
    "cache_invalid",
    `${folder} leads out of the cache. Remove the link that leads there and try again.`,
    { path: folder },
  );
}

async function tagCache(cacheDir: string): Promise<void> {
  try {
    await writeFile(join(cacheDir, "CACHEDIR.TAG"), CACHE_TAG, { flag: "wx" });
  } catch {
    // It is there already, or may not be written: a backup that is larger than it has to be.
  }
}

/**
 * Writes the commit that a revision stands at; whoever reads it meanwhile sees the one before or this one.
 *
 * @param change "keep": a ref that is there stays, since what it names is whole and the new revision may not be yet.
 */
export async function writeRef(
  repoPath: string,
  revision: string,
  commit: string,
  change: "keep" | "replace",
): Promise<void> {
  if (revision === commit) return;
  const path = join(repoPaths(repoPath).refs, revision);
  const now = await readFile(path, "utf8").catch(() => null);
  if (now === commit || (now !== null && change === "keep")) return;
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    // No newline: huggingface_hub takes the whole text for the commit.
    await writeFile(partial, commit);
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}
