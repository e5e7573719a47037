import type { RunFigures } from "../store";

/** Of what was waited, all that was no load made for this run; null where either is not known. */
export function queueMsOf({ waitMs, loadMs }: Pick<RunFigures, "waitMs" | "loadMs">): number | null {
  return waitMs === null || loadMs === null ? null : Math.max(0, waitMs - loadMs);
}

/** Null when nothing was written, or no time is known. */
export function tokensPerSecond(tokens: number | null, ms: number | null): number | null {
  return tokens === null || ms === null || tokens === 0 || ms <= 0 ? null : (tokens / ms) * 1000;
}
