import { setImmediate } from "node:timers/promises";
import { MemwellError } from "../../errors";

const TURN_MS = 20;

/** Lets others run every now and then during work that holds the thread, and ends it when it was cancelled. */
export class Pauses {
  /** What the work has looked at, as it counts it. */
  nbSeen = 0;
  #until = performance.now() + TURN_MS;

  /** @param onTurn told each time that others may run */
  constructor(
    readonly signal: AbortSignal | undefined,
    readonly onTurn: (nbSeen: number) => void = () => {},
  ) {}

  get isDue(): boolean {
    return performance.now() >= this.#until;
  }

  /** @throws MemwellError `aborted` */
  async take(): Promise<void> {
    this.onTurn(this.nbSeen);
    await setImmediate();
    if (this.signal?.aborted) throw new MemwellError("aborted", "The audit was cancelled. Nothing was changed.");
    this.#until = performance.now() + TURN_MS;
  }

  /** @throws MemwellError `aborted` */
  async takeIfDue(): Promise<void> {
    if (this.isDue) await this.take();
  }
}
