import type { PrefillProgress, WaitData } from "@/lib/wire";

import type { Wait } from "../_chat/progress";
import { describeWait } from "../_chat/wait-words";
import type { TracedStep } from "./read-data";
import { modelName, runningName } from "./words";

/** A wait as it was heard, and when, in ms since 1970. */
export interface HeardWait {
  data: WaitData;
  at: number;
}

/** What is known of an answer that is on its way. */
export interface Progress {
  /** Those so far. */
  steps: readonly TracedStep[];
  /** The newest `data-wait`; null before any. */
  wait: HeardWait | null;
  /** The newest `data-prefill`; null before any, and once a new step has begun. */
  prefill: PrefillProgress | null;
}

/**
 * What is happening now: "Loading the reasoning model: 62 %", "Thinking about the mathematics, 40 % of the prompt read".
 * A wait counts only while a step waits, and reading only until all is read: both are told once, and not taken back.
 */
export function statusWords({ steps, wait, prefill }: Progress, now: number): string {
  const last = steps.at(-1);
  if (last === undefined) return "Waiting for the server to begin";
  if (last.state !== "running") return "Going on to the next step";
  if (last.name === "slot")
    return wait === null || wait.data.role !== last.role ? runningName(last) : waitWords(wait, now);
  const isReading = prefill !== null && prefill.total > 0 && prefill.evaluated < prefill.total;
  if (!isReading) return runningName(last);
  const percent = Math.floor((prefill.evaluated / prefill.total) * 100);
  return `${runningName(last)}, ${percent} % of the prompt read`;
}

function waitWords({ data, at }: HeardWait, now: number): string {
  return describeWait(waitOf(data, at), modelName(data.role), now);
}

function waitOf(data: WaitData, at: number): Wait {
  if (data.type !== "queued") return data;
  const { position, estimate_ms, reason, models } = data;
  return { type: "queued", position, expectedAt: estimate_ms === null ? null : at + estimate_ms, reason, models };
}
