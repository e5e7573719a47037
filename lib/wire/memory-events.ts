import type { MemoryEvent, MemoryEventKind, MemoryEventQuery, UnloadReason } from "../memory";
import { queryNumber, queryText } from "./query-fields";

/** As many as the store gives at once. */
export const MOST_EVENTS = 1_000;
const DEFAULT_EVENTS = 200;
const LATEST_TIME = 8.64e15;

/** One event of `GET /api/memory/events`: see `MemoryEvent`. Sizes in bytes, times in ms, `time` since 1970. */
export interface MemoryEventEntry {
  id: number;
  time: number;
  event: MemoryEventKind;
  model: string | null;
  reason: UnloadReason | null;
  for: string | null;
  needed_bytes: number | null;
  budget_bytes: number | null;
  other_bytes: number | null;
  models_bytes: number | null;
  held_bytes: number | null;
  forecast_bytes: number | null;
  idle_ms: number | null;
  load_ms: number | null;
  replaced: string[] | null;
  code: string | null;
  message: string | null;
}

/** Oldest first. To follow, ask again with the last `id` as `after`. */
export interface MemoryEventsBody {
  events: MemoryEventEntry[];
}

export function encodeMemoryEvents(events: readonly MemoryEvent[]): MemoryEventsBody {
  return {
    events: events.map((event) => ({
      id: event.id,
      time: event.time,
      event: event.event,
      model: event.model,
      reason: event.reason,
      for: event.for,
      needed_bytes: event.neededBytes,
      budget_bytes: event.budgetBytes,
      other_bytes: event.otherBytes,
      models_bytes: event.modelsBytes,
      held_bytes: event.heldBytes,
      forecast_bytes: event.forecastBytes,
      idle_ms: event.idleMs,
      load_ms: event.loadMs,
      replaced: event.replaced,
      code: event.code,
      message: event.message,
    })),
  };
}

/**
 * Reads `?from=&to=&model=&after=&limit=`: times in ms since 1970, `after` the id of an event. An empty one counts as not
 * given. The newest 200 come unless told otherwise, with `after` the first ones behind it.
 *
 * @throws MemwellError `invalid_request` naming the parameter, what was given and what is allowed
 */
export function parseMemoryEventQuery(parameters: URLSearchParams): MemoryEventQuery {
  return {
    from: queryNumber(parameters, "from", 0, LATEST_TIME),
    to: queryNumber(parameters, "to", 0, LATEST_TIME),
    model: queryText(parameters, "model"),
    after: queryNumber(parameters, "after", 0, Number.MAX_SAFE_INTEGER),
    limit: queryNumber(parameters, "limit", 1, MOST_EVENTS) ?? DEFAULT_EVENTS,
  };
}
