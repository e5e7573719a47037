import { constants } from "node:fs";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { MemwellError } from "../../errors";
import { Intervals } from "./intervals";
import { decodeTrailer, encodeRecord, TRAILER_BYTES } from "./trailer";
import { writeAll } from "./write-all";

/** The same for every process, so that the next one finds what the last one left; changes with the trailer's format. */
const OUR_DIGITS = "6d770001";

/** Handed to the disk while more arrives: 1 GB over loopback takes 1.6 s so, 1.9 s when all is left to the end. */
const FLUSH_BYTES = 128 * 1024 * 1024;

/**
 * Where the bytes of a blob are kept until they are all there: a name huggingface_hub gives and never opens again. With
 * `digits` of its own where locks do not work, since two processes would write one file.
 */
export function partialPath(blobs: string, etag: string, digits = OUR_DIGITS): string {
  return join(blobs, `${etag}.${digits}.incomplete`);
}

/**
 * A file that arrives in any order. What `done` holds is on disk and on record, so a process killed at any time loses what
 * it has not written yet and nothing else.
 */
export class PartialFile {
  readonly done: Intervals;
  #sequence: number;
  #isStale = false;
  #recording: Promise<void> | null = null;
  #unflushed = 0;
  #flushing: Promise<unknown> | null = null;

  private constructor(
    readonly path: string,
    readonly handle: FileHandle,
    readonly size: number,
    readonly etag: string,
    found: { done: Intervals; sequence: number },
  ) {
    this.done = found.done;
    this.#sequence = found.sequence;
  }

  /**
   * Opens what an earlier process left at `path`, or begins; a trailer that is damaged or about another file means
   * beginning again. Without one, `prefix` bytes at its start are taken for good. Throws what the file system does.
   */
  static async open(path: string, size: number, etag: string, prefix = 0): Promise<PartialFile> {
    const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants;
    const handle = await open(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o666);
    try {
      const found = await readTrailer(handle, size, etag);
      const there = (await handle.stat()).size;
      // Exactly as long as the whole: it was whole, and the process was killed before it could say so.
      const start = there === size ? size : prefix;
      // Not needlessly: ext4 takes a file that was cut to nothing for one being rewritten, and flushes all of it at its end.
      if (found === null && there > start) await handle.truncate(start);
      const done = found?.done ?? new Intervals([[0, start]]);
      const file = new PartialFile(path, handle, size, etag, { done, sequence: found?.sequence ?? 0 });
      await file.#record();
      return file;
    } catch (thrown) {
      await handle.close();
      throw thrown;
    }
  }

  /** How many bytes an earlier process left at `path`; 0 when it left nothing that can be used. */
  static async receivedAt(path: string, size: number, etag: string): Promise<number> {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => null);
    if (handle === null) return 0;
    try {
      return (await readTrailer(handle, size, etag))?.done.total ?? 0;
    } catch {
      return 0;
    } finally {
      await handle.close();
    }
  }

  /** Writes `length` bytes at `position` and puts them on record. Never past the end of the file. */
  async write(position: number, chunks: readonly Buffer[], length: number): Promise<void> {
    if (position + length > this.size) throw new RangeError("these bytes lie past the end of the file");
    await writeAll(this.handle, position, chunks);
    this.done.add(position, position + length);
    this.#flushSometimes(length);
    await this.#record();
  }

  /** Drops all that is there. */
  async clear(): Promise<void> {
    await this.shrink(0);
  }

  /** Gives back the disk from `end` on; what lies before it is kept for the next try. */
  async shrink(end: number): Promise<void> {
    this.done.clip(end);
    await this.handle.truncate(end);
    await this.#record();
  }

  /** Puts the whole, checked file under its final name. */
  async finish(finalPath: string): Promise<void> {
    await this.#flushing;
    await this.handle.sync();
    // Last, since without its record the next process would not know what is there.
    await this.handle.truncate(this.size);
    await this.handle.close();
    await rename(this.path, finalPath);
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#recording, this.#flushing]);
    await this.handle.close();
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.path, { force: true });
  }

  /** While more arrives: left to the end, flushing some gigabytes would keep everybody waiting. */
  #flushSometimes(length: number): void {
    this.#unflushed += length;
    if (this.#unflushed < FLUSH_BYTES || this.#flushing !== null) return;
    this.#unflushed = 0;
    const ended = () => (this.#flushing = null);
    // What is wrong with the disk, the flush at the end says too.
    this.#flushing = this.handle.datasync().then(ended, ended);
  }

  /** One at a time; whoever asks meanwhile waits for one more, which tells of all. */
  #record(): Promise<void> {
    this.#isStale = true;
    return (this.#recording ??= this.#writeRecords().finally(() => (this.#recording = null)));
  }

  async #writeRecords(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      this.#sequence += 1;
      const { bytes, position } = encodeRecord({
        size: this.size,
        etag: this.etag,
        sequence: this.#sequence,
        done: this.done,
      });
      await writeAll(this.handle, position, [bytes]);
    }
  }
}

async function readTrailer(handle: FileHandle, size: number, etag: string) {
  const stats = await handle.stat();
  if (!stats.isFile())
    throw new MemwellError("cache_invalid", "A partial download is no file. Remove it and try again.");
  const trailer = Buffer.alloc(TRAILER_BYTES);
  await handle.read(trailer, 0, TRAILER_BYTES, size);
  return decodeTrailer(trailer, size, etag);
}
