import type { DownloadEvent } from "./contract";

const EVERY_MS = 200;
/** The rate is that of so long a while: a shorter one jumps about, a longer one hides that a network has stalled. */
const WINDOW_MS = 5000;

/** Counts what arrives, and says so now and then. */
export class Progress {
  /** Of the files that are done. */
  #totalDone = 0;
  #file = { path: "", size: 0, received: 0 };
  #saidAt = -Infinity;
  /** When how much had been received by this download, not counting what was there before. */
  #samples: { at: number; bytes: number }[] = [];
  #arrived = 0;

  /** @param totalSize of all files, in bytes. */
  constructor(
    private readonly totalSize: number,
    private readonly say: (event: DownloadEvent) => void,
  ) {}

  begin(path: string, size: number, received: number): void {
    this.#file = { path, size, received };
    this.#samples = [{ at: performance.now(), bytes: this.#arrived }];
    this.say({ type: "file", path, size, received });
  }

  /** @param received bytes of this file that are on disk. */
  update(received: number): void {
    if (received === this.#file.received) return;
    this.#arrived += Math.max(0, received - this.#file.received);
    this.#file.received = received;
    const now = performance.now();
    if (now - this.#saidAt < EVERY_MS && received < this.#file.size) return;
    this.#saidAt = now;
    this.#samples.push({ at: now, bytes: this.#arrived });
    while ((this.#samples[1]?.at ?? now) < now - WINDOW_MS) this.#samples.shift();
    this.say({ type: "progress", ...this.#file, ...this.#totals(now) });
  }

  end(): void {
    this.#totalDone += this.#file.size;
    this.#file = { path: "", size: 0, received: 0 };
  }

  #totals(now: number) {
    const first = this.#samples[0] ?? { at: now, bytes: 0 };
    const seconds = (now - first.at) / 1000;
    const rate = seconds > 0 ? (this.#arrived - first.bytes) / seconds : 0;
    const received = this.#totalDone + this.#file.received;
    const missing = Math.max(0, this.totalSize - received);
    return {
      total_size: this.totalSize,
      total_received: received,
      bytes_per_second: Math.round(rate),
      remaining_ms: rate > 0 ? Math.round((missing / rate) * 1000) : null,
    };
  }
}
