import { randomUUID } from "node:crypto";
import { checkMessageId, invalid } from "./conversations-checks";
import { MemwellError } from "../errors";
import { queries, type TypedDatabase } from "./kysely";
import { requireMessage } from "./messages";
import type { RunRow } from "./run-rows";
import type { RunServer } from "./run-servers";
import type { NewRun } from "./runs-contract";

/**
 * Begins a run in a conversation that is the session's.
 *
 * @param now in ms since the epoch
 * @throws MemwellError `not_found`, `invalid_request` for a message that no run fills, `conflict` for one that another run (in
 *   its fields) fills now
 */
export function beginRun(database: TypedDatabase, server: RunServer, run: NewRun, now: number): RunRow {
  const { id = randomUUID(), conversation, userMessage, assistantMessage } = run;
  checkNewId(database, checkMessageId(id));
  requireMessage(database, conversation, userMessage);
  if (requireMessage(database, conversation, assistantMessage).role !== "assistant")
    throw invalid("assistantMessage", "A run fills a message of the assistant. Add one below the question.");
  checkNobodyFills(database, conversation, assistantMessage);
  const row = {
    id,
    conversation_id: conversation,
    user_message_id: userMessage,
    assistant_message_id: assistantMessage,
    server_id: server.name,
    process_id: server.process,
    began_at: now,
  };
  return database.only(queries.insertInto("runs").values(row).returningAll());
}

function checkNewId(database: TypedDatabase, id: string): void {
  if (database.first(queries.selectFrom("runs").select("id").where("id", "=", id)) !== undefined)
    throw invalid("id", "There is a run with this id. Leave it out to have one made.");
}

function checkNobodyFills(database: TypedDatabase, conversation: string, message: string): void {
  const other = database.first(
    queries
      .selectFrom("runs")
      .select("id")
      .where("conversation_id", "=", conversation)
      .where("assistant_message_id", "=", message)
      .where("outcome", "is", null),
  );
  if (other === undefined) return;
  throw new MemwellError("conflict", "This answer is being written already. Stop it first.", {
    parameter: "assistantMessage",
    run: other.id,
  });
}
