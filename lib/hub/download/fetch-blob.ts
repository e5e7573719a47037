import { randomBytes } from "node:crypto";
import { lstat, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { MemwellError } from "../../errors";
import type { ByteSource } from "./byte-source";
import { fetchFile, type FetchOptions } from "./fetch-file";
import { freeBytes, isDiskFull, SPARE_BYTES } from "./free-space";
import { hashFile } from "./hashing";
import { PartialFile, partialPath } from "./partial-file";

export interface BlobOptions extends Omit<FetchOptions, "onWritten"> {
  /** False where locks do not work: then two processes may fetch the same blob, each into a file of its own. */
  isLocked: boolean;
  onBegin: (received: number) => void;
  /** `received`: bytes on disk. */
  onProgress: (received: number) => void;
  onVerify: () => void;
}

/**
 * Fetches a blob, or the rest of it, and puts it under its name once its hash is right. When it fails, what has arrived
 * is kept for the next try, except what a full disk needs back.
 */
export async function fetchBlob(source: ByteSource, blobPath: string, options: BlobOptions): Promise<void> {
  const file = await openPartial(source, blobPath, options.isLocked);
  try {
    options.onBegin(file.done.total);
    await fetchChecked(source, file, options);
    await file.finish(blobPath);
  } catch (thrown) {
    const isUseless = !options.isLocked || (thrown instanceof MemwellError && thrown.code === "download_corrupt");
    if (isUseless) await file.remove();
    else if (isDiskFull(thrown)) await makeRoom(file).catch(() => file.remove());
    else await file.close();
    throw thrown;
  }
}

async function openPartial(source: ByteSource, blobPath: string, isLocked: boolean): Promise<PartialFile> {
  const { size, etag } = source.located;
  const blobs = dirname(blobPath);
  if (!isLocked) return PartialFile.open(partialPath(blobs, etag, randomBytes(4).toString("hex")), size, etag);
  const path = partialPath(blobs, etag);
  return PartialFile.open(path, size, etag, await takeOver(`${blobPath}.incomplete`, path, size));
}

/**
 * Versions of huggingface_hub up to 0.x and some 1.x append to `<etag>.incomplete`: a beginning, unless its hash says
 * otherwise in the end. Whoever writes it holds the lock that is held here. Returns its length in bytes.
 */
async function takeOver(theirs: string, ours: string, size: number): Promise<number> {
  const [own, found] = await Promise.all([ours, theirs].map((path) => lstat(path).catch(() => null)));
  if (own || !found?.isFile() || found.size > size) return 0;
  return rename(theirs, ours).then(
    () => found.size,
    () => 0,
  );
}

/** A beginning that proves wrong is fetched once more, from its first byte. */
async function fetchChecked(source: ByteSource, file: PartialFile, options: BlobOptions): Promise<void> {
  const isResumed = file.done.total > 0;
  if (await fetchOnce(source, file, options)) return;
  if (isResumed) {
    await file.clear();
    options.onProgress(0);
    if (await fetchOnce(source, file, options)) return;
  }
  const { path } = source.file;
  throw new MemwellError(
    "download_corrupt",
    `What arrived of ${path} is not what the Hub has: its hash is wrong, so it was thrown away. Try again; if it happens ` +
      `again, something between here and the Hub changes what passes, such as a proxy.`,
    { ...source.file.listing.repo, path, etag: file.etag },
  );
}

/** Whether the hash of what has arrived is right. */
async function fetchOnce(source: ByteSource, file: PartialFile, options: BlobOptions): Promise<boolean> {
  const hash = hashFile(file.handle, file.size, file.etag);
  try {
    hash.advance(file.done.frontier);
    const onWritten = () => {
      hash.advance(file.done.frontier);
      options.onProgress(file.done.total);
    };
    await fetchFile(source, file, { ...options, onWritten });
    options.onVerify();
    return (await unlessAborted(hash.digest(), options.signal)) === file.etag;
  } finally {
    await hash.stop();
  }
}

/** A disk left full stops whatever else writes to it, so the end of what has arrived is given back. */
async function makeRoom(file: PartialFile): Promise<void> {
  const wanted = SPARE_BYTES - ((await freeBytes(dirname(file.path))) ?? 0);
  const end = file.done.endWithout(Math.max(0, wanted));
  if (end === 0) return file.remove();
  if (wanted > 0) await file.shrink(end);
  await file.close();
}

async function unlessAborted<Result>(promise: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new MemwellError("aborted", "The download was stopped while it was verified."));
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
