import type { Selectable } from "kysely";
import { z } from "zod";
import type { ErrorCode, ErrorRecord } from "../errors";
import { notThere } from "./conversations-checks";
import { queries, type TypedDatabase } from "./kysely";
import type { Tables } from "./kysely-tables";
import type { Run } from "./runs-contract";

export type RunRow = Selectable<Tables["runs"]>;

const MOST_ERROR_CHARACTERS = 10_000;

const StoredError = z.object({
  code: z.custom<ErrorCode>((code) => typeof code === "string"),
  message: z.string(),
  fields: z.record(z.string(), z.unknown()),
});

export function shownRun(row: RunRow): Run {
  return {
    id: row.id,
    conversation: row.conversation_id,
    userMessage: row.user_message_id,
    assistantMessage: row.assistant_message_id,
    server: row.server_id,
    beganAt: row.began_at,
    finishedAt: row.finished_at,
    outcome: row.outcome,
    error: row.error === null ? null : StoredError.parse(JSON.parse(row.error)),
    lastSequence: row.last_sequence,
    isTrimmed: row.trimmed_at !== null,
  };
}

/**
 * @param orRemoved also that of a removed conversation: its server may finish what `restore` brings back
 * @throws MemwellError `not_found` unless it is of a conversation of this session
 */
export function ownRun(database: TypedDatabase, session: string, id: string, { orRemoved = false } = {}): RunRow {
  const own = queries
    .selectFrom("runs")
    .innerJoin("conversations", "conversations.id", "runs.conversation_id")
    .selectAll("runs")
    .where("runs.id", "=", id)
    .where("conversations.session_id", "=", session);
  const row = database.first(orRemoved ? own : own.where("conversations.deleted_at", "is", null));
  if (row === undefined) throw notThere("run");
  return row;
}

/** Those of these ids that are runs of conversations which this session has, and has not removed; in no order. */
export function ownRuns(database: TypedDatabase, session: string, ids: readonly string[]): string[] {
  if (ids.length === 0) return [];
  const own = queries
    .selectFrom("runs")
    .innerJoin("conversations", "conversations.id", "runs.conversation_id")
    .select("runs.id")
    .where("runs.id", "in", ids)
    .where("conversations.session_id", "=", session)
    .where("conversations.deleted_at", "is", null);
  return database.all(own).map(({ id }) => id);
}

/** An error as it is stored, without its figures where they cannot be: an error must not keep a run from ending. */
export function errorText({ code, message, fields }: ErrorRecord): string {
  const cut = message.slice(0, MOST_ERROR_CHARACTERS);
  try {
    const text = JSON.stringify({ code, message: cut, fields });
    if (text.length <= 2 * MOST_ERROR_CHARACTERS) return text;
  } catch {
    // A field goes round in a circle, or has a BigInt in it.
  }
  return JSON.stringify({ code, message: cut, fields: {} });
}
