import type { EngineState } from "../engine";
import { turnMetrics, type TurnReport } from "./metrics-turns";
import { encodePrometheus, type Metric } from "./prometheus";
import { counter, gauge } from "./prometheus-metrics";

/** A record, so that a new state does not compile until it stands here. */
const STATES = Object.keys({
  stopped: true,
  starting: true,
  ready: true,
  stopping: true,
  closed: true,
} satisfies Record<EngineState, true>);

interface ProcessFigures {
  rss: number;
  peak: number;
}

/** What `/metrics` needs of the runtime's memory report; it fits. Bytes. */
export interface MetricsReport {
  limit: { bytes: number; bound: string };
  budgetBytes: number;
  use: { usedBytes: number; file: number };
  server: ProcessFigures | null;
  spare: ProcessFigures | null;
  models: { ids: string[]; memory: ProcessFigures | null }[];
  queue: { length: number };
  gpu: { gpus: { index: number; usedBytes: number | null; totalBytes: number | null }[] };
  oomKills: number | null;
  ledger: { written: number; lost: number };
}

/** The body of `GET /metrics`. @param turns what runs were counted as; nothing of them is told without it */
export function encodeMetrics(
  report: MetricsReport,
  models: readonly { id: string; state: EngineState }[],
  turns?: TurnReport,
): string {
  const { use, gpu, queue, ledger } = report;
  const processes = [
    { labels: { role: "server" }, memory: report.server },
    { labels: { role: "spare" }, memory: report.spare },
    ...report.models.map(({ ids, memory }) => ({ labels: { role: "model", model: ids.join(",") }, memory })),
  ];
  const ofProcesses = (figure: keyof ProcessFigures) =>
    processes.map(({ labels, memory }) => ({ labels, value: memory?.[figure] ?? null }));
  const ofGpus = (figure: "usedBytes" | "totalBytes") =>
    gpu.gpus.map((one) => ({ labels: { gpu: String(one.index) }, value: one[figure] }));
  const one = (value: number | null): Metric["samples"] => [{ value }];
  return encodePrometheus([
    gauge("memory_limit_bytes", "Memory there is, and what limits it.", [
      { labels: { bound: report.limit.bound }, value: report.limit.bytes },
    ]),
    gauge("memory_budget_bytes", "Memory that may be held: a share of the limit.", one(report.budgetBytes)),
    gauge("memory_held_bytes", "Memory held that can only be freed, not dropped.", one(use.usedBytes)),
    gauge("memory_page_cache_bytes", "Page cache, which the kernel drops when memory is needed.", one(use.file)),
    counter("memory_oom_kills_total", "Processes of this container killed for memory.", one(report.oomKills)),
    gauge("process_resident_bytes", "Memory a process holds now; model: the ids it serves.", ofProcesses("rss")),
    gauge("process_resident_peak_bytes", "The most a process has held so far.", ofProcesses("peak")),
    gauge("gpu_memory_used_bytes", "Memory held on a GPU, by anybody.", ofGpus("usedBytes")),
    gauge("gpu_memory_total_bytes", "Memory a GPU has.", ofGpus("totalBytes")),
    gauge(
      "model_state",
      "1 for the state a model's process is in, 0 for the others.",
      models.flatMap(({ id, state: current }) =>
        STATES.map((state) => ({ labels: { model: id, state }, value: state === current ? 1 : 0 })),
      ),
    ),
    gauge("queue_length", "Requests that wait for a model.", one(queue.length)),
    counter("ledger_records_total", "Records of the memory of steps, written since the start.", one(ledger.written)),
    counter("ledger_records_lost_total", "Records that could not be written since the start.", one(ledger.lost)),
    ...(turns === undefined ? [] : turnMetrics(turns)),
  ]);
}
