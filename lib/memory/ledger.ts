import { LatestGpus } from "./latest-gpus";
import type { ProcessReading, Surroundings } from "./ledger-peak";
import { machineClock, machineReaders, type LedgerClock, type LedgerReaders } from "./ledger-readers";
import type { LedgerStep, NewLedgerRecord } from "./ledger-record";
import { RecordedStep, type OpenStep, type StepSubject } from "./ledger-step";

const SAMPLE_EVERY_MS = 100;
/** A reading of server, container, host and GPUs serves everyone who asks within this time. */
const SHARED_FOR_MS = 20;

export interface LedgerOptions {
  /** Where records go. It may throw: the record is then lost and counted, and the step goes on. */
  write: (record: NewLedgerRecord) => void;
  /** One line for each finished step. */
  log?: ((line: string) => void) | undefined;
  readers?: LedgerReaders;
  clock?: LedgerClock;
  /** Shared with whoever else asks, so that they ask no more often together; one of its own when absent. */
  gpus?: LatestGpus | undefined;
  /** 100 by default. */
  sampleEveryMs?: number;
}

/**
 * Records the memory of every step: when it begins, at its fullest, and when it ends. A ledger is an aid: nothing that
 * goes wrong in it reaches the step.
 *
 * While a step is open, one timer samples the processes of all open steps and what is around them; there is no timer when
 * none is.
 */
export class Ledger {
  readonly #write: LedgerOptions["write"];
  readonly #log: LedgerOptions["log"];
  readonly #readers: LedgerReaders;
  readonly #clock: LedgerClock;
  readonly #gpus: LatestGpus;
  readonly #sampleEveryMs: number;
  readonly #open = new Set<RecordedStep>();
  #shared: { at: number; around: Surroundings } | null = null;
  #stopTimer: (() => void) | null = null;
  #isClosed = false;
  #written = 0;
  #lost = 0;

  constructor(options: LedgerOptions) {
    this.#write = options.write;
    this.#log = options.log;
    this.#readers = options.readers ?? machineReaders();
    this.#clock = options.clock ?? machineClock;
    this.#sampleEveryMs = options.sampleEveryMs ?? SAMPLE_EVERY_MS;
    this.#gpus =
      options.gpus ??
      new LatestGpus(
        () => this.#readers.gpu(),
        () => this.#clock.elapsed(),
      );
  }

  /** Records written, and records that could not be. */
  get counts(): { written: number; lost: number } {
    return { written: this.#written, lost: this.#lost };
  }

  /** Begins a step; its `start` record is written when this returns. After `close` nothing is recorded any more. */
  logMemory(step: LedgerStep, subject: StepSubject = {}): OpenStep {
    if (this.#isClosed) return { pid: null, end: () => {} };
    const opened = new RecordedStep(step, subject, {
      elapsed: () => this.#clock.elapsed(),
      around: () => this.#around(),
      process: (pid) => this.#process(pid),
      put: (record) => this.#put(record),
      ended: (ended, line) => this.#ended(ended, line),
    });
    this.#open.add(opened);
    opened.begin();
    this.#stopTimer ??= this.#clock.every(this.#sampleEveryMs, () => this.#sample());
    return opened;
  }

  /**
   * Records a step around some work: done when it resolves, aborted or failed by what it throws, which is thrown on.
   *
   * @param tokens how many tokens the result stands for
   */
  async during<Result>(
    step: LedgerStep,
    subject: StepSubject,
    work: (open: OpenStep) => Promise<Result>,
    tokens: (result: Result) => number | null = () => null,
  ): Promise<Result> {
    const open = this.logMemory(step, subject);
    try {
      const result = await work(open);
      open.end({ tokens: tokens(result) });
      return result;
    } catch (thrown) {
      open.end({ outcome: outcomeOf(thrown) });
      throw thrown;
    }
  }

  /** Ends what is still open as aborted. */
  close(): void {
    for (const step of [...this.#open]) step.end({ outcome: "aborted" });
    this.#isClosed = true;
  }

  #sample(): void {
    const around = this.#around();
    const readings = new Map<number, ProcessReading | null>();
    for (const step of this.#open) {
      const { pid } = step;
      if (pid !== null && !readings.has(pid)) readings.set(pid, this.#process(pid));
      step.see(around, pid === null ? null : (readings.get(pid) ?? null));
    }
  }

  #around(): Surroundings {
    const at = this.#clock.elapsed();
    if (this.#shared === null || at - this.#shared.at >= SHARED_FOR_MS) {
      const around = {
        time: this.#clock.time(),
        serverBytes: orNull(() => this.#readers.server()),
        cgroupBytes: orNull(() => this.#readers.container()),
        hostBytes: orNull(() => this.#readers.host()),
        gpuBytes: this.#gpus.usedBytes(),
      };
      this.#shared = { at, around };
    }
    // The time is that of the asking: records of one step must not seem to be out of order.
    return { ...this.#shared.around, time: this.#clock.time() };
  }

  #process(pid: number): ProcessReading | null {
    return orNull(() => this.#readers.process(pid));
  }

  #put(record: NewLedgerRecord): void {
    try {
      this.#write(record);
      this.#written++;
    } catch {
      this.#lost++;
    }
  }

  #ended(step: RecordedStep, line: string): void {
    this.#open.delete(step);
    if (this.#open.size === 0) {
      this.#stopTimer?.();
      this.#stopTimer = null;
    }
    orNull(() => this.#log?.(line));
  }
}

/** What the owner or the caller ended on purpose did not fail. */
function outcomeOf(thrown: unknown): "failed" | "aborted" {
  const code = typeof thrown === "object" && thrown !== null && "code" in thrown ? thrown.code : null;
  return code === "aborted" || code === "engine_stopped" || code === "engine_closed" ? "aborted" : "failed";
}

function orNull<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch {
    return null;
  }
}
