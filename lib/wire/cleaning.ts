import type { ErrorRecord } from "../errors";
import { errorBody, type ErrorBody } from "./errors";
import { valueRefusal } from "./refusals";
import { dataFrame } from "./sse";

/** How far a cleaning is; the runtime's `CleaningProgress` is this. Sizes in bytes. */
export interface CleaningFigures {
  nb_files: number;
  total_files: number;
  freed_size: number;
  expected_freed_size: number;
}

/** An event of `POST /api/cache/apply` for who accepts `text/event-stream`; the last one is `done` or `failed`. */
export type CleaningFrame<Executed> =
  ({ type: "progress" } & CleaningFigures) | { type: "done"; executed: Executed } | ({ type: "failed" } & ErrorBody);

/** @param event the runtime's `CleaningEvent` */
export function encodeCleaning<Executed>(
  event:
    | ({ type: "progress" } & CleaningFigures)
    | { type: "done"; executed: Executed }
    | { type: "failed"; error: ErrorRecord },
): string {
  const frame: CleaningFrame<Executed> =
    event.type === "failed" ? { type: "failed", ...errorBody(event.error) } : event;
  return dataFrame(frame);
}

/**
 * Reads the body of `POST /api/cache/cancel`: `{id}` of the plan that is executed.
 *
 * @throws MemwellError `invalid_request`
 */
export function parseCacheCancel(body: unknown): string {
  const id = typeof body === "object" && body !== null && "id" in body ? body.id : undefined;
  return readPlanId(id);
}

/** @throws MemwellError `invalid_request` */
export function readPlanId(id: unknown): string {
  if (typeof id === "string" && /^[0-9a-f]{32}$/.test(id)) return id;
  throw valueRefusal(["id"], id, "the id of a plan");
}
