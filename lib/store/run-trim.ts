import { queries, type TypedDatabase } from "./kysely";

const DAY_MS = 86_400_000;

export interface RunTrim {
  /** Events of runs that ended longer ago go; 30 days by default. In ms. */
  maxAgeMs?: number;
  /** What the events of all ended runs may have together; 256 MiB by default. The oldest runs go first. */
  maxBytes?: number;
  /** So many runs at once at most, so that nobody who writes waits for long; 50 by default. */
  most?: number;
}

export interface Trimmed {
  runs: number;
  /** Of the events' JSON text. The file does not shrink: what comes next is written there. */
  bytes: number;
}

/** Deletes the events of ended runs that are too old or too many; runs and messages stay. */
export function trimEvents(
  database: TypedDatabase,
  now: number,
  { maxAgeMs = 30 * DAY_MS, maxBytes = 256 * 2 ** 20, most = 50 }: RunTrim,
): Trimmed {
  const ended = queries.selectFrom("runs").where("outcome", "is not", null).where("trimmed_at", "is", null);
  const held = database.only(ended.select(({ fn }) => fn.sum<number | null>("event_bytes").as("bytes"))).bytes ?? 0;
  const oldest = database.all(
    ended.select(["key", "finished_at", "event_bytes"]).orderBy("finished_at").orderBy("key").limit(most),
  );
  const trimmed = { runs: 0, bytes: 0 };
  for (const { key, finished_at, event_bytes } of oldest) {
    const isOld = finished_at !== null && finished_at < now - maxAgeMs;
    if (!isOld && held - trimmed.bytes <= maxBytes) break;
    database.run(queries.deleteFrom("run_events").where("run_key", "=", key));
    database.run(queries.updateTable("runs").set({ trimmed_at: now, event_bytes: 0 }).where("key", "=", key));
    trimmed.runs += 1;
    trimmed.bytes += event_bytes;
  }
  return trimmed;
}
