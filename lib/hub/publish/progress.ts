import type { PublishEvent, PublishPhase } from "./contract";
import type { LocalFile } from "./files";

type ProgressEvent = Extract<PublishEvent, { type: "progress" }>;

const INTERVAL_MS = 200;

/** Adds up what is done of each file, and tells it now and then. */
export class PublishProgress {
  readonly #tell: (event: ProgressEvent) => void;
  readonly #intervalMs: number;
  #phase: PublishPhase | null = null;
  #sizes = new Map<string, number>();
  #bytes = new Map<string, number>();
  #toldAt = 0;
  #toldBytes = -1;

  /** `intervalMs`: at least as long between two events of one phase. */
  constructor(tell: (event: ProgressEvent) => void, intervalMs = INTERVAL_MS) {
    this.#tell = tell;
    this.#intervalMs = intervalMs;
  }

  /** Ends the phase before, whose files are all done. Nothing happens when this one has begun. */
  begin(phase: PublishPhase, files: readonly LocalFile[]): void {
    if (phase === this.#phase) return;
    this.end();
    this.#phase = phase;
    this.#sizes = new Map(files.map(({ name, size }) => [name, size]));
    this.#bytes = new Map();
    this.#toldBytes = -1;
    this.#toldAt = 0;
    this.#tellNow();
  }

  end(): void {
    if (this.#phase === null) return;
    this.#bytes = new Map(this.#sizes);
    this.#tellNow();
    this.#phase = null;
  }

  /** The file has come so far, in bytes: never back while hashing, since a file may be read twice. */
  reach(phase: PublishPhase, name: string, bytes: number): void {
    if (phase !== this.#phase || bytes <= (this.#bytes.get(name) ?? 0)) return;
    this.#set(name, bytes);
  }

  /** So many bytes more; fewer when a part has to be sent again. */
  add(phase: PublishPhase, name: string, bytes: number): void {
    if (phase === this.#phase) this.#set(name, (this.#bytes.get(name) ?? 0) + bytes);
  }

  #set(name: string, bytes: number): void {
    this.#bytes.set(name, Math.max(0, Math.min(bytes, this.#sizes.get(name) ?? 0)));
    if (performance.now() - this.#toldAt >= this.#intervalMs) this.#tellNow();
  }

  #tellNow(): void {
    const bytes = sum(this.#bytes.values());
    if (this.#phase === null || bytes === this.#toldBytes) return;
    this.#tell({ type: "progress", phase: this.#phase, bytes, total: sum(this.#sizes.values()) });
    this.#toldAt = performance.now();
    this.#toldBytes = bytes;
  }
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
