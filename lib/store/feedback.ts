import type { Database } from "better-sqlite3";
import { checkSession, checkText, invalid } from "./conversations-checks";
import { ownConversation } from "./conversations-rows";
import { queries, TypedDatabase } from "./kysely";
import { requireMessage } from "./messages";

export interface NewFeedback {
  rating: "like" | "dislike";
  /** Empty when left out. */
  comment?: string;
}

export interface Feedback {
  message: string;
  rating: "like" | "dislike";
  comment: string;
  /** In ms since the epoch. */
  updatedAt: number;
}

export interface FeedbackOptions {
  /** In UTF-16 units; 4,000 by default. */
  commentLength?: number;
  /** In ms since the epoch. */
  now?: () => number;
}

/** What a visitor thinks of messages: one opinion each, that can be changed and taken back. Sessions as elsewhere. */
export class FeedbackStore {
  readonly #database: TypedDatabase;
  readonly #commentLength: number;
  readonly #now: () => number;

  /** @param database with the newest schema; it stays the caller's to close */
  constructor(database: Database, { commentLength = 4_000, now = Date.now }: FeedbackOptions = {}) {
    this.#database = new TypedDatabase(database);
    this.#commentLength = commentLength;
    this.#now = now;
  }

  /**
   * Takes the place of what was said of this message before.
   *
   * @throws MemwellError `not_found`, `invalid_request`, `request_too_large`
   */
  set(
    session: string,
    conversation: string,
    message: string,
    { rating, comment = "" }: NewFeedback,
  ): Promise<Feedback> {
    return this.#database.write(() => {
      this.#checkOwn(session, conversation, message);
      if (rating !== "like" && rating !== "dislike")
        throw invalid("rating", "A rating is like or dislike. Send one of them.");
      const said = {
        rating,
        comment: checkText("comment", comment, this.#commentLength),
        updated_at: this.#now(),
      };
      this.#database.run(
        queries
          .insertInto("feedback")
          .values({ session_id: session, conversation_id: conversation, message_id: message, ...said })
          .onConflict((conflict) =>
            conflict.columns(["conversation_id", "message_id", "session_id"]).doUpdateSet(said),
          ),
      );
      return { message, rating, comment: said.comment, updatedAt: said.updated_at };
    });
  }

  /** @returns whether there was any */
  remove(session: string, conversation: string, message: string): Promise<boolean> {
    return this.#database.write(() => {
      this.#checkOwn(session, conversation, message);
      const said = queries
        .deleteFrom("feedback")
        .where("conversation_id", "=", conversation)
        .where("message_id", "=", message)
        .where("session_id", "=", session);
      return this.#database.run(said) > 0;
    });
  }

  /** Of all messages of a conversation, in their order. */
  list(session: string, conversation: string): Promise<Feedback[]> {
    return this.#database.read(() => {
      ownConversation(this.#database, checkSession(session), conversation);
      const rows = this.#database.all(
        queries
          .selectFrom("feedback")
          .innerJoin("messages", (join) =>
            join
              .onRef("messages.conversation_id", "=", "feedback.conversation_id")
              .onRef("messages.id", "=", "feedback.message_id"),
          )
          .where("feedback.conversation_id", "=", conversation)
          .where("feedback.session_id", "=", session)
          .select(["feedback.message_id", "feedback.rating", "feedback.comment", "feedback.updated_at"])
          .orderBy("messages.ordinal"),
      );
      return rows.map(({ message_id, rating, comment, updated_at }) => {
        return { message: message_id, rating, comment, updatedAt: updated_at };
      });
    });
  }

  #checkOwn(session: string, conversation: string, message: string): void {
    ownConversation(this.#database, checkSession(session), conversation);
    requireMessage(this.#database, conversation, message);
  }
}
