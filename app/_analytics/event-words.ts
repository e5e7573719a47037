import type { MemoryEventEntry } from "@/lib/wire";

import { formatBytes, formatDuration } from "../_chat/format";

/** What happened, and why, as a sentence without its model. Pure. */
export function eventWords(event: MemoryEventEntry): string {
  switch (event.event) {
    case "server_started":
      return "the server started";
    case "server_stopped":
      return "the server ended";
    case "loaded":
      return `was loaded${tookWords(event)}${placeWords(event)}`;
    case "load_failed":
      return `could not be loaded: ${event.message ?? event.code ?? "no reason is on record"}`;
    case "evicted":
      return evictionWords(event);
    case "unloaded":
      return `was unloaded: ${unloadWords(event)}`;
    case "stood_in":
      return `answers in place of ${event.for ?? "another model"}, which cannot be had: ${event.message ?? "nobody knows why"}`;
    case "crashed":
      return `ended by itself: ${event.message ?? "nobody knows why"}`;
    default:
      return event.event;
  }
}

function tookWords({ load_ms, held_bytes }: MemoryEventEntry): string {
  const parts = [
    ...(load_ms === null ? [] : [`in ${formatDuration(load_ms)}`]),
    ...(held_bytes === null ? [] : [`takes ${formatBytes(held_bytes)}`]),
  ];
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

function placeWords({ replaced }: MemoryEventEntry): string {
  return replaced === null || replaced.length === 0 ? "" : `; a swap: it took the place of ${replaced.join(" and ")}`;
}

/** Whom it made room for, and the sum that did not work out. */
function evictionWords(event: MemoryEventEntry): string {
  const { needed_bytes, budget_bytes, models_bytes, other_bytes, idle_ms } = event;
  const idle = idle_ms === null ? "" : `; nobody had used it for ${formatDuration(idle_ms)}`;
  const whom = `made room for ${event.for ?? "another model"}`;
  if (needed_bytes === null || budget_bytes === null || models_bytes === null || other_bytes === null)
    return `${whom}${idle}`;
  return (
    `${whom}, which needed ${formatBytes(needed_bytes)}: models held ${formatBytes(models_bytes)} and all else ` +
    `${formatBytes(other_bytes)} of ${formatBytes(budget_bytes)}${idle}`
  );
}

function unloadWords({ reason, idle_ms }: MemoryEventEntry): string {
  switch (reason) {
    case "asked":
      return "somebody asked for it";
    case "idle":
      return idle_ms === null ? "nobody used it" : `nobody had used it for ${formatDuration(idle_ms)}`;
    case "abandoned":
      return "nobody waited for it any more";
    case "closing":
      return "the server ended";
    default:
      return "no reason is on record";
  }
}

/** What a mark on the line of time is. */
export type EventMark = "load" | "unload" | "crash";

/** Null: it leaves no mark. Pure. */
export function markOf({ event }: MemoryEventEntry): EventMark | null {
  if (event === "loaded") return "load";
  if (event === "evicted" || event === "unloaded") return "unload";
  return event === "crashed" ? "crash" : null;
}
