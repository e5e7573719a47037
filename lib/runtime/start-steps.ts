import type { LoadProgress } from "../engine";
import type { Ledger, LedgerStep, OpenStep, StepSubject } from "../memory";

const STEP_OF_STAGE = {
  process: "start",
  model: "load",
  adapter: "context",
  context: "context",
} as const satisfies Record<LoadProgress["stage"], LedgerStep>;

/**
 * Records the start of an engine in the ledger as its three steps, by listening to its progress: `start` until it reads
 * weights, `load` until they are in memory, `context` until it answers. Begins with `start` when it is made.
 */
export class StartSteps {
  #open: OpenStep;
  #step: LedgerStep = "start";

  /** @param pid the process, null as long as there is none; asked at every event */
  constructor(
    private readonly ledger: Ledger,
    private readonly subject: Omit<StepSubject, "pid">,
    private readonly pid: () => number | null,
  ) {
    this.#open = ledger.logMemory("start", subject);
  }

  see(progress: LoadProgress): void {
    const pid = this.pid();
    this.#open.pid = pid;
    const step = STEP_OF_STAGE[progress.stage];
    if (step === this.#step) return;
    this.#open.end();
    this.#step = step;
    this.#open = this.ledger.logMemory(step, { ...this.subject, pid });
  }

  /** Ends the last step; the first call counts. */
  end(outcome: "done" | "failed" | "aborted" = "done"): void {
    this.#open.end({ outcome });
  }
}
