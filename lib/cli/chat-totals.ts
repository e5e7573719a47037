import type { ModelDescription } from "../runtime";
import type { StepEnd } from "./chat-events";
import { summaryLine } from "./chat-steps";

/** Adds up the steps of one turn, from when it is made. */
export class TurnAccount {
  readonly #startedAt = performance.now();
  readonly #totals = { steps: 0, peakBytes: 0, swaps: 0 };

  /** @param heldBytes what the models' processes hold at the step's end */
  add({ swapped_out }: Pick<StepEnd, "swapped_out">, heldBytes: number): void {
    this.#totals.steps += 1;
    this.#totals.peakBytes = Math.max(this.#totals.peakBytes, heldBytes);
    if (swapped_out.length > 0) this.#totals.swaps += 1;
  }

  /** The turn in one line; null before any step has ended. */
  summary(isStopped: boolean): string | null {
    if (this.#totals.steps === 0) return null;
    return summaryLine({ ...this.#totals, durationMs: performance.now() - this.#startedAt }, isStopped);
  }
}

/** Bytes that the processes of all models hold now; models that share a process count once. */
export function heldByModels(models: readonly Pick<ModelDescription, "info" | "residentBytes">[]): number {
  const processes = new Map(models.map(({ info, residentBytes }) => [info?.pid, residentBytes ?? 0]));
  return [...processes.values()].reduce((sum, bytes) => sum + bytes, 0);
}
