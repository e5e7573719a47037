import { open, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import type { MemwellError } from "../errors";
import { invalidFile, unreadableFile } from "./file-errors";

const CHUNK_BYTES = 1024 * 1024;
/** A header longer than this is no model's: the largest vocabularies (260,000 tokens) need about 20 MB. */
const MAX_HEADER_BYTES = 160 * 1024 * 1024;

/** Where a GGUF file is read from: this disk, or elsewhere. */
export interface GgufSource {
  /** As errors name it: a path, or an address. */
  name: string;
  /** The whole file's. */
  bytes: number;
  /**
   * Reads from `position` into `target` from `at` on; fewer bytes than fit are allowed, none means that the file ends.
   *
   * @returns how many bytes were read
   */
  read(target: Buffer, at: number, position: number): Promise<number>;
  close(): Promise<void>;
}

/** @throws MemwellError `model_file_missing` when there is no file to read at `path` */
export async function openGgufFile(path: string): Promise<GgufSource> {
  let file: FileHandle | undefined;
  try {
    // Before opening: to open a pipe is to wait for someone to write into it.
    const kind = await stat(path);
    if (!kind.isFile()) {
      throw Object.assign(new Error("not a regular file"), { code: kind.isDirectory() ? "EISDIR" : "ENOTFILE" });
    }
    const opened = (file = await open(path, "r"));
    return {
      name: path,
      bytes: (await opened.stat()).size,
      read: (target, at, position) => readFrom(opened, path, target, at, position),
      close: () => opened.close(),
    };
  } catch (thrown) {
    await file?.close();
    throw unreadableFile(path, thrown);
  }
}

async function readFrom(file: FileHandle, path: string, target: Buffer, at: number, position: number): Promise<number> {
  try {
    return (await file.read(target, at, target.length - at, position)).bytesRead;
  } catch (thrown) {
    throw unreadableFile(path, thrown);
  }
}

/**
 * Reads a file from its start in chunks. Callers ask for bytes with `need` (which may read from disk) and then take
 * values synchronously: a vocabulary has 300,000 strings, too many to await each.
 */
export class HeaderReader {
  private window: Buffer = Buffer.alloc(0);
  /** Where the window starts in the file, and how far into it we are. */
  private windowStart = 0;
  private cursor = 0;

  constructor(private readonly source: GgufSource) {}

  get fileBytes(): number {
    return this.source.bytes;
  }

  /** Bytes from the start of the file. */
  get offset(): number {
    return this.windowStart + this.cursor;
  }

  get remaining(): number {
    return this.fileBytes - this.offset;
  }

  /** Whether the next `bytes` are at hand without reading. */
  has(bytes: number): boolean {
    return this.window.length - this.cursor >= bytes;
  }

  /** @throws MemwellError `model_file_invalid` when the file ends before the next `bytes` */
  async need(bytes: number, what: string): Promise<void> {
    if (this.has(bytes)) return;
    if (bytes > this.remaining) throw this.invalid(`it ends in the middle of ${what}`);
    if (this.offset + bytes > MAX_HEADER_BYTES) throw this.invalid("its header is longer than any model's");
    const start = this.offset;
    const kept = this.window.subarray(this.cursor);
    const window = Buffer.allocUnsafe(Math.max(bytes, Math.min(CHUNK_BYTES, this.remaining)));
    kept.copy(window);
    let filled = kept.length;
    while (filled < window.length) {
      const read = await this.source.read(window, filled, start + filled);
      if (read === 0) throw this.invalid(`it ends in the middle of ${what}`);
      filled += read;
    }
    this.window = window;
    this.windowStart = start;
    this.cursor = 0;
  }

  /** The next bytes, which are only valid until the next `need`. */
  take(bytes: number): Buffer {
    const taken = this.window.subarray(this.cursor, this.cursor + bytes);
    this.cursor += bytes;
    return taken;
  }

  takeUint32(): number {
    const value = this.window.readUInt32LE(this.cursor);
    this.cursor += 4;
    return value;
  }

  /** A 64-bit count or length; one too large for a JavaScript number becomes Infinity, which every bound refuses. */
  takeSize(): number {
    const low = this.window.readUInt32LE(this.cursor);
    const high = this.window.readUInt32LE(this.cursor + 4);
    this.cursor += 8;
    return high > 0x1fffff ? Infinity : high * 4294967296 + low;
  }

  /** An error about this file at the current place. */
  invalid(reason: string, offset = this.offset): MemwellError {
    return invalidFile(this.source.name, reason, offset);
  }
}
