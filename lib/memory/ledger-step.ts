import { randomUUID } from "node:crypto";
import { describeStep } from "./ledger-line";
import { StepPeak, type ProcessReading, type Surroundings } from "./ledger-peak";
import type { LedgerPhase, LedgerStep, NewLedgerRecord } from "./ledger-record";

/** Whose step it is; null and absent are the same: not known, or nobody's. Bytes. */
export interface StepSubject {
  run?: string | null | undefined;
  turn?: number | null | undefined;
  model?: string | null | undefined;
  pid?: number | null | undefined;
  forecastBytes?: number | null | undefined;
}

/** How a step ended; "done" when absent. */
export interface StepResult {
  tokens?: number | null | undefined;
  outcome?: "done" | "failed" | "aborted" | undefined;
}

/** A step under way. */
export interface OpenStep {
  /** The process to watch. A start has none at first: set it as soon as there is one. */
  pid: number | null;
  /** Writes the step's peak and end. Only the first call counts. */
  end(result?: StepResult): void;
}

/** What a step needs of its ledger. */
export interface StepHost {
  elapsed(): number;
  around(): Surroundings;
  process(pid: number): ProcessReading | null;
  put(record: NewLedgerRecord): void;
  ended(step: RecordedStep, line: string): void;
}

/** A step that writes its start when it begins, and its peak and end when it ends. */
export class RecordedStep implements OpenStep {
  readonly #step: LedgerStep;
  readonly #subject: StepSubject;
  readonly #host: StepHost;
  readonly #id = randomUUID();
  readonly #peak = new StepPeak();
  readonly #began: number;
  #pid: number | null;
  #start: NewLedgerRecord | null = null;
  #hasEnded = false;

  constructor(step: LedgerStep, subject: StepSubject, host: StepHost) {
    this.#step = step;
    this.#subject = { ...subject };
    this.#host = host;
    this.#pid = subject.pid ?? null;
    this.#began = host.elapsed();
  }

  get pid(): number | null {
    return this.#pid;
  }

  set pid(pid: number | null) {
    if (pid === this.#pid || this.#hasEnded) return;
    this.#pid = pid;
    // Read at once: what its high-water mark rises by from here on belongs to this step.
    if (pid !== null) this.see(this.#host.around(), this.#host.process(pid));
  }

  begin(): void {
    const { around, reading } = this.#look();
    this.#start = this.#record("start", around, reading?.rss ?? null);
    this.#host.put(this.#start);
  }

  see(around: Surroundings, reading: ProcessReading | null): void {
    this.#peak.add(around, this.#pid, reading);
  }

  end({ tokens = null, outcome = "done" }: StepResult = {}): void {
    if (this.#hasEnded || this.#start === null) return;
    const { around, reading } = this.#look();
    this.#hasEnded = true;
    const peak = this.#record("peak", this.#peak, this.#peak.processBytes);
    const end: NewLedgerRecord = {
      ...this.#record("end", around, reading?.rss ?? null),
      durationMs: Math.max(0, this.#host.elapsed() - this.#began),
      tokens,
      outcome,
    };
    this.#host.put(peak);
    this.#host.put(end);
    this.#host.ended(this, describeStep({ start: this.#start, peak, end }));
  }

  #look(): { around: Surroundings; reading: ProcessReading | null } {
    const around = this.#host.around();
    const reading = this.#pid === null ? null : this.#host.process(this.#pid);
    this.see(around, reading);
    return { around, reading };
  }

  #record(phase: LedgerPhase, around: Surroundings, processBytes: number | null): NewLedgerRecord {
    const { run, turn, model, forecastBytes } = this.#subject;
    return {
      time: around.time,
      stepId: this.#id,
      step: this.#step,
      phase,
      run: run ?? null,
      turn: turn ?? null,
      model: model ?? null,
      pid: this.#pid,
      forecastBytes: forecastBytes ?? null,
      processBytes,
      serverBytes: around.serverBytes,
      cgroupBytes: around.cgroupBytes,
      hostBytes: around.hostBytes,
      gpuBytes: around.gpuBytes,
      durationMs: null,
      tokens: null,
      outcome: null,
    };
  }
}
