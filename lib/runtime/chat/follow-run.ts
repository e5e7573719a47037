import { MemwellError } from "../../errors";
import type { RunEvents } from "../../store";
import type { FollowedEvent, RecordedEvent } from "./contract";
import type { LiveRun } from "./live-run";

/** How soon the events of another process's run are seen. */
const LOOK_EVERY_MS = 500;

export interface FollowParts {
  /** The events behind this number. */
  read: (after: number) => Promise<RunEvents>;
  /** Resolves when there may be more; rejects when `leave` is aborted. */
  news: (leave: AbortSignal) => Promise<unknown>;
  /** The run, if this process works on it. */
  live: () => LiveRun | null;
}

/**
 * Reads a run from the store as it grows. What a reader sees is stored already, so that it is there again for whoever comes
 * back; and a slow reader costs no memory.
 *
 * @throws MemwellError what the store throws, or why the end of the run could not be recorded
 */
export async function* followRun(
  parts: FollowParts,
  after: number,
  signal?: AbortSignal,
): AsyncGenerator<FollowedEvent, void, void> {
  let seen = after;
  const isLeft = (): boolean => signal?.aborted === true;
  while (!isLeft()) {
    const leave = new AbortController();
    // Listened for before reading: what comes in between is not missed.
    const news = parts.news(leave.signal).catch(() => {});
    try {
      const { events, run } = await parts.read(seen);
      // A reader that stops reading here, without a word, must leave nothing behind.
      if (events.length > 0) leave.abort();
      for (const { sequence, event } of events) {
        yield { type: "event", sequence, event: event as RecordedEvent };
        seen = sequence;
      }
      const { outcome } = run;
      if (outcome !== null && (seen >= run.lastSequence || run.isTrimmed)) {
        yield { type: "end", run: { ...run, outcome } };
        return;
      }
      const unrecorded = parts.live()?.unrecorded ?? null;
      if (unrecorded !== null) throw MemwellError.fromRecord(unrecorded);
      if (events.length === 0) await firstOf(news, signal);
    } finally {
      leave.abort();
    }
  }
}

/** News, the reader's leaving, or the time to look again. */
async function firstOf(news: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  let forget = (): void => {};
  const other = new Promise<void>((resolve) => {
    const leave = (): void => resolve();
    const timer = setTimeout(leave, LOOK_EVERY_MS);
    signal?.addEventListener("abort", leave, { once: true });
    forget = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", leave);
    };
  });
  await Promise.race([news, other]);
  forget();
}
