import { queries, type TypedDatabase } from "./kysely";
import type { RunRow } from "./run-rows";
import type { ReapedRun } from "./runs-contract";

/** Who works on runs: a server keeps its name when it is started again, and is another process then. */
export interface RunServer {
  /** Such as its host and port: no two processes have it at once. */
  name: string;
  process: string;
}

/** A run whose process is gone. */
export type Orphan = Pick<RunRow, "key" | "id" | "conversation_id" | "assistant_message_id"> & { session_id: string };

/** Says that the server is alive. */
export function beat(database: TypedDatabase, { name, process }: RunServer, now: number): void {
  database.run(
    queries
      .insertInto("run_servers")
      .values({ server_id: name, process_id: process, beat_at: now })
      .onConflict((conflict) => conflict.columns(["server_id", "process_id"]).doUpdateSet({ beat_at: now })),
  );
}

/** Forgets the earlier processes of a server, which can have ended only: their runs are nobody's from then on. */
export function takeOver(database: TypedDatabase, { name, process }: RunServer): void {
  database.run(queries.deleteFrom("run_servers").where("server_id", "=", name).where("process_id", "!=", process));
}

/**
 * Ends the runs of processes that have not said for `staleMs` that they are alive. A sign of life from the future is none
 * either: the clock was set back, and it would count for as long.
 */
export function endOrphans(database: TypedDatabase, now: number, staleMs: number): Orphan[] {
  const isStale = queries
    .deleteFrom("run_servers")
    .where((row) => row.or([row("beat_at", "<", now - staleMs), row("beat_at", ">", now + staleMs)]));
  database.run(isStale);
  const orphans = database.all(
    queries
      .selectFrom("runs")
      .innerJoin("conversations", "conversations.id", "runs.conversation_id")
      .leftJoin("run_servers", (join) =>
        join
          .onRef("run_servers.server_id", "=", "runs.server_id")
          .onRef("run_servers.process_id", "=", "runs.process_id"),
      )
      .where("runs.outcome", "is", null)
      .where("run_servers.beat_at", "is", null)
      .select(["runs.key", "runs.id", "runs.conversation_id", "runs.assistant_message_id", "conversations.session_id"])
      .orderBy("runs.key"),
  );
  for (const { key } of orphans)
    database.run(queries.updateTable("runs").set({ outcome: "interrupted", finished_at: now }).where("key", "=", key));
  return orphans;
}

export function shownOrphan({ id, session_id, conversation_id, assistant_message_id }: Orphan): ReapedRun {
  return { id, session: session_id, conversation: conversation_id, assistantMessage: assistant_message_id };
}
