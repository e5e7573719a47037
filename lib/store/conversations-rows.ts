import type { Selectable } from "kysely";
import { folded, notThere, tooLarge } from "./conversations-checks";
import type { Conversation, ConversationLimits, ConversationTree } from "./conversations-contract";
import { queries, type TypedDatabase } from "./kysely";
import type { Tables } from "./kysely-tables";
import { messagesOf } from "./messages";
import { activePath } from "./messages-branches";

export type ConversationRow = Selectable<Tables["conversations"]>;

export function shownConversation(
  row: Pick<ConversationRow, "id" | "title" | "created_at" | "updated_at" | "message_count">,
): Conversation {
  return {
    id: row.id,
    title: row.title,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    messageCount: row.message_count,
  };
}

/** @throws MemwellError `not_found` unless it is this session's, and was not removed */
export function ownConversation(
  database: TypedDatabase,
  session: string,
  id: string,
  { orRemoved = false }: { orRemoved?: boolean } = {},
): ConversationRow {
  const own = queries.selectFrom("conversations").selectAll().where("id", "=", id).where("session_id", "=", session);
  const row = database.first(orRemoved ? own : own.where("deleted_at", "is", null));
  if (row === undefined) throw notThere("conversation");
  return row;
}

/** Whoever's it is, removed or not. */
export function conversationExists(database: TypedDatabase, id: string): boolean {
  return database.first(queries.selectFrom("conversations").select("id").where("id", "=", id)) !== undefined;
}

/** @throws MemwellError `request_too_large` when the session has as many as it may have, those included that can still be restored */
export function insertConversation(
  database: TypedDatabase,
  session: string,
  id: string,
  title: string,
  { createdAt, updatedAt }: Pick<Conversation, "createdAt" | "updatedAt">,
  { conversationsPerSession }: ConversationLimits,
): Conversation {
  const held = database.only(
    queries
      .selectFrom("conversations")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .where("session_id", "=", session),
  );
  const count = held.count + 1;
  if (count > conversationsPerSession) throw tooLarge("list of conversations", count, conversationsPerSession);
  database.run(
    queries.insertInto("conversations").values({
      id,
      session_id: session,
      title,
      title_folded: folded(title),
      created_at: createdAt,
      updated_at: updatedAt,
    }),
  );
  return { id, title, createdAt, updatedAt, messageCount: 0 };
}

export function readTree(database: TypedDatabase, row: ConversationRow): ConversationTree {
  const leaf = database.first(
    queries
      .selectFrom("messages")
      .select("id")
      .where("conversation_id", "=", row.id)
      .where("id", "in", activePath(row.id))
      // A child is always added after its parent.
      .orderBy("ordinal", "desc")
      .limit(1),
  );
  return { ...shownConversation(row), messages: messagesOf(database, row.id), activeLeaf: leaf?.id ?? null };
}
