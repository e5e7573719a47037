import { isToolOnly } from "../message/chart";
import { isGreeting } from "../message/greeting";
import type { Turn } from "../message/contract";
import type { KnownAnswer } from "./contract";

/** A greeting or a request that a tool answers alone needs none of the usual questions: the answer is that nothing is wanted. */
export function knownFromMessage(turn: Turn, nothing: string): KnownAnswer | null {
  if (isGreeting(turn.message)) return { answer: nothing, reason: "the message is a greeting" };
  if (isToolOnly(turn.message)) return { answer: nothing, reason: "a tool answers the message alone" };
  return null;
}
