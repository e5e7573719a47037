import { randomUUID } from "node:crypto";
import type { Selectable } from "kysely";
import { checkMessageId, checkText, folded, invalid, jsonText, notThere, tooLarge } from "./conversations-checks";
import type { ConversationLimits, NewMessage, StoredMessage } from "./conversations-contract";
import type { ConversationRow } from "./conversations-rows";
import { queries, type TypedDatabase } from "./kysely";
import type { Tables } from "./kysely-tables";
import { activate, type activePath, type pathTo } from "./messages-branches";

type MessageRow = Selectable<Tables["messages"]>;

export function shownMessage(
  row: Pick<MessageRow, "id" | "parent_id" | "role" | "text" | "extra" | "created_at">,
): StoredMessage {
  const { id, role, text } = row;
  const extra: unknown = row.extra === null ? null : JSON.parse(row.extra);
  return { id, parentId: row.parent_id, role, text, extra, createdAt: row.created_at };
}

/** A new message, checked. */
export interface CheckedMessage {
  id: string;
  parent_id: string | null;
  role: NewMessage["role"];
  text: string;
  text_folded: string | null;
  extra: string | null;
}

/** @throws MemwellError `invalid_request`, `request_too_large` */
export function checkMessage(message: NewMessage, limits: ConversationLimits): CheckedMessage {
  if (!["system", "user", "assistant"].includes(message.role))
    throw invalid("role", "A message is of the system, the user or the assistant. Name one of them.");
  const text = checkText("message", message.text, limits.messageLength);
  return {
    id: message.id === undefined ? randomUUID() : checkMessageId(message.id),
    parent_id: message.parentId,
    role: message.role,
    text,
    text_folded: folded(text),
    extra: jsonText("extra", message.extra, limits.extraLength),
  };
}

/**
 * Adds a message below its parent and makes it the end of the active branch. One that is there already, from a request that
 * was sent again, is answered as it stands.
 *
 * @param time in ms since the epoch
 */
export function addMessage(
  database: TypedDatabase,
  conversation: ConversationRow,
  message: CheckedMessage,
  time: number,
  limits: ConversationLimits,
): StoredMessage {
  const there = findMessage(database, conversation.id, message.id);
  if (there !== undefined) return sameMessage(there, message);
  if (message.parent_id !== null) requireMessage(database, conversation.id, message.parent_id);
  const ordinal = conversation.message_count + 1;
  if (ordinal > limits.messagesPerConversation)
    throw tooLarge("conversation", ordinal, limits.messagesPerConversation, { conversation: conversation.id });
  const row = { conversation_id: conversation.id, ordinal, created_at: time, ...message };
  database.run(queries.insertInto("messages").values(row));
  database.run(
    queries
      .updateTable("conversations")
      .set({ message_count: ordinal, updated_at: Math.max(time, conversation.updated_at) })
      .where("id", "=", conversation.id),
  );
  activate(database, conversation.id, message.id);
  return shownMessage(row);
}

function sameMessage(there: MessageRow, message: CheckedMessage): StoredMessage {
  if (there.parent_id === message.parent_id && there.role === message.role && there.text === message.text)
    return shownMessage(there);
  throw invalid("id", "Another message of this conversation has this id. Leave it out to have one made.");
}

/** A message's text and what is kept with it, when an answer has ended. */
export function fillMessage(
  database: TypedDatabase,
  conversation: string,
  message: string,
  filling: Pick<CheckedMessage, "text" | "text_folded" | "extra">,
  time: number,
): void {
  const { text, text_folded, extra } = filling;
  const changed = database.run(
    queries
      .updateTable("messages")
      .set({ text, text_folded, extra })
      .where("conversation_id", "=", conversation)
      .where("id", "=", message),
  );
  if (changed === 0) throw notThere("message");
  database.run(
    queries
      .updateTable("conversations")
      .set({ updated_at: time })
      .where("id", "=", conversation)
      .where("updated_at", "<", time),
  );
}

/** Of a conversation, or of one of its paths, from the first one added. */
export function messagesOf(
  database: TypedDatabase,
  conversation: string,
  path?: ReturnType<typeof activePath | typeof pathTo>,
): StoredMessage[] {
  let messages = queries.selectFrom("messages").selectAll().where("conversation_id", "=", conversation);
  // A child is always added after its parent, so this is also the order of a path.
  if (path !== undefined) messages = messages.where("id", "in", path);
  return database.all(messages.orderBy("ordinal")).map(shownMessage);
}

export function requireMessage(database: TypedDatabase, conversation: string, message: string): MessageRow {
  const row = findMessage(database, conversation, message);
  if (row === undefined) throw notThere("message");
  return row;
}

function findMessage(database: TypedDatabase, conversation: string, message: string): MessageRow | undefined {
  return database.first(
    queries.selectFrom("messages").selectAll().where("conversation_id", "=", conversation).where("id", "=", message),
  );
}
