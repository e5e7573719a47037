import type { MemoryBody, MemoryLogEntry } from "@/lib/wire";

/** What was held at one moment; bytes, null: not known then. `time` in ms since 1970. */
export interface MemorySample {
  time: number;
  /** What the container cannot drop, and what the whole machine cannot. */
  container: number | null;
  machine: number | null;
  server: number | null;
  /** All processes of models together; null where only one of them was looked at. */
  models: number | null;
  gpu: number | null;
}

/** What a look at `GET /api/memory` says. Pure. */
export function sampleOf(memory: MemoryBody, time: number): MemorySample {
  const gpus = (memory.gpus as { usedBytes?: number | null }[]).flatMap(({ usedBytes }) => usedBytes ?? []);
  return {
    time,
    container: memory.use.source === "cgroup" ? memory.use.used : null,
    machine: memory.use.source === "host" ? memory.use.used : null,
    server: memory.server?.rss ?? null,
    models: memory.models.reduce((sum, { rss }) => sum + (rss ?? 0), 0),
    gpu: gpus.length === 0 ? null : gpus.reduce((sum, bytes) => sum + bytes, 0),
  };
}

/** What the ledger's records say of what was around their steps. Pure. */
export function sampleOfRecord(record: MemoryLogEntry): MemorySample {
  return {
    time: record.time,
    container: record.cgroup_bytes,
    machine: record.host_bytes,
    server: record.server_bytes,
    models: null,
    gpu: record.gpu_bytes,
  };
}

/** A load or an unload, which is what a swap is made of. */
export interface MemoryEvent {
  time: number;
  kind: "load" | "unload";
  model: string;
  /** What the web server held then, beside which the mark stands; 0 where it is not known. */
  bytes: number;
}

/** The loads and unloads that ended well. Pure. */
export function eventsOf(records: readonly MemoryLogEntry[]): MemoryEvent[] {
  return records.flatMap(({ step, phase, outcome, time, model, server_bytes }) => {
    if (phase !== "end" || outcome !== "done" || (step !== "load" && step !== "unload")) return [];
    return [{ time, kind: step, model: model ?? "a model", bytes: server_bytes ?? 0 }];
  });
}

/** In order of time, those since `from`; of very many, evenly chosen ones. Pure. */
export function samplesSince(samples: readonly MemorySample[], from: number, most = 1_500): MemorySample[] {
  const shown = samples.filter(({ time }) => time >= from).sort((left, right) => left.time - right.time);
  if (shown.length <= most) return shown;
  const every = shown.length / most;
  return Array.from({ length: most }, (_, index) => shown[Math.floor(index * every)] as MemorySample);
}
