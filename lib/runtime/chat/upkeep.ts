import { messageOf } from "../../errors";
import type { ConversationStore, RunStore } from "../../store";

const BEAT_EVERY_MS = 10_000;
/** A server that was not heard of for so long has died. */
const STALE_MS = 60_000;
const TRIM_EVERY_MS = 10 * 60_000;
/** A removed conversation can be brought back for a week. */
const PURGE_AFTER_MS = 7 * 86_400_000;

/**
 * Says that this server is alive, ends the runs of those that died, and deletes what is too old.
 *
 * @returns what ends it
 */
export function startUpkeep(
  { runs, conversations }: { runs: RunStore; conversations: ConversationStore },
  warn: (warning: string) => void,
): () => void {
  let hasWarned = false;
  const quietly = (work: () => Promise<unknown>) => (): void =>
    void work().catch((thrown: unknown) => {
      if (!hasWarned) warn(`The records of answers could not be looked after: ${messageOf(thrown)}`);
      hasWarned = true;
    });
  const timers = [
    setInterval(
      quietly(() => runs.reap(Date.now(), STALE_MS)),
      BEAT_EVERY_MS,
    ),
    setInterval(
      quietly(async () => {
        await runs.trim();
        await conversations.purge(PURGE_AFTER_MS);
      }),
      TRIM_EVERY_MS,
    ),
  ];
  for (const timer of timers) timer.unref();
  return () => timers.forEach((timer) => clearInterval(timer));
}
