import type { PartialFile } from "./partial-file";
import { toError, type ByteSink } from "./stream-bytes";

/** Written at once: fewer, larger writes cost less, and what is not written yet is lost when the process is killed. */
const WRITE_BYTES = 1024 * 1024;
/** At least as often, so that on a slow network, where that much takes long to come, little is lost. */
const WRITE_EVERY_MS = 10;
/** More than this waits for the disk only if the network waits too. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;

/** Writes what arrives in order from `position` on into its place in the file, while more arrives. */
export class RangeWriter implements ByteSink {
  onDrain: () => void = () => {};
  onFailure: (failure: Error) => void = () => {};
  #chunks: Buffer[] = [];
  #waiting = 0;
  /** Where the next byte that arrives belongs. */
  #arriving: number;
  #written: number;
  #writing: Promise<void> | null = null;
  #wroteAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #failure: Error | undefined;

  /** @param skipTo bytes before it are there already and are not written again. */
  constructor(
    private readonly file: PartialFile,
    position: number,
    private readonly end: number,
    private readonly onWritten: () => void,
    private readonly skipTo = position,
  ) {
    this.#arriving = position;
    this.#written = skipTo;
  }

  /** Up to here, everything is on disk and on record. */
  get written(): number {
    return this.#written;
  }

  push(chunk: Buffer): boolean {
    const known = Math.min(chunk.length, Math.max(0, this.skipTo - this.#arriving));
    if (this.#arriving + chunk.length > this.end) throw new Error("the server sent more bytes than were asked for");
    this.#arriving += chunk.length;
    if (known < chunk.length) this.#keep(known === 0 ? chunk : chunk.subarray(known));
    return this.#waiting < MOST_WAITING_BYTES;
  }

  /** Once nothing more arrives. Throws what writing threw. */
  async finish(): Promise<void> {
    do {
      this.#flush();
      await this.#writing;
    } while (this.#waiting > 0 && this.#failure === undefined);
    clearTimeout(this.#timer);
    if (this.#failure !== undefined) throw this.#failure;
  }

  #keep(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#waiting += chunk.length;
    const dueMs = this.#wroteAt + WRITE_EVERY_MS - performance.now();
    if (this.#waiting >= WRITE_BYTES || dueMs <= 0) this.#flush();
    else this.#timer ??= setTimeout(() => this.#flush(), dueMs);
  }

  #flush(): void {
    if (this.#writing !== null || this.#failure !== undefined || this.#chunks.length === 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#wroteAt = performance.now();
    this.#writing = this.#writeWaiting().finally(() => {
      this.#writing = null;
      if (this.#waiting >= WRITE_BYTES) this.#flush();
    });
  }

  async #writeWaiting(): Promise<void> {
    const chunks = this.#chunks;
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    this.#chunks = [];
    try {
      await this.file.write(this.#written, chunks, length);
    } catch (thrown) {
      this.#failure = toError(thrown);
      this.onFailure(this.#failure);
      return;
    }
    this.#written += length;
    this.#waiting -= length;
    this.onDrain();
    this.onWritten();
  }
}
