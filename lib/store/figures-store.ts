import type { Database, Statement } from "better-sqlite3";
import type { EndedRun, RunFigures } from "./figures-contract";
import { EndedRuns } from "./figures-ended";
import { FIGURE_COLUMNS, figuresOf, INSERT_FIGURES, rowOf, type FiguresRow } from "./figures-rows";

const DAY_MS = 86_400_000;
const ROWS_AT_ONCE = 500;
const MOST_TRIMMED_AT_ONCE = 1_000;

export interface FigureLimits {
  /** Figures of runs that began longer ago go; 90 days by default. In ms. */
  maxAgeMs?: number;
  /** Runs whose figures are kept at most; 100,000 by default (about 80 MB). The oldest go first. */
  maxRuns?: number;
  /** In ms since the epoch. */
  now?: () => number;
}

/** An opinion on an answer, with the model that gave it where that is known. */
export interface CountedRating {
  rating: "like" | "dislike";
  updatedAt: number;
  model: string | null;
}

/**
 * The figures of runs in the database, one row a run. They hold no text, and outlive the conversations they are of. Calls are synchronous; what SQLite says of a file that cannot be written is thrown.
 */
export class FigureStore {
  readonly #database: Database;
  readonly #maxAgeMs: number;
  readonly #maxRuns: number;
  readonly #now: () => number;
  readonly #insert: Statement;
  readonly #ended: EndedRuns;
  readonly #page: Statement<[number, number, number, number], FiguresRow>;
  readonly #stamp: Statement<[number, number]>;
  readonly #ratings: Statement<
    [number, number],
    { rating: "like" | "dislike"; updated_at: number; model: string | null }
  >;

  /** @param database with the newest schema; it stays the caller's to close */
  constructor(database: Database, { maxAgeMs = 90 * DAY_MS, maxRuns = 100_000, now = Date.now }: FigureLimits = {}) {
    this.#database = database;
    this.#maxAgeMs = maxAgeMs;
    this.#maxRuns = Math.max(1, maxRuns);
    this.#now = now;
    this.#insert = database.prepare(INSERT_FIGURES);
    this.#ended = new EndedRuns(database);
    this.#page = database.prepare(
      `SELECT ${FIGURE_COLUMNS} FROM run_figures AS figures
       WHERE (began_at, key) > (?, ?) AND began_at < ? ORDER BY began_at, key LIMIT ?`,
    );
    // Figures never change, and no key is given twice.
    this.#stamp = database.prepare(
      "SELECT count(*) || ' ' || coalesce(max(key), 0) AS stamp FROM run_figures WHERE began_at >= ? AND began_at < ?",
    );
    this.#ratings = database.prepare(
      `SELECT rating, updated_at, (
         SELECT model FROM run_figures WHERE run_figures.conversation_id = feedback.conversation_id
           AND run_figures.message_id = feedback.message_id ORDER BY key DESC LIMIT 1) AS model
       FROM feedback WHERE updated_at >= ? AND updated_at < ?`,
    );
  }

  /**
   * Keeps the figures of a run.
   *
   * @returns whether they were not there yet
   */
  record(figures: RunFigures): boolean {
    return this.#insert.run(rowOf(figures)).changes > 0;
  }

  /** What the ledger says a run's loads took, in ms; null when it has nothing of that run. */
  loadMs(run: string): number | null {
    return this.#ended.loadMs(run);
  }

  /**
   * Takes up chat runs that have ended since, and those of before there were figures: `most` of them, in one transaction.
   *
   * @param measure makes figures of a run; must not throw
   * @returns the figures that were added, and whether more runs wait
   */
  catchUp(measure: (run: EndedRun) => RunFigures, most = 50): { added: RunFigures[]; more: boolean } {
    const work = (): { added: RunFigures[]; more: boolean } => {
      const added: RunFigures[] = [];
      const count = this.#ended.each(most, (run) => {
        const figures = measure(run);
        if (this.record(figures)) added.push(figures);
      });
      return { added, more: count === most };
    };
    return this.#database.transaction(work).immediate();
  }

  /**
   * The runs that began in `from` to `to` (in ms since the epoch, the end not included), in that order, some hundreds at a
   * time: whoever takes a breath between two pages holds up nobody.
   */
  *pages(from: number, to: number): Generator<RunFigures[], void, void> {
    let last = { time: from, key: 0 };
    for (;;) {
      const rows = this.#page.all(last.time, last.key, to, ROWS_AT_ONCE);
      const end = rows.at(-1);
      if (end === undefined) return;
      last = { time: end.began_at, key: end.key };
      yield rows.map(figuresOf);
      if (rows.length < ROWS_AT_ONCE) return;
    }
  }

  /** Another one whenever the figures of runs that began in `from` to `to` are others. */
  stamp(from: number, to: number): string {
    const { stamp } = this.#stamp.get(from, to) as { stamp: string };
    return stamp;
  }

  /** The opinions that were given, or changed, in `from` to `to`. */
  ratings(from: number, to: number): CountedRating[] {
    const rows = this.#ratings.all(from, to);
    return rows.map(({ rating, updated_at, model }) => ({ rating, updatedAt: updated_at, model }));
  }

  /** What is stored now, and who came in the day before `now`. */
  census(): { conversations: number; likes: number; dislikes: number; visitorsOfDay: number; bytes: number } {
    const one = <Row>(sql: string, ...parameters: number[]): Row =>
      this.#database.prepare(sql).get(...parameters) as Row;
    const { conversations } = one<{ conversations: number }>(
      "SELECT count(*) AS conversations FROM conversations WHERE deleted_at IS NULL",
    );
    const opinions = one<{ likes: number; dislikes: number }>(
      "SELECT count(*) FILTER (WHERE rating = 'like') AS likes, count(*) FILTER (WHERE rating = 'dislike') AS dislikes FROM feedback",
    );
    const { visitors } = one<{ visitors: number }>(
      "SELECT count(DISTINCT visitor) AS visitors FROM run_figures WHERE began_at >= ?",
      this.#now() - DAY_MS,
    );
    const pages = this.#database.pragma("page_count", { simple: true }) as number;
    const pageBytes = this.#database.pragma("page_size", { simple: true }) as number;
    return { conversations, ...opinions, visitorsOfDay: visitors, bytes: pages * pageBytes };
  }

  /**
   * Deletes what is too old or too many, a batch at once.
   *
   * @returns how many runs' figures went
   */
  trim(): number {
    const work = (): number => {
      const old = this.#database
        .prepare(
          "DELETE FROM run_figures WHERE key IN (SELECT key FROM run_figures WHERE began_at < ? ORDER BY began_at LIMIT ?)",
        )
        .run(this.#now() - this.#maxAgeMs, MOST_TRIMMED_AT_ONCE).changes;
      const many = this.#database
        .prepare(
          `DELETE FROM run_figures WHERE key IN (SELECT key FROM run_figures ORDER BY began_at
             LIMIT max(0, min(?, (SELECT count(*) FROM run_figures) - ?)))`,
        )
        .run(MOST_TRIMMED_AT_ONCE, this.#maxRuns).changes;
      return old + many;
    };
    return this.#database.transaction(work).immediate();
  }
}
