import { failedTool, refusedArgument } from "../refusal";

export const CALCULATOR = "calculator";

/** The calculation could not be read: `why` says where, `allowed` what can be. */
export function unreadable(why: string, allowed = "a calculation or an equation that can be read") {
  return refusedArgument(CALCULATOR, "expression", allowed, why);
}

/** It was read, and has no answer here: the message says why. */
export function unanswered(message: string, cause?: unknown) {
  return failedTool(CALCULATOR, message, cause);
}
