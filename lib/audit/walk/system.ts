import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { toSystem, type BytePath } from "./byte-path";

/** What `stat` counts blocks in, whatever the file system's own are. */
const BLOCK_BYTES = 512;

/** A file may be told to have no blocks where the file system does not count them, as on Windows. */
export function diskBytes(stats: { size: number; blocks: number }): number {
  return stats.blocks === undefined ? stats.size : stats.blocks * BLOCK_BYTES;
}

/** Fewer blocks than its length needs, by more than compression of a short tail explains. */
export function isSparse(size: number, sizeOnDisk: number): boolean {
  return size - sizeOnDisk >= 4096 && sizeOnDisk < size * 0.95;
}

export function systemCodeOf(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown ? String(thrown.code) : "unknown";
}

// Without O_NONBLOCK opening what has become a pipe waits for a writer; O_NOFOLLOW: what has become a link is not ours.
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
/** Reading would count as using: what was last used when is what a clean-up goes by. Only the owner may ask for it. */
const NO_TRACE = constants.O_NOATIME ?? 0;

/** An open file of known length, read at any place. Close it. */
export class OpenFile {
  bytesRead = 0;

  private constructor(
    readonly descriptor: number,
    readonly size: number,
  ) {}

  /** Throws the file system's error; `ENOTFILE` for what is no regular file. */
  static open(path: BytePath): OpenFile {
    const descriptor = openQuietly(path);
    try {
      const stats = fstatSync(descriptor);
      if (!stats.isFile()) throw Object.assign(new Error("no regular file"), { code: "ENOTFILE" });
      return new OpenFile(descriptor, stats.size);
    } catch (thrown) {
      closeSync(descriptor);
      throw thrown;
    }
  }

  /** As many bytes as there are from `position` on, `length` at most. */
  read(position: number, length: number): Buffer {
    const wanted = Math.max(0, Math.min(length, this.size - position));
    const target = Buffer.allocUnsafe(wanted);
    return target.subarray(0, this.readInto(target, position));
  }

  readInto(target: Buffer, position: number): number {
    let filled = 0;
    while (filled < target.length) {
      const read = readSync(this.descriptor, target, filled, target.length - filled, position + filled);
      if (read === 0) break;
      filled += read;
    }
    this.bytesRead += filled;
    return filled;
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

/** Runs something with a file, which is closed after it. Throws the file system's errors. */
export async function withFile<Result>(path: BytePath, use: (file: OpenFile) => Promise<Result> | Result) {
  const file = OpenFile.open(path);
  try {
    return await use(file);
  } finally {
    file.close();
  }
}

function openQuietly(path: BytePath): number {
  const system = toSystem(path);
  if (NO_TRACE !== 0) {
    try {
      return openSync(system, FLAGS | NO_TRACE);
    } catch (thrown) {
      if (systemCodeOf(thrown) !== "EPERM") throw thrown;
    }
  }
  return openSync(system, FLAGS);
}
