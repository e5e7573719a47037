import type { MemoryLogEntry } from "@/lib/wire";

/** One step of one model, from its three records. Bytes and ms; null: not known. */
export interface LedgerStepRow {
  id: string;
  /** When it began, in ms since 1970. */
  time: number;
  step: MemoryLogEntry["step"];
  model: string | null;
  run: string | null;
  pid: number | null;
  before: number | null;
  peak: number | null;
  after: number | null;
  forecast: number | null;
  /** The container at its fullest. */
  container: number | null;
  durationMs: number | null;
  tokens: number | null;
  /** `open`: it has not ended, or was cut off. */
  outcome: "done" | "failed" | "aborted" | "open";
}

/** The steps of these records, the newest first. Pure. */
export function ledgerSteps(records: readonly MemoryLogEntry[]): LedgerStepRow[] {
  const steps = new Map<string, MemoryLogEntry[]>();
  for (const record of records) {
    const known = steps.get(record.step_id);
    if (known === undefined) steps.set(record.step_id, [record]);
    else known.push(record);
  }
  return [...steps.values()].map(stepOf).reverse();
}

function stepOf(records: readonly MemoryLogEntry[]): LedgerStepRow {
  const first = records[0] as MemoryLogEntry;
  const [start, peak, end] = (["start", "peak", "end"] as const).map((phase) =>
    records.find((record) => record.phase === phase),
  );
  const latest = end ?? peak ?? first;
  return {
    id: first.step_id,
    time: first.time,
    step: first.step,
    model: first.model,
    run: first.run,
    pid: latest.pid,
    before: start?.process_bytes ?? null,
    peak: peak?.process_bytes ?? null,
    after: end?.process_bytes ?? null,
    forecast: latest.forecast_bytes,
    container: (peak ?? latest).cgroup_bytes,
    durationMs: end?.duration_ms ?? null,
    tokens: end?.tokens ?? null,
    outcome: end?.outcome ?? (end === undefined ? "open" : "done"),
  };
}
