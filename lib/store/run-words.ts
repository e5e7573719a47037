import type { Database, Statement } from "better-sqlite3";

/** What was asked and answered in a run, and what is kept with the answer: words, for the owner alone. */
export interface RunAnswer {
  question: string;
  answer: string;
  extra: unknown;
}

/** Reads the words of runs one by one, for an export. */
export class RunAnswers {
  readonly #read: Statement<[string], { question: string; answer: string; extra: string | null }>;

  /** @param database with the newest schema; it stays the caller's to close */
  constructor(database: Database) {
    this.#read = database.prepare(
      `SELECT question.text AS question, answer.text AS answer, answer.extra AS extra FROM runs
       JOIN conversations ON conversations.id = runs.conversation_id AND deleted_at IS NULL
       JOIN messages AS question ON question.conversation_id = runs.conversation_id AND question.id = user_message_id
       JOIN messages AS answer ON answer.conversation_id = runs.conversation_id AND answer.id = assistant_message_id
       WHERE runs.id = ?`,
    );
  }

  /** Null for a run in no conversation, and for one whose conversation was removed. */
  read(run: string): RunAnswer | null {
    const row = this.#read.get(run);
    if (row === undefined) return null;
    return { ...row, extra: row.extra === null ? null : (JSON.parse(row.extra) as unknown) };
  }
}
