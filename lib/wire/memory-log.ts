import type { LedgerPhase, LedgerQuery, LedgerRecord, LedgerStep } from "../memory";
import { queryNumber, queryText } from "./query-fields";

/** As many as the store gives at once. */
export const MOST_LOG_RECORDS = 10_000;
/** Everybody may read this log, and reading holds up the server: 10,000 records are megabytes. */
const MOST_FOR_VISITORS = 600;

/** One record of `GET /api/memory/log`: see `LedgerRecord`. Times in ms, `time` since 1970. */
export interface MemoryLogEntry {
  id: number;
  time: number;
  step_id: string;
  step: LedgerStep;
  phase: LedgerPhase;
  run: string | null;
  turn: number | null;
  model: string | null;
  pid: number | null;
  forecast_bytes: number | null;
  process_bytes: number | null;
  server_bytes: number | null;
  cgroup_bytes: number | null;
  host_bytes: number | null;
  gpu_bytes: number | null;
  duration_ms: number | null;
  tokens: number | null;
  outcome: "done" | "failed" | "aborted" | null;
}

/** Oldest first. */
export interface MemoryLogBody {
  records: MemoryLogEntry[];
  /** Which runs among them are turns of the asking visitor's own conversations, where there is a visitor. */
  own_runs?: string[];
}

/** @param ownRuns of the asking visitor */
export function encodeMemoryLog(records: readonly LedgerRecord[], ownRuns?: readonly string[]): MemoryLogBody {
  return {
    records: records.map((record) => ({
      id: record.id,
      time: record.time,
      step_id: record.stepId,
      step: record.step,
      phase: record.phase,
      run: record.run,
      turn: record.turn,
      model: record.model,
      pid: record.pid,
      forecast_bytes: record.forecastBytes,
      process_bytes: record.processBytes,
      server_bytes: record.serverBytes,
      cgroup_bytes: record.cgroupBytes,
      host_bytes: record.hostBytes,
      gpu_bytes: record.gpuBytes,
      duration_ms: record.durationMs,
      tokens: record.tokens,
      outcome: record.outcome,
    })),
    ...(ownRuns !== undefined && { own_runs: [...ownRuns] }),
  };
}

/**
 * Reads `?run=ID&model=ID&after=N&limit=N`; an empty one counts as not given.
 *
 * @throws MemwellError `invalid_request` naming the parameter, what was given and what is allowed
 */
export function parseMemoryLogQuery(parameters: URLSearchParams, reader: "admin" | "visitor"): LedgerQuery {
  const most = reader === "admin" ? MOST_LOG_RECORDS : MOST_FOR_VISITORS;
  return {
    run: queryText(parameters, "run"),
    model: queryText(parameters, "model"),
    after: queryNumber(parameters, "after", 0, Number.MAX_SAFE_INTEGER),
    limit: queryNumber(parameters, "limit", 1, most) ?? (reader === "visitor" ? most : undefined),
  };
}
