import type { Clock } from "./contract";

/** The longest that `setTimeout` can wait; anything longer would run at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** The machine's own. It does not follow changes of the wall clock, and its timers keep no process alive. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  // A timer may run early, after 25 days: whoever is called looks at the time again.
  after: (ms, run) => {
    const timer = setTimeout(run, Math.min(Math.max(ms, 0), LONGEST_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
