import type { PrefillProgress, TurnDataParts, WaitData } from "@/lib/wire";

import type { HeardWait } from "../_trace/status-words";
import { parseWait, type Wait } from "./progress";
import { announceWait } from "./wait-words";

export interface ProgressChange {
  wait?: HeardWait | null;
  prefill?: PrefillProgress | null;
  announcement?: string;
}

type DataPart = {
  [Name in keyof TurnDataParts]: { type: `data-${Name}`; data: TurnDataParts[Name] };
}[keyof TurnDataParts];

/** What an answer's stream tells of its way there: what it waits for, how far the prompt is read, that it begins. */
export class AgentProgress {
  #lastWait: Wait | null = null;
  #hasBegun = false;

  constructor(private readonly change: (change: ProgressChange) => void) {}

  /** Before another answer. */
  reset(): void {
    this.#lastWait = null;
    this.#hasBegun = false;
    this.change({ wait: null, prefill: null });
  }

  hear(part: DataPart): void {
    if (part.type === "data-wait") this.#hearWait(part.data);
    if (part.type === "data-prefill") this.change({ prefill: part.data });
    if (part.type !== "data-step") return;
    const { state, role, name } = part.data;
    const begins = !this.#hasBegun && state === "running" && role !== null && name !== "slot";
    if (begins) this.#hasBegun = true;
    this.change({ prefill: null, ...(begins && { announcement: "The answer begins." }) });
  }

  #hearWait(data: WaitData): void {
    const at = Date.now();
    const wait = parseWait(data, at);
    const said = announceWait(wait, this.#lastWait, "the model", at);
    this.#lastWait = wait;
    this.change({ wait: { data, at }, ...(said !== null && { announcement: said }) });
  }
}
