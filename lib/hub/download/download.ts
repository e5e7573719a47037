import { join } from "node:path";
import { MemwellError, toMemwellError } from "../../errors";
import type { RepoFile, RepoListing } from "../client/listing";
import { refuseOffline } from "../client/errors";
import type { HubSettings } from "../settings";
import { Channel } from "./channel";
import type { DownloadedFile, DownloadEvent, DownloadOptions, DownloadRequest } from "./contract";
import { downloadFile, pathsOf, type FileDownload } from "./download-file";
import { checkFreeSpace, diskErrorOf } from "./free-space";
import { checkName } from "./names";
import { namesLike } from "./near-names";
import { PartialFile, partialPath } from "./partial-file";
import { holdsFile, writeRef } from "./place";
import { Progress } from "./progress";

/** Storage servers give each connection a share of what the network could carry. */
const CONNECTIONS = 4;

/**
 * Downloads files of a listing into the cache, where every other program that uses it finds them. Nothing happens before
 * the first event is asked for. To pause, abort; to go on, ask for the same again, in this process or another; to cancel,
 * abort, wait for the last event and call `discard`.
 *
 * Never throws: the last event is `failed`, with one of `aborted`, `invalid_request`, `file_not_found`, `disk_full`,
 * `cache_invalid`, `download_corrupt` or what `listRepo` throws.
 */
export async function* download(
  settings: HubSettings,
  request: DownloadRequest,
  options: DownloadOptions = {},
): AsyncGenerator<DownloadEvent, void> {
  const stop = new AbortController();
  const signal = options.signal === undefined ? stop.signal : AbortSignal.any([options.signal, stop.signal]);
  const events = new Channel<DownloadEvent>();
  const say = (event: DownloadEvent) => events.push(event);
  const work = downloadAll(settings, request, { ...options, signal }, say)
    .then(say, (thrown: unknown) => say({ type: "failed", error: toMemwellError(thrown).toRecord() }))
    .finally(() => events.close());
  try {
    yield* events;
  } finally {
    stop.abort();
    await work;
  }
}

async function downloadAll(
  settings: HubSettings,
  { listing, paths }: DownloadRequest,
  options: DownloadOptions,
  say: (event: DownloadEvent) => void,
): Promise<DownloadEvent> {
  const files = chooseFiles(settings, listing, paths);
  const progress = new Progress(
    sumOf(files, ({ size }) => size),
    say,
  );
  const retrying = { signal: options.signal, patience: options.patience };
  const common = { settings, listing, connections: options.connections ?? CONNECTIONS, retrying, progress, say };
  const downloaded: DownloadedFile[] = [];
  let missing = 0;
  const { cacheDir, repoPath, snapshot } = pathsOf(settings, listing, "");
  try {
    missing = await missingBytes(settings, listing, files);
    await checkFreeSpace(cacheDir, missing);
    for (const file of files) {
      downloaded.push(await downloadOne({ ...common, file }));
      await writeRef(repoPath, listing.revision, listing.commit_hash, "keep");
    }
    await writeRef(repoPath, listing.revision, listing.commit_hash, "replace");
  } catch (thrown) {
    throw await diskErrorOf(thrown, cacheDir, missing);
  }
  return { type: "done", snapshot_path: snapshot, files: downloaded };
}

async function downloadOne(download: FileDownload): Promise<DownloadedFile> {
  const { settings, listing, file, progress, say } = download;
  if (download.retrying.signal?.aborted) throw new MemwellError("aborted", "The download was stopped.");
  const isNew = await downloadFile(download);
  progress.end();
  const filePath = pathsOf(settings, listing, file.path).file;
  say({ type: "file-done", path: file.path, snapshot_path: filePath, downloaded: isNew });
  return { path: file.path, size: file.size, file_path: filePath };
}

/** The files that were asked for, each once. Throws for what is not in the listing and for names that lead elsewhere. */
function chooseFiles(settings: HubSettings, listing: RepoListing, paths: readonly string[]): RepoFile[] {
  refuseOffline(settings, { endpoint: settings.endpoint, repo: listing.repo, revision: listing.revision });
  checkName(listing.revision, "revision");
  checkName(listing.commit_hash, "revision");
  const byPath = new Map(listing.files.map((file) => [file.path, file]));
  return [...new Set(paths)].map((path) => {
    const file = byPath.get(path);
    if (file === undefined) throw noSuchFile(listing, path);
    checkName(path, "file");
    return file;
  });
}

function noSuchFile(listing: RepoListing, path: string): MemwellError {
  const near = namesLike(
    path,
    listing.files.map((file) => file.path),
  );
  const advice = near.length === 0 ? "" : ` It has ${near.map((name) => JSON.stringify(name)).join(", ")}.`;
  return new MemwellError(
    "file_not_found",
    `${listing.repo.repo_id} has no file ${JSON.stringify(path)} at ${listing.revision}.${advice} ` +
      `\`memwell models fit hf:${listing.repo.repo_id}\` shows what there is.`,
    { ...listing.repo, revision: listing.revision, path, near },
  );
}

/** Bytes that the disk must still take for files of a listing; those with the same content count once. */
export async function missingBytes(
  settings: Pick<HubSettings, "cacheDir">,
  listing: RepoListing,
  files: readonly RepoFile[],
): Promise<number> {
  let missing = 0;
  const distinct = new Map(files.map((file) => [file.etag, file]));
  for (const { path, size, etag } of distinct.values()) {
    const { blobs, file } = pathsOf(settings, listing, path);
    if ((await holdsFile(file, size)) || (await holdsFile(join(blobs, etag), size))) continue;
    missing += size - (await PartialFile.receivedAt(partialPath(blobs, etag), size, etag));
  }
  return missing;
}

function sumOf<Item>(items: readonly Item[], amount: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + amount(item), 0);
}
