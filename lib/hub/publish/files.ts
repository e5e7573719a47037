import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { MemwellError } from "../../errors";
import type { PublishFile } from "./contract";

/** A file of this machine that is to be published. */
export interface LocalFile extends PublishFile {
  /** In bytes. */
  size: number;
  modifiedMs: number;
}

const READ_BYTES = 1024 * 1024;

/**
 * The sizes of the files, once all of them can be read and have names that a repository can have.
 *
 * @throws MemwellError `invalid_request`, `model_file_missing`.
 */
export async function openFiles(files: readonly PublishFile[]): Promise<LocalFile[]> {
  if (files.length === 0) throw new MemwellError("invalid_request", "Name at least one file to publish.");
  const names = new Set<string>();
  for (const { name } of files) {
    checkName(name);
    if (names.has(name)) throw invalidName(name, "is the name of two files. Publish them one by one");
    names.add(name);
  }
  return Promise.all(files.map(openFile));
}

async function openFile({ path, name }: PublishFile): Promise<LocalFile> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new Error("it is no file");
    await access(path, constants.R_OK);
    return { path, name, size: found.size, modifiedMs: found.mtimeMs };
  } catch (thrown) {
    throw unreadable(path, thrown);
  }
}

/** Throws `model_file_missing`, and `invalid_request` when the file is not as it was when the upload began. */
export async function checkUnchanged({ path, name, size, modifiedMs }: LocalFile): Promise<void> {
  const now = await openFile({ path, name });
  if (now.size === size && now.modifiedMs === modifiedMs) return;
  throw new MemwellError(
    "invalid_request",
    `${path} changed while it was uploaded. Upload it again once it is complete.`,
    { path },
  );
}

/** A file of this machine that cannot be read, or no longer. */
export function unreadable(path: string, thrown: unknown): MemwellError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new MemwellError(
    "model_file_missing",
    `${path} cannot be read (${reason}). Check the path and its permissions.`,
    { path },
    { cause: thrown },
  );
}

/** A path below the repository's top, on every system that may download it, and outside of what is git's own. */
function checkName(name: string): void {
  const isPlain = name.split("/").every((part) => {
    return !["", ".", "..", ".git"].includes(part) && !/[\\:\p{Cc}]/u.test(part) && Buffer.byteLength(part) <= 255;
  });
  if (!isPlain) throw invalidName(name, "is no path of a file in a repository. Write it as folder/file");
}

function invalidName(name: string, what: string): MemwellError {
  const shown = name.slice(0, 200);
  return new MemwellError("invalid_request", `${JSON.stringify(shown)} ${what}.`, { name: shown });
}

/**
 * The hash by which the Hub knows such bytes: that which `etag` is one of, sha256 (64 hex digits) or git's sha1 (40).
 *
 * @param onBytes how many have been read so far.
 * @throws MemwellError `model_file_missing`; whatever `signal` was aborted with.
 */
export async function hashLike(
  etag: string,
  file: LocalFile,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<string> {
  const hash = etag.length === 40 ? createHash("sha1").update(`blob ${file.size}\0`) : createHash("sha256");
  let read = 0;
  try {
    for await (const piece of createReadStream(file.path, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>) {
      signal.throwIfAborted();
      hash.update(piece);
      onBytes((read += piece.length));
    }
  } catch (thrown) {
    signal.throwIfAborted();
    throw unreadable(file.path, thrown);
  }
  return hash.digest("hex");
}
