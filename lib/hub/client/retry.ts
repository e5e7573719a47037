import { setTimeout as sleep } from "node:timers/promises";
import { MemwellError } from "../../errors";
import { isPassing } from "./errors";

/** How long a server is waited for. Times in ms. */
export interface Patience {
  /** Tries after the first, each without a single byte gained. */
  retries: number;
  /** Before the first of these; it doubles each time, up to `longestWaitMs`. */
  firstWaitMs: number;
  /** Caps what a server asks for with `Retry-After` too. */
  longestWaitMs: number;
  /** Without a byte for so long, a connection counts as cut. */
  stallMs: number;
}

export const DEFAULT_PATIENCE: Patience = {
  retries: 6,
  firstWaitMs: 500,
  longestWaitMs: 60_000,
  stallMs: 30_000,
};

/** For a question, which somebody waits for, and which is soon asked again. */
export const QUESTION_PATIENCE: Patience = { ...DEFAULT_PATIENCE, retries: 2 };

export interface Retrying {
  patience?: Patience | undefined;
  signal?: AbortSignal | undefined;
  /** True when the try that just failed got somewhere: the count starts again. */
  hasProgressed?: (() => boolean) | undefined;
  onRetry?: ((error: MemwellError, waitMs: number) => void) | undefined;
}

/**
 * Tries until it works, while what is thrown is a MemwellError that may pass.
 *
 * @throws MemwellError the last one thrown; `aborted`.
 */
export async function withRetries<Result>(attempt: () => Promise<Result>, retrying: Retrying = {}): Promise<Result> {
  const patience = retrying.patience ?? DEFAULT_PATIENCE;
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (thrown) {
      if (retrying.signal?.aborted) throw cancelled(thrown);
      if (retrying.hasProgressed?.()) failures = 1;
      if (!(thrown instanceof MemwellError) || !isPassing(thrown) || failures > patience.retries) throw thrown;
      const waitMs = waitAfter(thrown, failures, patience);
      retrying.onRetry?.(thrown, waitMs);
      await pause(waitMs, retrying.signal);
    }
  }
}

/** Twice as long each time, and never the same for two who wait, so that they do not all come back at once. */
function waitAfter(error: MemwellError, failures: number, patience: Patience): number {
  const asked = error.fields["retry_after_ms"];
  const doubled = patience.firstWaitMs * 2 ** (failures - 1) * (0.5 + Math.random() / 2);
  return Math.round(Math.min(patience.longestWaitMs, typeof asked === "number" ? Math.max(asked, doubled) : doubled));
}

async function pause(waitMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(waitMs, undefined, { signal });
  } catch (thrown) {
    throw cancelled(thrown);
  }
}

function cancelled(cause: unknown): MemwellError {
  return new MemwellError("aborted", "The request to the Hub was cancelled.", {}, { cause });
}
