import { constants } from "node:os";

/**
 * Runs something that Ctrl+C, or whoever ends this process, ends in its own orderly way; the exit code is then the one a
 * shell reports for that signal.
 *
 * @param farewell said on standard error in that case, instead of what `run` throws
 */
export async function untilInterrupted<Result>(
  run: (signal: AbortSignal) => Promise<Result>,
  farewell: string | null = null,
): Promise<Result | undefined> {
  const abort = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    process.exitCode = 128 + constants.signals[signal];
    abort.abort();
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    return await run(abort.signal);
  } catch (thrown) {
    if (!abort.signal.aborted || farewell === null) throw thrown;
    process.stderr.write(`Stopped. ${farewell}\n`);
    return undefined;
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}
