import type { MemoryEventEntry } from "../wire";
import { bytes } from "./output";

const UNLOADED: Record<NonNullable<MemoryEventEntry["reason"]>, string> = {
  asked: "as was asked for",
  idle: "since nobody used it",
  abandoned: "since nobody waited for it any more",
  closing: "since the server ended",
};

/** One event in words, with the figures that explain it. */
export function describeEvent(event: MemoryEventEntry): string {
  const model = event.model ?? "a model";
  const held = event.held_bytes === null ? "" : ` (${bytes(event.held_bytes)})`;
  switch (event.event) {
    case "server_started":
      return "the server started";
    case "server_stopped":
      return "the server ended";
    case "loaded": {
      const instead = event.replaced?.length ? ` in the place of ${event.replaced.join(", ")}` : "";
      return `${model}${held} was loaded${instead} in ${secondsText(event.load_ms)}, forecast ${bytes(event.forecast_bytes)}`;
    }
    case "load_failed":
      return `${model} could not be loaded: ${event.message ?? event.code ?? "nobody knows why"}`;
    case "evicted":
      return (
        `${model}${held} made room for ${event.for ?? "another"}, which needs ${bytes(event.needed_bytes)}: of a budget of ` +
        `${bytes(event.budget_bytes)}, models held ${bytes(event.models_bytes)} and all else ${bytes(event.other_bytes)}; ` +
        `it had not been used for ${secondsText(event.idle_ms)}`
      );
    case "unloaded":
      return `${model}${held} was unloaded${event.reason === null ? "" : `, ${UNLOADED[event.reason]}`}`;
    case "stood_in":
      return `${model} answers in place of ${event.for ?? "another"}, which cannot be had: ${event.message ?? event.code ?? "nobody knows why"}`;
    case "crashed":
      return `the process of ${model}${held} ended by itself: ${event.message ?? event.code ?? "nobody knows why"}`;
  }
}

function secondsText(ms: number | null): string {
  return ms === null ? "-" : `${(ms / 1000).toFixed(1)} s`;
}
