import { randomUUID } from "node:crypto";
import type { Database } from "better-sqlite3";
import { checkMessageId, checkSession, checkText, folded, invalid, jsonText } from "./conversations-checks";
import {
  CONVERSATION_LIMITS,
  type Conversation,
  type ConversationLimits,
  type ConversationPage,
  type ConversationQuery,
  type ConversationTree,
  type NewMessage,
  type StoredMessage,
} from "./conversations-contract";
import { exported, readImport, type ExportedConversation } from "./conversations-export";
import { listConversations } from "./conversations-list";
import {
  conversationExists,
  insertConversation,
  ownConversation,
  readTree,
  shownConversation,
} from "./conversations-rows";
import { queries, TypedDatabase } from "./kysely";
import { addMessage, checkMessage, fillMessage, messagesOf, requireMessage } from "./messages";
import { insertMessages } from "./messages-import";
import { activate, activePath, pathTo } from "./messages-branches";

export interface ConversationOptions {
  limits?: Partial<ConversationLimits>;
  /** In ms since the epoch. */
  now?: () => number;
}

/**
 * The conversations of visitors. Every call names the session it is for, a text of the caller's that only this visitor
 * has; what is another session's, was removed or never was is `not_found`, without a difference.
 *
 * | call                 | what it does to the conversation                                       |
 * |----------------------|------------------------------------------------------------------------|
 * | `addMessage`         | adds to it below any of its messages; the new one ends the active branch |
 * | `switchTo`           | shows another branch; nothing is lost of the one left                  |
 * | `remove`, `restore`  | hides it; brings it back, until `purge` deletes it for good            |
 * | `export`, `import`   | plain JSON of it; a new conversation from such JSON                    |
 *
 * All of them throw MemwellError `not_found`, `invalid_request`, `request_too_large` (a limit, named in its fields) or
 * `disk_full`, and change nothing then.
 */
export class ConversationStore {
  readonly #database: TypedDatabase;
  readonly #limits: ConversationLimits;
  readonly #now: () => number;

  /** @param database with the newest schema; it stays the caller's to close */
  constructor(database: Database, options: ConversationOptions = {}) {
    this.#database = new TypedDatabase(database);
    this.#limits = { ...CONVERSATION_LIMITS, ...options.limits };
    this.#now = options.now ?? Date.now;
  }

  async create(session: string, { title = "" }: { title?: string } = {}): Promise<Conversation> {
    const checked = checkText("title", title, this.#limits.titleLength);
    return this.#database.write(() => this.#insert(session, checked));
  }

  /**
   * The conversation with an id that its page has chosen; it is made when nobody has one of this id.
   *
   * @param options.title of a new one
   * @throws MemwellError `not_found` too when it is another session's
   */
  async openOrCreate(session: string, id: string, { title = "" }: { title?: string } = {}): Promise<Conversation> {
    const checked = checkText("title", title, this.#limits.titleLength);
    return this.#database.write(() => {
      if (conversationExists(this.#database, checkMessageId(id))) return shownConversation(this.#own(session, id));
      return this.#insert(session, checked, this.#now(), id);
    });
  }

  list(session: string, query: ConversationQuery = {}): Promise<ConversationPage> {
    return this.#database.read(() => listConversations(this.#database, checkSession(session), query));
  }

  read(session: string, id: string): Promise<ConversationTree> {
    return this.#database.read(() => readTree(this.#database, this.#own(session, id)));
  }

  /** The messages from the first one to the end of the active branch, or to the message named. */
  path(session: string, id: string, { to }: { to?: string } = {}): Promise<StoredMessage[]> {
    return this.#database.read(() => {
      this.#own(session, id);
      if (to !== undefined) requireMessage(this.#database, id, to);
      return messagesOf(this.#database, id, to === undefined ? activePath(id) : pathTo(id, to));
    });
  }

  rename(session: string, id: string, title: string): Promise<Conversation> {
    return this.#database.write(() => {
      const row = this.#own(session, id);
      const checked = checkText("title", title, this.#limits.titleLength).trim();
      if (checked === "") throw invalid("title", "A title has something to read in it. Write one.");
      const change = { title: checked, title_folded: folded(checked) };
      this.#database.run(queries.updateTable("conversations").set(change).where("id", "=", id));
      return shownConversation({ ...row, ...change });
    });
  }

  remove(session: string, id: string): Promise<void> {
    return this.#database.write(() => {
      this.#own(session, id);
      this.#setDeleted(id, this.#now());
    });
  }

  /** Undoes `remove`; nothing happens to one that was not removed. */
  restore(session: string, id: string): Promise<Conversation> {
    return this.#database.write(() => {
      const row = ownConversation(this.#database, checkSession(session), id, { orRemoved: true });
      this.#setDeleted(id, null);
      return shownConversation(row);
    });
  }

  /**
   * Deletes for good what was removed at least `olderThanMs` ago, of all sessions: at most `most` conversations, the first
   * removed first, with their runs and feedback.
   *
   * @returns how many there were
   */
  purge(olderThanMs: number, most = 100): Promise<number> {
    return this.#database.write(() => {
      const oldest = queries
        .selectFrom("conversations")
        .select("id")
        .where("deleted_at", "<=", this.#now() - olderThanMs)
        .orderBy("deleted_at")
        .limit(most);
      return this.#database.run(queries.deleteFrom("conversations").where("id", "in", oldest));
    });
  }

  async addMessage(session: string, id: string, message: NewMessage): Promise<StoredMessage> {
    const checked = checkMessage(message, this.#limits);
    return this.#database.write(() =>
      addMessage(this.#database, this.#own(session, id), checked, this.#now(), this.#limits),
    );
  }

  /** Replaces a message's text and `extra`, without a branch: for an answer that has ended. Also in one that was removed. */
  async fillMessage(
    session: string,
    id: string,
    message: string,
    filling: { text: string; extra?: unknown },
  ): Promise<void> {
    const text = checkText("message", filling.text, this.#limits.messageLength);
    const extra = jsonText("extra", filling.extra, this.#limits.extraLength);
    return this.#database.write(() => {
      // Undoing its removal brings the answer back too.
      ownConversation(this.#database, checkSession(session), id, { orRemoved: true });
      fillMessage(this.#database, id, message, { text, text_folded: folded(text), extra }, this.#now());
    });
  }

  /** Makes the branch through a message the active one; below it, it goes on as it was last looked at. */
  switchTo(session: string, id: string, message: string): Promise<void> {
    return this.#database.write(() => {
      this.#own(session, id);
      requireMessage(this.#database, id, message);
      activate(this.#database, id, message);
    });
  }

  export(session: string, id: string): Promise<ExportedConversation> {
    return this.#database.read(() => exported(readTree(this.#database, this.#own(session, id))));
  }

  /**
   * A new conversation from what `export` gave, here or elsewhere. All ids are made anew.
   *
   * @param value parsed JSON from anybody
   */
  async import(session: string, value: unknown): Promise<Conversation> {
    const read = readImport(value, this.#limits, this.#now());
    return this.#database.write(() => {
      const { id } = this.#insert(session, read.title, read.createdAt);
      insertMessages(this.#database, id, read.messages, read.active);
      return shownConversation(this.#own(session, id));
    });
  }

  #insert(session: string, title: string, createdAt = this.#now(), id: string = randomUUID()): Conversation {
    const times = { createdAt, updatedAt: this.#now() };
    return insertConversation(this.#database, checkSession(session), id, title, times, this.#limits);
  }

  #own(session: string, id: string) {
    return ownConversation(this.#database, checkSession(session), id);
  }

  #setDeleted(id: string, time: number | null): void {
    this.#database.run(queries.updateTable("conversations").set({ deleted_at: time }).where("id", "=", id));
  }
}
