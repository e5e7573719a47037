import type { GpuStatus } from "./gpu";
import type { LatestGpus } from "./latest-gpus";
import { readProcessMemory, type ProcessMemory } from "./process";
import type { MemorySample, SampledFigure, SeriesOwner } from "./sample";
import { findMemoryGroup, readMemoryUse, type MemoryUse } from "./use";

/** A process to look at; several with one name are not told apart. */
export interface SampledProcess {
  of: "server" | "spare" | "model";
  name: string | null;
  pid: number;
}

/** What does not change while the server runs. In bytes; null where there is no such limit. */
export interface SampleLimits {
  container: number | null;
  host: number | null;
  budget: number;
}

/** Where samples get their figures from; null where nobody can say. None of them may block for long. */
export interface SampleReaders {
  process(pid: number): ProcessMemory | null;
  container(): MemoryUse | null;
  host(): MemoryUse | null;
}

/** This machine. The cgroup is looked for once: a process is not moved to another while it lives. */
export function machineSampleReaders(): SampleReaders {
  const group = findMemoryGroup();
  const known = (use: MemoryUse, source: MemoryUse["source"]): MemoryUse | null => (use.source === source ? use : null);
  return {
    process: (pid) => readProcessMemory(pid),
    container: () => (group === null ? null : known(readMemoryUse({ group }), "cgroup")),
    host: () => known(readMemoryUse({ scope: "host" }), "host"),
  };
}

/**
 * Reads samples. A process's peak between two of them is not missed: the kernel's high-water mark counts for the sample in
 * which it has risen, and for the first one of a process as a whole.
 */
export class SampleReader {
  /** The high-water mark of each process as last seen. */
  #marks = new Map<number, number>();
  #lastGpus: GpuStatus | null = null;

  constructor(
    private readonly parts: {
      processes: () => readonly SampledProcess[];
      limits: SampleLimits;
      /** Null: GPUs are left out. */
      gpus: LatestGpus | null;
      readers: SampleReaders;
    },
  ) {}

  /** @param time now, in ms since the epoch */
  read(time: number): MemorySample {
    const { readers, limits } = this.parts;
    return {
      time,
      figures: [
        ...this.#processes(),
        ...area("container", readers.container(), limits.container),
        ...area("host", readers.host(), limits.host),
        ...this.#gpus(),
        figure("budget", null, "limit", limits.budget),
      ],
    };
  }

  #processes(): SampledFigure[] {
    const marks = new Map<number, number>();
    const figures = this.parts.processes().flatMap(({ of, name, pid }) => {
      const memory = this.parts.readers.process(pid);
      if (memory === null) return [];
      const hasRisen = memory.peak > (this.#marks.get(pid) ?? 0);
      marks.set(pid, memory.peak);
      return [
        {
          ...figure(of, name, "resident", memory.rss),
          peak: hasRisen ? Math.max(memory.peak, memory.rss) : memory.rss,
        },
        figure(of, name, "anonymous", memory.anonymous),
        figure(of, name, "file", memory.file),
      ];
    });
    this.#marks = marks;
    return figures;
  }

  /** Each answer of the driver once: it is asked less often than samples are taken. */
  #gpus(): SampledFigure[] {
    const status = this.parts.gpus?.read() ?? null;
    if (status === null || status === this.#lastGpus) return [];
    this.#lastGpus = status;
    return status.gpus.flatMap(({ index, usedBytes, totalBytes }) => [
      ...(usedBytes === null ? [] : [figure("gpu", String(index), "used", usedBytes)]),
      ...(totalBytes === null ? [] : [figure("gpu", String(index), "limit", totalBytes)]),
    ]);
  }
}

function area(of: "container" | "host", use: MemoryUse | null, limit: number | null): SampledFigure[] {
  if (use === null) return [];
  return [
    figure(of, null, "used", use.usedBytes),
    ...(of === "container" ? [figure(of, null, "anonymous", use.anonymous)] : []),
    figure(of, null, "file", use.file),
    ...(limit === null ? [] : [figure(of, null, "limit", limit)]),
  ];
}

function figure(of: SeriesOwner, name: string | null, what: SampledFigure["figure"], bytes: number): SampledFigure {
  return { of, name, figure: what, bytes, peak: bytes };
}
