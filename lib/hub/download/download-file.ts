import { join, resolve } from "node:path";
import type { RepoFile, RepoListing } from "../client/listing";
import { repoFolder, repoPaths } from "../layout";
import { lock, tryLock } from "../lock";
import type { HubSettings } from "../settings";
import { ByteSource } from "./byte-source";
import type { DownloadEvent } from "./contract";
import { fetchBlob } from "./fetch-blob";
import { holdsFile, makeFolders, showBlob } from "./place";
import type { Progress } from "./progress";
import { locateFile, type LocatedFile } from "./remote-file";
import type { Retrying } from "../client/retry";

export interface FileDownload {
  settings: HubSettings;
  listing: RepoListing;
  file: RepoFile;
  connections: number;
  retrying: Retrying;
  progress: Progress;
  say: (event: DownloadEvent) => void;
}

/** Where one file of a listing goes. */
export function pathsOf(settings: Pick<HubSettings, "cacheDir">, listing: RepoListing, path: string) {
  const cacheDir = resolve(settings.cacheDir);
  const folder = repoFolder(listing.repo);
  const repoPath = join(cacheDir, folder);
  const { blobs, snapshots } = repoPaths(repoPath);
  return {
    cacheDir,
    repoPath,
    blobs,
    snapshot: join(snapshots, listing.commit_hash),
    file: join(snapshots, listing.commit_hash, ...path.split("/")),
    lockOf: (etag: string) => join(cacheDir, ".locks", folder, `${etag}.lock`),
  };
}

/**
 * Puts one file into the cache: nothing when its snapshot has it, a link when the blob is there, else a download, under
 * the lock that huggingface_hub takes too. Returns whether anything was downloaded.
 */
export async function downloadFile(download: FileDownload): Promise<boolean> {
  const { settings, listing, file, progress } = download;
  const paths = pathsOf(settings, listing, file.path);
  if (await holdsFile(paths.file, file.size)) {
    progress.begin(file.path, file.size, file.size);
    return false;
  }
  const located = await locateFile({ settings, listing, path: file.path }, retryingOf(download));
  await makeFolders(paths.cacheDir, paths.repoPath, paths.file);
  const lockPath = paths.lockOf(located.etag);
  const held = await lock(lockPath, {
    ...(download.retrying.signal && { signal: download.retrying.signal }),
    onWait: () => download.say({ type: "waiting", path: file.path }),
  });
  try {
    return await fillUnderLock(download, located, join(paths.blobs, located.etag), isLockReal(lockPath));
  } finally {
    held.release();
  }
}

/** The file may have come while the lock was waited for. */
async function fillUnderLock(
  download: FileDownload,
  located: LocatedFile,
  blobPath: string,
  isLocked: boolean,
): Promise<boolean> {
  const { settings, listing, file, progress } = download;
  const snapshotPath = pathsOf(settings, listing, file.path).file;
  const isNew = !(await holdsFile(blobPath, located.size)) && !(await holdsFile(snapshotPath, located.size));
  if (!isNew) progress.begin(file.path, located.size, located.size);
  else {
    const retrying = retryingOf(download);
    const source = new ByteSource({ settings, listing, path: file.path }, located, retrying);
    await fetchBlob(source, blobPath, {
      ...retrying,
      isLocked,
      connections: download.connections,
      onBegin: (received) => progress.begin(file.path, located.size, received),
      onProgress: (received) => progress.update(received),
      onVerify: () => download.say({ type: "verifying", path: file.path }),
    });
  }
  if (!(await holdsFile(snapshotPath, located.size))) await showBlob(blobPath, snapshotPath, isNew);
  return isNew;
}

function retryingOf({ retrying, file, say }: FileDownload): Retrying {
  return {
    ...retrying,
    onRetry: (error, waitMs) => say({ type: "retrying", path: file.path, error: error.toRecord(), wait_ms: waitMs }),
  };
}

/** Asked a second time, a lock that works says no; some network file systems, and Windows here, say yes to everybody. */
function isLockReal(lockPath: string): boolean {
  const second = tryLock(lockPath);
  second?.release();
  return second === null;
}
