import { createHash } from "node:crypto";
import { once } from "node:events";
import type { FileHandle } from "node:fs/promises";
import { Worker } from "node:worker_threads";

/** The hash of a file's first bytes, taken while more arrive. */
export interface FileHash {
  /** All bytes before `end` are on disk. */
  advance(end: number): void;
  /** The hash of the whole file, in hex digits. */
  digest(): Promise<string>;
  /** Must end before the file is closed. */
  stop(): Promise<void>;
}

/** Below this a thread takes longer to start than the file to hash. */
const THREAD_FROM_BYTES = 4 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;

/**
 * The hash that names a blob: sha256 (64 hex digits) of a large file, git's sha1 (40) of another. It reads back what was
 * written, which is in the page cache still, rather than hand each chunk on in order: chunks of several ranges arrive in
 * none, and a file that is resumed must be read anyway.
 */
export function hashFile(handle: FileHandle, size: number, etag: string): FileHash {
  const git = etag.length === 40;
  const start = { fd: handle.fd, size, algorithm: git ? "sha1" : "sha256", prefix: git ? `blob ${size}\0` : "" };
  return size < THREAD_FROM_BYTES ? hashHere(handle, start) : hashInThread(start);
}

interface HashStart {
  fd: number;
  size: number;
  algorithm: string;
  prefix: string;
}

function hashHere(handle: FileHandle, { size, algorithm, prefix }: HashStart): FileHash {
  return {
    advance: () => {},
    stop: () => Promise.resolve(),
    async digest() {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, 0);
      return createHash(algorithm).update(prefix).update(buffer.subarray(0, bytesRead)).digest("hex");
    },
  };
}

/** Text, so that no build has to bring a file along for it; plain JavaScript as Node reads it. */
const THREAD_SOURCE = `
  const { createHash } = require("node:crypto");
  const { readSync } = require("node:fs");
  const { parentPort, workerData } = require("node:worker_threads");
  const hash = createHash(workerData.algorithm).update(workerData.prefix);
  const buffer = Buffer.alloc(${READ_BYTES});
  let position = 0;
  parentPort.on("message", (end) => {
    while (position < end) {
      const read = readSync(workerData.fd, buffer, 0, Math.min(buffer.length, end - position), position);
      if (read === 0) throw new Error("the partial file has become shorter");
      hash.update(buffer.subarray(0, read));
      position += read;
    }
    if (position === workerData.size) parentPort.postMessage(hash.digest("hex"));
  });
`;

function hashInThread(start: HashStart): FileHash {
  // Without the loaders that this process was started with: a test's take longer than the hash.
  const worker = new Worker(THREAD_SOURCE, { eval: true, workerData: start, execArgv: [] });
  const answer = once(worker, "message").then(([digest]: unknown[]) => String(digest));
  // Whoever waits for the digest hears of it; without this, an end before anybody waits would end the process.
  answer.catch(() => {});
  worker.unref();
  let told = 0;
  const advance = (end: number) => {
    if (end <= told) return;
    told = end;
    worker.postMessage(end);
  };
  return {
    advance,
    async digest() {
      advance(start.size);
      worker.ref();
      return answer;
    },
    async stop() {
      await worker.terminate();
    },
  };
}
