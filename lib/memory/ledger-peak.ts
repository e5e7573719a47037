/** What was held around a process at one moment. Bytes; `time` in ms since the epoch. */
export interface Surroundings {
  time: number;
  serverBytes: number | null;
  cgroupBytes: number | null;
  hostBytes: number | null;
  gpuBytes: number | null;
}

/** What a process held at one moment, and the most it ever held until then. */
export interface ProcessReading {
  rss: number;
  peak: number;
}

/**
 * The most that was held during one step. For the process that is the largest sample; or, when the kernel's own high-water
 * mark rose during the step, that mark, which no spike between two samples escapes. A mark that did not rise belongs to a
 * step before.
 */
export class StepPeak {
  /** When the process' peak was seen. */
  time = 0;
  processBytes: number | null = null;
  serverBytes: number | null = null;
  cgroupBytes: number | null = null;
  hostBytes: number | null = null;
  gpuBytes: number | null = null;
  #pid: number | null = null;
  #markBefore = 0;

  add(around: Surroundings, pid: number | null, reading: ProcessReading | null): void {
    this.serverBytes = larger(this.serverBytes, around.serverBytes);
    this.cgroupBytes = larger(this.cgroupBytes, around.cgroupBytes);
    this.hostBytes = larger(this.hostBytes, around.hostBytes);
    this.gpuBytes = larger(this.gpuBytes, around.gpuBytes);
    if (this.time === 0) this.time = around.time;
    if (reading === null) return;
    if (pid !== this.#pid) {
      this.#pid = pid;
      this.#markBefore = reading.peak;
    }
    const held = reading.peak > this.#markBefore ? Math.max(reading.peak, reading.rss) : reading.rss;
    if (this.processBytes !== null && held <= this.processBytes) return;
    this.processBytes = held;
    this.time = around.time;
  }
}

function larger(one: number | null, other: number | null): number | null {
  return one === null || (other !== null && other > one) ? other : one;
}
