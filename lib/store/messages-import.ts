import { queries, type TypedDatabase } from "./kysely";
import type { ReadMessage } from "./conversations-export";

/** Below SQLite's bound on the values of one statement (32,766), and few enough to build quickly. */
const ROWS_AT_ONCE = 100;

/** Stores the messages of an import in a conversation that has none: all at once, since adding each walks its branch. */
export function insertMessages(
  database: TypedDatabase,
  conversation: string,
  messages: readonly ReadMessage[],
  active: string | null,
): void {
  const chosen = chosenChildren(messages, active);
  const rows = messages.map((message, index) => ({
    ...message,
    conversation_id: conversation,
    ordinal: index + 1,
    active_child_id: chosen.get(message.id) ?? null,
  }));
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
    database.run(queries.insertInto("messages").values(rows.slice(start, start + ROWS_AT_ONCE)));
  database.run(
    queries
      .updateTable("conversations")
      .set({ message_count: rows.length, active_root_id: chosen.get(null) ?? null })
      .where("id", "=", conversation),
  );
}

/** Which child each message shows, and, under null, which is the first: the newest, but on the way to the active one. */
function chosenChildren(messages: readonly ReadMessage[], active: string | null): Map<string | null, string> {
  const parents = new Map(messages.map(({ id, parent_id }) => [id, parent_id]));
  const chosen = new Map(messages.map(({ id, parent_id }) => [parent_id, id]));
  for (let id = active; id !== null; id = parents.get(id) ?? null) chosen.set(parents.get(id) ?? null, id);
  return chosen;
}
