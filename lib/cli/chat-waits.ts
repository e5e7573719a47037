import type { Wait } from "./chat-events";
import { duration } from "./chat-steps";

/** A wait in words. */
export interface WaitText {
  /** How it stands now, percentages and all, for a line that is written over and over. */
  live: string;
  /** What is worth a line of its own where nothing can be written over; null for what is over in a moment. */
  lasting: string | null;
}

/**
 * What is waited for before a model works.
 *
 * @param model whom it is about: "the reasoning model", or an id
 */
export function waitText(wait: Exclude<Wait, { type: "fetching" }>, model: string): WaitText {
  if (wait.type === "loading") {
    const { stage, fraction } = wait.progress;
    const percent = `${Math.round(fraction * 100)} %`;
    switch (stage) {
      case "process":
        return { live: `Starting ${model}`, lasting: null };
      case "model":
        return { live: `Loading ${model}: ${percent}`, lasting: `Loading ${model}` };
      case "adapter":
        return { live: `Loading the adapter of ${model}: ${percent}`, lasting: null };
      case "context":
        return { live: `Preparing the memory of ${model}`, lasting: null };
    }
  }
  const { position, waitingFor, estimateMs } = wait;
  // A model's size is known within a moment.
  if (waitingFor.reason === "footprint") return { live: `Looking at the size of ${model}`, lasting: null };
  const place = `Position ${position} in the queue for ${model}`;
  const reason = reasonText(waitingFor.reason, waitingFor.models.join(" and "));
  const time = estimateMs === null ? "" : `, about ${duration(estimateMs)}`;
  return { live: `${place}${time}: ${reason}`, lasting: `${place}: ${reason}` };
}

/** How much of a prompt is read, in tokens. */
export function prefillText({ evaluated, total }: { evaluated: number; total: number }): WaitText {
  return { live: `Reading the prompt: ${evaluated} of ${total} tokens`, lasting: null };
}

function reasonText(reason: "load" | "stop" | "busy" | "turn", models: string): string {
  switch (reason) {
    case "busy":
      return `waiting for ${models} to finish`;
    case "stop":
      return models === "" ? "waiting for room in memory" : `waiting for ${models} to leave memory`;
    case "load":
      return `waiting while ${models} is loaded`;
    case "turn":
      return `waiting for earlier requests for ${models}`;
  }
}
