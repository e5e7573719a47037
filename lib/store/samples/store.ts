import type { Database } from "better-sqlite3";
import type { MemorySample, SeriesPeak } from "../../memory";
import { TypedDatabase } from "../kysely";
import { mergeInto, type Bucket } from "./bucket";
import { addToBuckets, addToGrid, visitBuckets } from "./buckets";
import { readFinest, type KeptMoment } from "./finest";
import { SampleGrid, type SampledPoints } from "./grid";
import { levelsFor, planRead, SAMPLE_STEPS, type Level, type ReadPlan, type SampleRange } from "./levels";
import { SeriesIds } from "./series";
import { trimSamples } from "./trim";

const DAY_MS = 86_400_000;
/** Rows read in one go: a week is a few of them, and between two the server does what else there is to do. */
const ROWS_AT_ONCE = 400;

export interface SampleStoreLimits {
  /** In ms; 7 days by default. */
  keepMs?: number;
  /** What all samples may take, in bytes; 16 MB by default. The oldest go first. */
  maxBytes?: number;
  /** In ms since the epoch. */
  now?: () => number;
}

/** Lets what waits for this thread have its turn. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Samples of memory in the database, thinned with age. There are three levels, and every sample goes into all of them:
 *
 * | level | a bucket is | kept for                  |
 * |-------|-------------|---------------------------|
 * | 1     | 2 s         | 15 min                    |
 * | 2     | 30 s        | 13 h                      |
 * | 3     | 5 min       | `keepMs`, 7 days or so    |
 *
 * A bucket has of each series how many samples it holds, their sum, the smallest, the largest and when that was: no peak is
 * lost by thinning, means stay exact, and thinning is nothing but forgetting a fine level. A bucket is one row, about 36
 * bytes a series; with 20 series a week is about 4 MB.
 *
 * A batch is one transaction, and adds to the buckets that are there: whatever ends the process, each sample is counted once
 * or, if its batch was not written yet, not at all.
 */
export class SampleStore {
  readonly #raw: Database;
  readonly #database: TypedDatabase;
  readonly #ids: SeriesIds;
  readonly #levels: Level[];
  readonly #maxBytes: number;
  readonly #now: () => number;
  /** Written so far. */
  #batches = 0;

  /** @param database with the newest schema; it stays the caller's to close */
  constructor(database: Database, { keepMs = 7 * DAY_MS, maxBytes = 16e6, now = Date.now }: SampleStoreLimits = {}) {
    this.#raw = database;
    this.#database = new TypedDatabase(database);
    this.#ids = new SeriesIds(this.#database);
    this.#levels = levelsFor(keepMs);
    this.#maxBytes = maxBytes;
    this.#now = now;
  }

  /**
   * Written when it returns; all of it or nothing. Does not wait for another process that writes: the next batch can take
   * these samples along.
   *
   * @throws whatever SQLite says
   */
  append(samples: readonly MemorySample[]): void {
    if (samples.length === 0) return;
    try {
      this.#write(() => {
        for (const step of SAMPLE_STEPS) addToBuckets(this.#database, this.#ids, step, samples);
      });
      this.#batches++;
    } catch (thrown) {
      // Numbers that were given in this transaction are not given any more.
      this.#ids.forget();
      throw thrown;
    }
  }

  /**
   * A stretch of the past with no more points than asked for.
   *
   * @param range whole ms since the epoch
   * @param unwritten tells the samples that were not handed to `append` yet
   */
  async read(range: SampleRange, unwritten: () => readonly MemorySample[] = () => []): Promise<SampledPoints> {
    const plan = planRead(range, this.#levels, this.#now());
    for (let attempt = 1; ; attempt++) {
      const grid = new SampleGrid(plan);
      const batches = this.#batches;
      await this.#fill(grid, plan, attempt < 3 ? breathe : null);
      // A batch that came between two goes may be in what was read or not.
      if (this.#batches !== batches) continue;
      for (const sample of unwritten()) grid.addSample(sample);
      return grid.points();
    }
  }

  /**
   * All that is kept of a stretch, oldest first and as finely as it is kept; see `readFinest`.
   *
   * @param stretch in ms since the epoch, `to` not included
   */
  moments(stretch: { from: number; to: number }): Iterable<KeptMoment> {
    return readFinest(this.#database, this.#ids, stretch);
  }

  /** The most of each series in what is kept. */
  peaks(): SeriesPeak[] {
    const names = this.#ids.names();
    const most: Bucket = new Map();
    const all = { step: SAMPLE_STEPS.at(-1) ?? 0, from: 0, to: this.#now() };
    visitBuckets(this.#database, all, (series, read) => mergeInto(most, series, read));
    return [...most].flatMap(([id, { max, maxAt }]) => {
      const name = names.get(id);
      return name === undefined ? [] : [{ ...name, bytes: max, time: maxAt }];
    });
  }

  /** Deletes what is too old or too much; to be called now and then. */
  trim(): void {
    this.#write(() => trimSamples(this.#database, this.#levels, this.#maxBytes, this.#now()));
  }

  /** @param pause waited for between two goes; null: there is none */
  async #fill(
    grid: SampleGrid,
    { levelMs, from, stepMs, length }: ReadPlan,
    pause: (() => Promise<void>) | null,
  ): Promise<void> {
    const now = this.#now();
    const oldest = Math.max(from, now - (this.#levels.at(-1)?.keepMs ?? 0) - 2 * levelMs);
    const newest = Math.min(from + length * stepMs, now + DAY_MS) - 1;
    const goMs = ROWS_AT_ONCE * levelMs;
    for (let begin = oldest; begin <= newest; begin += goMs) {
      if (begin > oldest) await pause?.();
      const stretch = { step: levelMs, from: begin, to: Math.min(newest, begin + goMs - 1) };
      addToGrid(this.#database, this.#ids, grid, stretch);
    }
  }

  /** One transaction. It does not wait for another process's lock: an answer must not wait for a sample. */
  #write(work: () => void): void {
    const before = Number(this.#raw.pragma("busy_timeout", { simple: true }));
    this.#raw.pragma("busy_timeout = 0");
    try {
      this.#raw.transaction(work).immediate();
    } finally {
      this.#raw.pragma(`busy_timeout = ${before}`);
    }
  }
}
