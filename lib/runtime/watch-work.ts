import { toMemwellError, type ErrorRecord } from "../errors";

/** What is told of long work while it happens; the last one is `done` or `failed`. */
export type WorkEvent<Progress, Done> =
  ({ type: "progress" } & Progress) | ({ type: "done" } & Done) | { type: "failed"; error: ErrorRecord };

/** Often enough for a bar to move, seldom enough to cost nothing. */
const TELL_EVERY_MS = 100;

/**
 * Work, told while it happens: now and then how far it is, then its end. Who stops listening does not stop it.
 *
 * @param start begins it, and is given whom to tell
 */
export async function* watchWork<Progress extends object, Done extends object>(
  start: (onProgress: (progress: Progress) => void) => Promise<Done>,
): AsyncGenerator<WorkEvent<Progress, Done>, void, void> {
  let latest: Progress | null = null;
  let told: Progress | null = null;
  let begin = (): void => {};
  const begun = new Promise<null>((resolve) => (begin = () => resolve(null)));
  const ended = start((progress) => {
    latest = progress;
    begin();
  }).then(
    (done): WorkEvent<Progress, Done> => ({ type: "done", ...done }),
    (thrown: unknown): WorkEvent<Progress, Done> => ({ type: "failed", error: toMemwellError(thrown).toRecord() }),
  );
  for (let isFirst = true; ; isFirst = false) {
    const end = await (isFirst ? Promise.race([ended, begun]) : endOrPause(ended));
    const news = latest as Progress | null;
    if (news !== null && news !== told) yield { type: "progress", ...news };
    told = news;
    if (end !== null) return yield end;
  }
}

/** Null: it has not ended yet. */
async function endOrPause<End>(ended: Promise<End>): Promise<End | null> {
  let timer: NodeJS.Timeout | undefined;
  const pause = new Promise<null>((resolve) => (timer = setTimeout(resolve, TELL_EVERY_MS, null)));
  try {
    return await Promise.race([ended, pause]);
  } finally {
    clearTimeout(timer);
  }
}
