import { queries, type TypedDatabase } from "../kysely";
import type { Level } from "./levels";

const DAY_MS = 86_400_000;
/** Of a row, beside its figures: its key, its header, its share of the tree. */
const ROW_BYTES = 32;

/**
 * Deletes what is older than its level keeps it, what lies more than a day ahead (the clock was wrong), and the oldest of the
 * rest until all together take no more than `maxBytes`.
 */
export function trimSamples(database: TypedDatabase, levels: readonly Level[], maxBytes: number, now: number): void {
  for (const { stepMs, keepMs } of levels)
    database.run(
      queries
        .deleteFrom("memory_samples")
        .where("step", "=", stepMs)
        .where((row) => row.or([row("time", "<", now - keepMs - stepMs), row("time", ">", now + DAY_MS)])),
    );
  const rows = database.all(
    queries
      .selectFrom("memory_samples")
      .select((row) => ["step", "time", row.fn<number>("length", ["figures"]).as("bytes")])
      .orderBy("time", "desc"),
  );
  let held = 0;
  const firstOver = rows.find(({ bytes }) => (held += bytes + ROW_BYTES) > maxBytes);
  if (firstOver !== undefined) database.run(queries.deleteFrom("memory_samples").where("time", "<=", firstOver.time));
}
