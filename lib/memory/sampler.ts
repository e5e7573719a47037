import type { MemorySample } from "./sample";

/** As often as samples are kept one by one. In ms. */
export const SAMPLE_EVERY_MS = 2_000;

/** The time, and how to be called later. All in ms. */
export interface SamplerClock {
  /** Since the epoch; it may be set back or forward. */
  time(): number;
  /** Calls `task` in about `ms`, unless the returned function is called before; keeps no process alive. */
  after(ms: number, task: () => void): () => void;
}

export const systemSamplerClock: SamplerClock = {
  time: () => Date.now(),
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/**
 * Takes a sample now and then every 2 s, in the middle of the seconds by which samples are put together: a timer that is a
 * little early or late then neither leaves one empty nor puts two into one.
 *
 * @param parts.read reads one; what it throws costs that sample alone
 * @param parts.take is handed each sample
 * @returns what ends it
 */
export function startSampler(parts: {
  read: (time: number) => MemorySample;
  take: (sample: MemorySample) => void;
  clock?: SamplerClock;
}): () => void {
  const { read, take, clock = systemSamplerClock } = parts;
  let cancel = (): void => {};
  let isStopped = false;
  const tick = (): void => {
    if (isStopped) return;
    try {
      take(read(clock.time()));
    } catch {
      // An aid: nothing that goes wrong in it may reach the server.
    }
    cancel = clock.after(untilNext(clock.time()), tick);
  };
  tick();
  return () => {
    isStopped = true;
    cancel();
  };
}

/** To the middle of the next interval; never less than half of one, or an early timer would come twice. In ms. */
function untilNext(time: number): number {
  const middle = SAMPLE_EVERY_MS / 2;
  const rest = SAMPLE_EVERY_MS - ((((time - middle) % SAMPLE_EVERY_MS) + SAMPLE_EVERY_MS) % SAMPLE_EVERY_MS);
  return rest < middle ? rest + SAMPLE_EVERY_MS : rest;
}
