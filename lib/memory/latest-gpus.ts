import type { GpuStatus } from "./gpu";

/** `nvidia-smi` is asked no more often than this. */
const EVERY_MS = 2_000;
/** ...and rests this many times as long as it took, so that asking costs no more than 1 % of a core. */
const REST = 100;
/** A reading from before this says nothing about now. */
const STALE_MS = 15_000;

/**
 * What `nvidia-smi` said last. Nobody waits for it, which takes from a few ms to seconds: it is asked aside, and its answer
 * counts from then on. A machine without a GPU is asked once and never again.
 */
export class LatestGpus {
  readonly #ask: () => Promise<GpuStatus>;
  readonly #elapsed: () => number;
  #latest: { status: GpuStatus; at: number } | null = null;
  #askAgainAt = -Infinity;
  #asking = false;

  /** @param elapsed a clock in ms that never goes back */
  constructor(ask: () => Promise<GpuStatus>, elapsed: () => number) {
    this.#ask = ask;
    this.#elapsed = elapsed;
  }

  /** Null before the first answer, and when the last one is more than 15 s old. The same object until the next answer. */
  read(): GpuStatus | null {
    const now = this.#elapsed();
    if (!this.#asking && now >= this.#askAgainAt) void this.#refresh(now);
    return this.#latest !== null && now - this.#latest.at <= STALE_MS ? this.#latest.status : null;
  }

  /** The bytes held on all GPUs together; null where none says. As `read`. */
  usedBytes(): number | null {
    const known = this.read()?.gpus.flatMap((gpu) => gpu.usedBytes ?? []) ?? [];
    return known.length === 0 ? null : known.reduce((sum, bytes) => sum + bytes, 0);
  }

  async #refresh(begun: number): Promise<void> {
    this.#asking = true;
    try {
      const status = await this.#ask();
      const now = this.#elapsed();
      this.#latest = { status, at: now };
      const isAbsent = status.problem === "no_program" || status.problem === "no_device";
      this.#askAgainAt = isAbsent ? Infinity : begun + Math.max(EVERY_MS, REST * (now - begun));
    } catch {
      this.#askAgainAt = begun + STALE_MS;
    } finally {
      this.#asking = false;
    }
  }
}
