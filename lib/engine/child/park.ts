import type { ParkResult } from "../contract";
import type { Host } from "./host";

/** Writes what the idle sequences hold to disk, so that the next process of this model need not evaluate it again. */
export async function park(host: Host, withinMs: number, signal: AbortSignal): Promise<ParkResult> {
  const startedAt = performance.now();
  const result: ParkResult = { sequences: 0, tokens: 0, bytes: 0, threads: null };
  for (const { slots, shelf, threads } of host.contexts.values()) {
    if (threads.mode === "auto") result.threads ??= threads.remembered();
    const leases = shelf === null ? [] : slots.leaseIdle();
    // The last used first: should time run out, it is the likeliest to go on.
    for (const { slot } of leases.sort((one, other) => other.slot.lastUsed - one.slot.lastUsed)) {
      if (signal.aborted || performance.now() - startedAt > withinMs) break;
      const kept = (await shelf?.keep(slot.sequence, "conversation")) ?? null;
      if (kept === null) continue;
      result.sequences++;
      result.tokens += kept.tokens.length;
      result.bytes += kept.bytes;
    }
    for (const lease of leases) lease.release();
  }
  return result;
}
