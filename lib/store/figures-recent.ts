import type { Database, Statement } from "better-sqlite3";
import { checkText, fold, pageSize } from "./conversations-checks";
import type { ListedFigures, RunWords } from "./figures-contract";
import { FIGURE_COLUMNS, figuresOf, type FiguresRow } from "./figures-rows";

const LONGEST_SEARCH = 200;
/** Rows looked through at once, and in one call; the caller goes on from where it ended. */
const ROWS_AT_ONCE = 500;
const MOST_ROWS = 10_000;
const SHOWN_CHARACTERS = 2_000;

export interface RecentQuery {
  /** Runs behind this key: where the page before ended. */
  after?: number | undefined;
  /** 50 by default, 200 at most. */
  limit?: number | undefined;
  search?: string | undefined;
  /** Whether words are searched and told, too: for the owner alone. */
  withWords: boolean;
}

export interface RecentPage {
  runs: (ListedFigures & { words: RunWords | null })[];
  /** What to ask for as `after` next; null when there is no more. */
  next: number | null;
}

interface Row extends FiguresRow {
  rating: "like" | "dislike" | null;
  title: string | null;
  question: string | null;
  answer: string | null;
}

const FIGURES_FIT = `instr(lower(coalesce(figures.model, '') || ' ' || figures.source || ' ' || figures.outcome || ' ' ||
  coalesce(figures.error_code, '') || ' ' || coalesce(rating, '')), @search) > 0`;
const WORDS_FIT = ["title", "question", "answer"]
  .map((name) => `instr(coalesce(${name}_folded, lower(${name}), ''), @search) > 0`)
  .join(" OR ");

/** The newest runs first, with what visitors said of them, and for the owner their words. */
export class RecentRuns {
  readonly #figures: Statement<object, Row>;
  readonly #words: Statement<object, Row>;
  readonly #window: Statement<[number, number], { oldest: number | null; count: number }>;

  /** @param database with the newest schema; it stays the caller's to close */
  constructor(database: Database) {
    // A conversation that was removed, though it can still be restored, tells nobody its words.
    const read = (withWords: boolean): string => `
      SELECT ${FIGURE_COLUMNS}, rating, ${withWords ? "title, question, answer" : "NULL AS title, NULL AS question, NULL AS answer"}
      FROM run_figures AS figures
      LEFT JOIN (SELECT conversation_id, message_id, max(rating) AS rating FROM feedback GROUP BY 1, 2) AS said
        ON said.conversation_id = figures.conversation_id AND said.message_id = figures.message_id
      ${withWords ? WORDS : ""}
      WHERE figures.key < @before AND figures.key >= @oldest
        AND (@search = '' OR ${FIGURES_FIT} ${withWords ? `OR ${WORDS_FIT}` : ""})
      ORDER BY figures.key DESC LIMIT @limit`;
    this.#figures = database.prepare(read(false));
    this.#words = database.prepare(read(true));
    this.#window = database.prepare(
      "SELECT min(key) AS oldest, count(*) AS count FROM (SELECT key FROM run_figures WHERE key < ? ORDER BY key DESC LIMIT ?)",
    );
  }

  /**
   * One page; `breathe` is awaited between two looks at the database.
   *
   * @throws MemwellError `request_too_large` for a long search
   */
  async read(query: RecentQuery, breathe: () => Promise<unknown>): Promise<RecentPage> {
    const size = pageSize(query.limit, 50, 200);
    const search = fold(checkText("search", query.search ?? "", LONGEST_SEARCH)).trim();
    const statement = query.withWords ? this.#words : this.#figures;
    const runs: RecentPage["runs"] = [];
    let before = query.after ?? Number.MAX_SAFE_INTEGER;
    for (let looked = 0; looked < MOST_ROWS;) {
      const { oldest, count } = this.#window.get(before, ROWS_AT_ONCE) ?? { oldest: null, count: 0 };
      if (oldest === null) return { runs, next: null };
      for (const row of statement.all({ before, oldest, search, limit: size - runs.length })) runs.push(shown(row));
      if (runs.length === size) return { runs, next: this.#nextOf(runs.at(-1)?.key ?? oldest) };
      looked += count;
      before = oldest;
      await breathe();
    }
    return { runs, next: this.#nextOf(before) };
  }

  #nextOf(key: number): number | null {
    return (this.#window.get(key, 1)?.count ?? 0) === 0 ? null : key;
  }
}

const WORDS = `
  LEFT JOIN runs ON runs.id = figures.run
  LEFT JOIN (SELECT id, title, title_folded FROM conversations WHERE deleted_at IS NULL) AS conversation
    ON conversation.id = runs.conversation_id
  LEFT JOIN (SELECT conversation_id AS asked_in, id AS question_id, text AS question, text_folded AS question_folded FROM messages)
    ON asked_in = conversation.id AND question_id = runs.user_message_id
  LEFT JOIN (SELECT conversation_id AS answered_in, id AS answer_id, text AS answer, text_folded AS answer_folded FROM messages)
    ON answered_in = conversation.id AND answer_id = runs.assistant_message_id`;

function shown(row: Row): ListedFigures & { words: RunWords | null } {
  const { key, rating, title, question, answer } = row;
  const words =
    title === null
      ? null
      : {
          title,
          question: (question ?? "").slice(0, SHOWN_CHARACTERS),
          answer: (answer ?? "").slice(0, SHOWN_CHARACTERS),
        };
  return { key, rating, ...figuresOf(row), words };
}
