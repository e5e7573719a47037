import { writeFile } from "node:fs/promises";
import type { CloseContextResult, ContextSettings, LoadProgress, OpenContextResult } from "../contract";
import { contextBytesOf, contextOf, type Host } from "./host";

/**
 * One more context on the same weights; one that is open is left as it is.
 *
 * @throws MemwellError `adapter_invalid`, `model_unsupported`
 */
export async function openContext(
  host: Host,
  settings: ContextSettings,
  tell: (progress: LoadProgress) => void,
): Promise<OpenContextResult> {
  if (!host.contexts.has(settings.name)) host.contexts.set(settings.name, await host.opener.open(settings, tell));
  return { contextBytes: contextBytesOf(host.contexts) };
}

/**
 * Gives back a context's memory. Requests that it works on end first; what its sequences hold is kept on disk, as many of
 * them as can be begun within `withinMs`.
 */
export async function closeContext(
  host: Host,
  name: string,
  withinMs: number,
  signal: AbortSignal,
): Promise<CloseContextResult> {
  const hosted = contextOf(host, name);
  const { slots, shelf, context } = hosted;
  const leases = await slots.leaseAll(signal);
  host.contexts.delete(name);
  const result = { sequences: 0, tokens: 0, bytes: 0 };
  const startedAt = performance.now();
  for (const { slot } of leases.sort((one, other) => other.slot.lastUsed - one.slot.lastUsed)) {
    if (shelf === null || performance.now() - startedAt > withinMs) break;
    const kept = await shelf.keep(slot.sequence, "conversation");
    if (kept === null) continue;
    result.sequences++;
    result.tokens += kept.tokens.length;
    result.bytes += kept.bytes;
  }
  await context.dispose();
  return { ...result, contextBytes: contextBytesOf(host.contexts), isPeakReset: await resetPeak() };
}

/**
 * From here on the most this process held is what it holds now (`clear_refs` in `man 5 proc`): what a context took must not
 * count once it is gone. False where the system has no such thing.
 */
async function resetPeak(): Promise<boolean> {
  return writeFile("/proc/self/clear_refs", "5").then(
    () => true,
    () => false,
  );
}
