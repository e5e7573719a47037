/** Runs something that Ctrl+C, or whoever ends this process, ends in its own orderly way. */
export async function untilInterrupted<Result>(run: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  try {
    return await run(abort.signal);
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
    // As a shell reports a program that Ctrl+C ended.
    if (abort.signal.aborted) process.exitCode = 130;
  }
}
