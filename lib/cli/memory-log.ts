import { createRuntime, loadConfig } from "../runtime";
import { encodeMemoryLog, MOST_LOG_RECORDS, type MemoryLogBody, type MemoryLogEntry } from "../wire";
import { bytes, printJson, printTable, timeText } from "./output";
import { engineChildPath } from "./paths";
import { askServer, isNobodyThere, type ServerOptions } from "./server-client";

const DEFAULT_STEPS = 50;
/** A finished step has a start, a peak and an end. */
const RECORDS_A_STEP = 3;

interface LogOptions extends ServerOptions {
  run?: string;
  model?: string;
  /** Steps, not records. */
  limit?: number;
}

/** The memory of past steps: what the running server has recorded; when none runs, what its database still holds. */
export async function showMemoryLog(options: LogOptions): Promise<void> {
  const most = Math.max(1, options.limit ?? DEFAULT_STEPS);
  const steps = groupBySteps((await readLog(options, most)).records).slice(-most);
  if (options.json) return printJson({ records: steps.flat().sort((one, other) => one.id - other.id) });
  if (steps.length === 0) {
    process.stdout.write("No step is recorded yet: ask something, then look again.\n");
    return;
  }
  printTable([
    ["TIME", "STEP", "MODEL", "PROCESS", "PEAK", "FORECAST", "CONTAINER", "TIME TAKEN", "TOKENS", "RUN"],
    ...steps.map(rowOf),
  ]);
}

/** The records of each step together, the steps in the order of their first record. */
function groupBySteps(records: readonly MemoryLogEntry[]): MemoryLogEntry[][] {
  const steps = new Map<string, MemoryLogEntry[]>();
  for (const record of records) steps.set(record.step_id, [...(steps.get(record.step_id) ?? []), record]);
  return [...steps.values()];
}

function rowOf(step: readonly MemoryLogEntry[]): string[] {
  const [first] = step;
  if (first === undefined) return [];
  const [start, peak, end] = (["start", "peak", "end"] as const).map((wanted) =>
    step.find(({ phase }) => phase === wanted),
  );
  const latest = end ?? first;
  return [
    timeText(first.time),
    latest.outcome === "failed" || latest.outcome === "aborted" ? `${latest.step} (${latest.outcome})` : latest.step,
    latest.model ?? "-",
    `${bytes(start?.process_bytes)} -> ${afterText(end)}`,
    bytes(peak?.process_bytes),
    bytes(latest.forecast_bytes),
    bytes(latest.cgroup_bytes),
    end?.duration_ms == null ? "-" : `${Math.round(end.duration_ms)} ms`,
    end?.tokens == null ? "-" : String(end.tokens),
    latest.run?.slice(0, 8) ?? "-",
  ].map(oneLine);
}

function afterText(end: MemoryLogEntry | undefined): string {
  if (end === undefined) return "...";
  return end.process_bytes === null && end.pid !== null ? "gone" : bytes(end.process_bytes);
}

/** A name that somebody else chose must not steer the terminal. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}

async function readLog(options: LogOptions, steps: number): Promise<MemoryLogBody> {
  const { run, model } = options;
  const limit = Math.min(MOST_LOG_RECORDS, steps * RECORDS_A_STEP);
  const query = new URLSearchParams({ ...(run && { run }), ...(model && { model }), limit: String(limit) });
  try {
    return await askServer<MemoryLogBody>(options, "GET", `/api/memory/log?${query}`);
  } catch (thrown) {
    if (!isNobodyThere(thrown, options)) throw thrown;
  }
  const runtime = await createRuntime(loadConfig(process.env), { childScript: engineChildPath(), keepSpare: false });
  try {
    return encodeMemoryLog(runtime.memoryLog({ run, model, limit }));
  } finally {
    await runtime.close();
  }
}
