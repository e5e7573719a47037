const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Samples of so many ms are put together, and what comes of it is kept for so long. */
export interface Level {
  stepMs: number;
  keepMs: number;
}

/** The two fine levels; a little more is kept than the ten minutes and twelve hours that people look at. */
const FINE: readonly Level[] = [
  { stepMs: 2_000, keepMs: 15 * MINUTE_MS },
  { stepMs: 30_000, keepMs: 13 * HOUR_MS },
];
const COARSEST_STEP_MS = 5 * MINUTE_MS;

/** The steps of all levels, the finest first: each divides the next, so that buckets nest. */
export const SAMPLE_STEPS: readonly number[] = [...FINE.map(({ stepMs }) => stepMs), COARSEST_STEP_MS];

/** @param keepMs how long samples are kept at all */
export function levelsFor(keepMs: number): Level[] {
  const fine = FINE.map(({ stepMs, keepMs: most }) => ({ stepMs, keepMs: Math.min(most, keepMs) }));
  return [...fine, { stepMs: COARSEST_STEP_MS, keepMs }];
}

/** Which stretch to read, in ms since the epoch: from `from` on and before `to`. */
export interface SampleRange {
  from: number;
  to: number;
  /** As many points at most, with `step` counted from `after` on; at least 2. */
  points: number;
  /** No finer than this, in ms; to go on with the step of an answer before. */
  step?: number | undefined;
  /** Only buckets that may hold samples from behind this time. */
  after?: number | undefined;
}

/** How a stretch is read: `length` buckets of `stepMs` from `from` on, out of those of `levelMs`. */
export interface ReadPlan {
  levelMs: number;
  stepMs: number;
  from: number;
  length: number;
}

/**
 * The finest way to show a stretch with so many points: out of the finest level that still reaches back to its beginning, or
 * a coarser one where as many points are not asked for. A step is a multiple of its level's, and buckets begin at multiples
 * of it since the epoch, so that two answers with one step can be laid over each other.
 */
export function planRead(range: SampleRange, levels: readonly Level[], now: number): ReadPlan {
  const { to, points, step, after = range.from } = range;
  const first = Math.max(range.from, after);
  // Whoever goes on with a step keeps it, however far back his stretch began.
  const from = step === undefined ? range.from : first;
  const coarsest = levels.at(-1) ?? { stepMs: COARSEST_STEP_MS, keepMs: 0 };
  const reaching = levels.find(({ keepMs }) => now - from <= keepMs) ?? coarsest;
  // One less: a stretch that begins inside of a bucket has one bucket more.
  const needed = Math.max(reaching.stepMs, step ?? 0, Math.max(0, to - from) / Math.max(1, points - 1));
  const level = levels.findLast(({ stepMs }) => stepMs <= needed) ?? coarsest;
  const stepMs = level.stepMs * Math.ceil(needed / level.stepMs);
  const begin = Math.floor(first / stepMs) * stepMs;
  const length = Math.max(0, Math.ceil((to - begin) / stepMs));
  return { levelMs: level.stepMs, stepMs, from: begin, length };
}
