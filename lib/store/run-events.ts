import { MemwellError } from "../errors";
import { invalid, jsonText, pageSize, tooLarge } from "./conversations-checks";
import { queries, type TypedDatabase } from "./kysely";
import type { RunRow } from "./run-rows";
import type { RunEvent, RunLimits } from "./runs-contract";

const ROWS_AT_ONCE = 100;
const USUAL_PAGE = 1_000;
const LARGEST_PAGE = 10_000;
/** A page ends after the event that passes it. */
const PAGE_CHARACTERS = 4_000_000;

/** Events as they are stored, checked. */
export interface EventTexts {
  texts: string[];
  bytes: number;
}

/** @throws MemwellError `invalid_request` for what JSON cannot say, `request_too_large` */
export function eventTexts(events: readonly unknown[], limits: RunLimits): EventTexts {
  if (events.length > limits.eventsPerAppend) throw tooLarge("list of events", events.length, limits.eventsPerAppend);
  let bytes = 0;
  const texts = events.map((event) => {
    // A text as UTF-8 has at least as many bytes as UTF-16 units.
    const text = jsonText("event", event, limits.eventBytes);
    if (text === null) throw invalid("event", "An event is a value of JSON, and not null. Send an object.");
    const size = Buffer.byteLength(text);
    if (size > limits.eventBytes) throw tooLarge("event", size, limits.eventBytes);
    bytes += size;
    return text;
  });
  return { texts, bytes };
}

/**
 * Appends to a run that goes on, in the transaction it was read in.
 *
 * @returns the number of the last event
 * @throws MemwellError `aborted` when the run has ended, `request_too_large` when it holds no more
 */
export function appendEvents(
  database: TypedDatabase,
  run: RunRow,
  { texts, bytes }: EventTexts,
  limits: RunLimits,
): number {
  if (run.outcome !== null) throw hasEnded(run);
  const last = run.last_sequence + texts.length;
  if (last > limits.eventsPerRun) throw tooLarge("run", last, limits.eventsPerRun, { run: run.id });
  const runBytes = run.event_bytes + bytes;
  if (runBytes > limits.runBytes) throw tooLarge("run", runBytes, limits.runBytes, { run: run.id });
  if (texts.length === 0) return last;

  database.run(
    queries.updateTable("runs").set({ last_sequence: last, event_bytes: runBytes }).where("key", "=", run.key),
  );
  const rows = texts.map((event, index) => ({
    run_key: run.key,
    sequence: run.last_sequence + 1 + index,
    event,
  }));
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
    database.run(queries.insertInto("run_events").values(rows.slice(start, start + ROWS_AT_ONCE)));
  return last;
}

/** The first events behind a number, in order: 1,000 by default, 10,000 at most, and fewer when they are large. */
export function readEvents(
  database: TypedDatabase,
  run: RunRow,
  { after = 0, limit }: { after?: number; limit?: number },
): RunEvent[] {
  const rows = database.each(
    queries
      .selectFrom("run_events")
      .select(["sequence", "event"])
      .where("run_key", "=", run.key)
      .where("sequence", ">", Number.isFinite(after) ? Math.floor(after) : 0)
      .orderBy("sequence")
      .limit(pageSize(limit, USUAL_PAGE, LARGEST_PAGE)),
  );
  const events: RunEvent[] = [];
  let characters = 0;
  for (const { sequence, event } of rows) {
    events.push({ sequence, event: JSON.parse(event) as unknown });
    characters += event.length;
    if (characters > PAGE_CHARACTERS) break;
  }
  return events;
}

function hasEnded({ id, outcome }: RunRow): MemwellError {
  const message = `The run has ended (${String(outcome)}) and takes no more events. Stop its turn, and begin another run.`;
  return new MemwellError("aborted", message, { run: id, outcome });
}
