import type { CleaningProgress, ExecutedPlan, ExecuteOptions } from "../hub";
import { watchWork, type WorkEvent } from "./watch-work";

/** What is told of a cleaning while it happens; the last one is `done` or `failed`. */
export type CleaningEvent = WorkEvent<CleaningProgress, { executed: ExecutedPlan }>;

/** The cleanings that go on, by the id of their plan. Each goes on whether or not somebody listens. */
export class Cleanings {
  readonly #running = new Map<string, Set<AbortController>>();

  /**
   * Runs a cleaning that `cancel` can end.
   *
   * @param signal ends it too
   */
  async run(
    id: string,
    { signal, ...options }: ExecuteOptions,
    clean: (options: ExecuteOptions) => Promise<ExecutedPlan>,
  ): Promise<ExecutedPlan> {
    const abort = new AbortController();
    const ofPlan = this.#running.get(id) ?? new Set();
    this.#running.set(id, ofPlan.add(abort));
    try {
      const either = signal === undefined ? abort.signal : AbortSignal.any([abort.signal, signal]);
      return await clean({ ...options, signal: either });
    } finally {
      ofPlan.delete(abort);
      if (ofPlan.size === 0) this.#running.delete(id);
    }
  }

  /** Ends the cleanings of this plan after the file that is its turn; returns whether there were any. */
  cancel(id: string): boolean {
    const ofPlan = this.#running.get(id);
    for (const abort of ofPlan ?? []) abort.abort();
    return ofPlan !== undefined;
  }

  cancelAll(): void {
    for (const id of this.#running.keys()) this.cancel(id);
  }
}

/** A cleaning, told while it happens, as `watchWork` does. */
export function watchCleaning(
  start: (onProgress: (progress: CleaningProgress) => void) => Promise<ExecutedPlan>,
): AsyncGenerator<CleaningEvent, void, void> {
  return watchWork(async (onProgress: (progress: CleaningProgress) => void) => ({ executed: await start(onProgress) }));
}
