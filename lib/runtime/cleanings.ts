import { toMemwellError, type ErrorRecord } from "../errors";
import type { CleaningProgress, ExecutedPlan, ExecuteOptions } from "../hub";

/** What is told of a cleaning while it happens; the last one is `done` or `failed`. */
export type CleaningEvent =
  | ({ type: "progress" } & CleaningProgress)
  | { type: "done"; executed: ExecutedPlan }
  | { type: "failed"; error: ErrorRecord };

/** Often enough for a bar to move, seldom enough to cost nothing. */
const TELL_EVERY_MS = 100;

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

/**
 * A cleaning, told while it happens: now and then how far it is, then its end. Who stops listening does not stop it.
 *
 * @param start begins it, and is given whom to tell
 */
export async function* watchCleaning(
  start: (onProgress: (progress: CleaningProgress) => void) => Promise<ExecutedPlan>,
): AsyncGenerator<CleaningEvent, void, void> {
  let latest: CleaningProgress | null = null;
  let told: CleaningProgress | null = null;
  let begin = (): void => {};
  const begun = new Promise<null>((resolve) => (begin = () => resolve(null)));
  const ended = start((progress) => {
    latest = progress;
    begin();
  }).then(
    (executed): CleaningEvent => ({ type: "done", executed }),
    (thrown: unknown): CleaningEvent => ({ type: "failed", error: toMemwellError(thrown).toRecord() }),
  );
  for (let isFirst = true; ; isFirst = false) {
    const end = await (isFirst ? Promise.race([ended, begun]) : endOrPause(ended));
    const news = latest as CleaningProgress | null;
    if (news !== null && news !== told) yield { type: "progress", ...news };
    told = news;
    if (end !== null) return yield end;
  }
}

/** Null: it has not ended yet. */
async function endOrPause(ended: Promise<CleaningEvent>): Promise<CleaningEvent | null> {
  let timer: NodeJS.Timeout | undefined;
  const pause = new Promise<null>((resolve) => (timer = setTimeout(resolve, TELL_EVERY_MS, null)));
  try {
    return await Promise.race([ended, pause]);
  } finally {
    clearTimeout(timer);
  }
}
