import type { MemorySample, SeriesName, SeriesPeak } from "../memory";
import { seriesKey } from "../store";

/** The most of one series, and when: since this server started, and in what is kept of the past. Null: never seen. */
export interface SeriesPeaks extends SeriesName {
  sinceStart: { bytes: number; time: number } | null;
  kept: { bytes: number; time: number } | null;
}

type Peaks = Map<string, SeriesPeak>;

/** The past is looked through again no more often than this, once a peak is too old. */
const AGAIN_MS = 10 * 60_000;

/** Remembers peaks as samples come, so that telling them costs nothing. */
export class MemoryPeaks {
  readonly #sinceStart: Peaks = new Map();
  #kept: Peaks | null = null;
  #lookedAt = 0;

  /** @param keepMs how long a peak counts */
  constructor(private readonly keepMs: number) {}

  see({ time, figures }: MemorySample): void {
    for (const { of, name, figure, peak: bytes } of figures) {
      const seen = { of, name, figure, bytes, time };
      raise(this.#sinceStart, seen);
      if (this.#kept !== null) raise(this.#kept, seen);
    }
  }

  /**
   * @param readKept the peaks of all samples in the database, which must include those of `see` or come before them
   * @param now in ms since the epoch
   */
  report(readKept: () => SeriesPeak[], now: number): SeriesPeaks[] {
    const kept = this.#keptPeaks(readKept, now);
    const names = new Map([...kept, ...this.#sinceStart]);
    return [...names].map(([key, { of, name, figure }]) => ({
      of,
      name,
      figure,
      sinceStart: momentOf(this.#sinceStart.get(key)),
      kept: momentOf(kept.get(key)),
    }));
  }

  #keptPeaks(readKept: () => SeriesPeak[], now: number): Peaks {
    const isOver = (peak: SeriesPeak): boolean => peak.time < now - this.keepMs;
    const mayLook = Math.abs(now - this.#lookedAt) >= AGAIN_MS;
    if (this.#kept !== null && !(mayLook && [...this.#kept.values()].some(isOver))) return this.#kept;
    const kept: Peaks = new Map();
    for (const peak of readKept()) raise(kept, peak);
    // What is not written yet: later than all that is.
    for (const peak of this.#sinceStart.values()) if (!isOver(peak)) raise(kept, peak);
    this.#lookedAt = now;
    return (this.#kept = kept);
  }
}

function raise(peaks: Peaks, seen: SeriesPeak): void {
  const key = seriesKey(seen);
  const highest = peaks.get(key);
  if (highest === undefined || seen.bytes > highest.bytes) peaks.set(key, seen);
}

function momentOf(peak: SeriesPeak | undefined): { bytes: number; time: number } | null {
  return peak === undefined ? null : { bytes: peak.bytes, time: peak.time };
}
