import type { TurnMessage } from "@/lib/wire";

import { readEnd } from "../_trace/read-data";
import { stepsOf, traceOf } from "../_trace/trace";

/** What a conversation takes of its model's context. */
export interface ContextUse {
  /** What the next turn begins with. */
  tokens: number;
  /** Earlier turns that the newest answer was written without, since they did not fit. */
  omittedTurns: number;
}

/** As the newest answer left it: all that the response model read and wrote; null before there is one. */
export function contextUse(messages: readonly TurnMessage[]): ContextUse | null {
  for (const { role, parts } of messages.toReversed()) {
    if (role !== "assistant") continue;
    const response = stepsOf(traceOf(parts)).findLast(({ name }) => name === "response");
    if (response === undefined || response.prefilled + response.reused === 0) continue;
    const turn = parts.find((part) => part.type === "data-turn");
    const { omittedTurns } = readEnd(turn?.data);
    return { tokens: response.prefilled + response.reused + response.generated, omittedTurns };
  }
  return null;
}
