import type { SeriesName } from "../memory";

/** The most of one series of samples, and when; null: never seen. */
interface PeakMoment {
  bytes: number;
  /** In ms since 1970. */
  time: number;
}

/** What the encoder needs of a process; the runtime's figures fit. In bytes. */
interface ProcessFigures {
  rss: number;
  peak: number;
  anonymous: number;
  file: number;
}

/** What the encoder needs of the runtime's memory report; it fits. */
export interface MemoryFigures {
  limit: { bytes: number; bound: string; candidates: { bound: string; source: string; bytes: number }[] };
  threshold: number;
  budgetBytes: number;
  use: {
    usedBytes: number;
    anonymous: number;
    unevictable: number;
    kernel: number;
    file: number;
    currentBytes: number | null;
    source: string;
  };
  server: ProcessFigures | null;
  spare: ProcessFigures | null;
  models: { ids: string[]; pid: number; state: string; forecastBytes: number; memory: ProcessFigures | null }[];
  queue: { length: number; limit: number; waiting: { model: string; waitedMs: number }[] };
  gpu: { gpus: object[]; problem: string | null; message: string | null };
  oomKills: number | null;
  peaks: (SeriesName & { sinceStart: PeakMoment | null; kept: PeakMoment | null })[];
}

interface ProcessEntry {
  rss: number;
  peak: number;
  anonymous: number;
  file: number;
}

/** The body of `GET /api/memory`. In bytes. */
export interface MemoryBody {
  limit: { bytes: number; bound: string; candidates: { bound: string; source: string; bytes: number }[] };
  threshold: number;
  budget: number;
  /** `used` cannot be dropped; `file` is page cache and no pressure; `current` is the container's raw figure. */
  use: {
    used: number;
    anonymous: number;
    unevictable: number;
    kernel: number;
    file: number;
    current: number | null;
    source: string;
  };
  server: ProcessEntry | null;
  spare: ProcessEntry | null;
  /** `forecast`: what the model was expected to take when it was loaded. */
  models: ({ ids: string[]; pid: number; state: string; forecast: number } & Partial<ProcessEntry>)[];
  /** Who waits for a model, in order of arrival; `limit` may wait at the same time. */
  queue: { length: number; limit: number; waiting: { model: string; waited_ms: number }[] };
  gpus: object[];
  gpu_problem: { code: string; message: string | null } | null;
  oom_kills: number | null;
  /** The most of each series of `GET /api/memory/samples`: since this server started, and over all samples kept. */
  peaks: (SeriesName & { since_start: PeakMoment | null; kept: PeakMoment | null })[];
}

export function encodeMemory(report: MemoryFigures): MemoryBody {
  const { use, gpu } = report;
  const processEntry = (figures: ProcessFigures): ProcessEntry => ({
    rss: figures.rss,
    peak: figures.peak,
    anonymous: figures.anonymous,
    file: figures.file,
  });
  return {
    limit: report.limit,
    threshold: report.threshold,
    budget: report.budgetBytes,
    use: {
      used: use.usedBytes,
      anonymous: use.anonymous,
      unevictable: use.unevictable,
      kernel: use.kernel,
      file: use.file,
      current: use.currentBytes,
      source: use.source,
    },
    server: report.server && processEntry(report.server),
    spare: report.spare && processEntry(report.spare),
    models: report.models.map(({ ids, pid, state, forecastBytes, memory }) => ({
      ids,
      pid,
      state,
      forecast: forecastBytes,
      ...(memory && processEntry(memory)),
    })),
    queue: {
      length: report.queue.length,
      limit: report.queue.limit,
      waiting: report.queue.waiting.map(({ model, waitedMs }) => ({ model, waited_ms: Math.round(waitedMs) })),
    },
    gpus: gpu.gpus,
    // A machine without a GPU is no problem to tell anybody of.
    gpu_problem:
      gpu.problem === null || gpu.problem === "no_program" || gpu.problem === "no_device"
        ? null
        : { code: gpu.problem, message: gpu.message },
    oom_kills: report.oomKills,
    peaks: report.peaks.map(({ of, name, figure, sinceStart, kept }) => ({
      of,
      name,
      figure,
      since_start: sinceStart,
      kept,
    })),
  };
}
