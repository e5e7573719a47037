import { setTimeout as sleep } from "node:timers/promises";

/** The clock that files' times are taken from goes in steps of a hundredth of a second at most. */
const STEP_MS = 12;

/**
 * A time that all changes before this call are older than, and all after it are not. Seconds since 1970, whole
 * milliseconds.
 */
export async function settledTime(): Promise<number> {
  const time = Date.now() + 1;
  await sleep(STEP_MS);
  return time / 1000;
}
