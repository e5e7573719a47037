import { queries, type TypedDatabase } from "./kysely";

/**
 * The branches of a conversation: each message remembers which of its children was looked at last, and the conversation
 * which first message. Following these from the top gives the active branch.
 */

/** Makes the branch through a message the active one. Below the message it goes on as it was last looked at. */
export function activate(database: TypedDatabase, conversation: string, message: string): void {
  const onTheWay = wayTo(conversation, message);
  // Each parent on the way gets its child on the way; most have it already.
  database.run(
    onTheWay
      .updateTable("messages")
      .from("way")
      .set((column) => ({ active_child_id: column.ref("way.id") }))
      .where("messages.conversation_id", "=", conversation)
      .whereRef("messages.id", "=", "way.parent_id")
      .where((condition) =>
        condition.or([
          condition("messages.active_child_id", "is", null),
          condition("messages.active_child_id", "!=", condition.ref("way.id")),
        ]),
      ),
  );
  database.run(
    onTheWay
      .updateTable("conversations")
      .set((part) => ({ active_root_id: part.selectFrom("way").select("way.id").where("way.parent_id", "is", null) }))
      .where("id", "=", conversation),
  );
}

/** The ids of the active branch's messages, as a part of a query. */
export function activePath(conversation: string) {
  return queries
    .withRecursive("path(id, active_child_id)", (query) =>
      query
        .selectFrom("conversations")
        .innerJoin("messages", (join) =>
          join
            .onRef("messages.conversation_id", "=", "conversations.id")
            .onRef("messages.id", "=", "conversations.active_root_id"),
        )
        .where("conversations.id", "=", conversation)
        .select(["messages.id", "messages.active_child_id"])
        .unionAll(
          query
            .selectFrom("path")
            .innerJoin("messages as below", "below.id", "path.active_child_id")
            .where("below.conversation_id", "=", conversation)
            .select(["below.id", "below.active_child_id"]),
        ),
    )
    .selectFrom("path")
    .select("path.id");
}

/** The ids from the first message to this one, as a part of a query. */
export function pathTo(conversation: string, message: string) {
  return wayTo(conversation, message).selectFrom("way").select("way.id");
}

/** A message and each one above it. */
function wayTo(conversation: string, message: string) {
  return queries.withRecursive("way(id, parent_id)", (query) =>
    query
      .selectFrom("messages")
      .select(["id", "parent_id"])
      .where("conversation_id", "=", conversation)
      .where("id", "=", message)
      .unionAll(
        query
          .selectFrom("way")
          .innerJoin("messages as above", "above.id", "way.parent_id")
          .where("above.conversation_id", "=", conversation)
          .select(["above.id", "above.parent_id"]),
      ),
  );
}
