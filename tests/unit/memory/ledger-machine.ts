import type { GpuStatus, LedgerClock, LedgerReaders, NewLedgerRecord } from "../../../lib/memory";
import { Ledger, type LedgerOptions } from "../../../lib/memory";

const NO_GPU: GpuStatus = { gpus: [], processes: [], problem: "no_program", message: null };

/** A machine whose figures and clock a test sets, and a ledger on it that keeps its records. */
export function ledgerMachine(options: Partial<LedgerOptions> = {}) {
  const processes = new Map<number, { rss: number; peak: number }>();
  const around = { server: 1_000 as number | null, container: 5_000 as number | null, host: 9_000 as number | null };
  const reads = { process: 0, server: 0, container: 0, host: 0, gpu: 0 };
  const state = { now: 0, timers: 0, task: null as (() => void) | null };
  const gpu = { answer: (): Promise<GpuStatus> => Promise.resolve(NO_GPU) };
  const readers: LedgerReaders = {
    process: (pid) => (reads.process++, processes.get(pid) ?? null),
    server: () => (reads.server++, around.server),
    container: () => (reads.container++, around.container),
    host: () => (reads.host++, around.host),
    gpu: () => (reads.gpu++, gpu.answer()),
  };
  const clock: LedgerClock = {
    time: () => 1_800_000_000_000 + state.now,
    elapsed: () => state.now,
    every: (_ms, task) => {
      state.timers++;
      state.task = task;
      return () => {
        state.timers--;
        state.task = null;
      };
    },
  };
  const records: NewLedgerRecord[] = [];
  const lines: string[] = [];
  const ledger = new Ledger({
    write: (record) => void records.push(record),
    log: (line) => void lines.push(line),
    readers,
    clock,
    ...options,
  });
  return {
    ledger,
    records,
    lines,
    around,
    reads,
    gpu,
    timers: () => state.timers,
    /** What a process holds now, and the high-water mark the kernel keeps; absent: it is gone. */
    hold: (pid: number, rss?: number, peak = Math.max(rss ?? 0, processes.get(pid)?.peak ?? 0)) =>
      rss === undefined ? processes.delete(pid) : processes.set(pid, { rss, peak }),
    /** Time goes by, and the sampler runs at its end if there is one. */
    pass: (ms: number) => {
      state.now += ms;
      state.task?.();
    },
    phase: (phase: NewLedgerRecord["phase"], step?: NewLedgerRecord["step"]) =>
      records.find((record) => record.phase === phase && (step === undefined || record.step === step)),
  };
}
