import type { AgentEvent, AgentRole } from "../agent";
import type { ErrorRecord } from "../errors";
import { errorBody } from "./errors";
import { waitBody, type WaitNotice } from "./progress";
import type { StepData, TurnErrorData, WaitData } from "./ui-stream-types";

/** What `JSON.parse` of a careful reader refuses; JSON's own writer never escapes these letters. */
const REFUSED_NAMES = /"(?:__proto__|constructor)":/;

export function waitData(role: AgentRole, notice: WaitNotice): WaitData {
  return { role, ...waitBody(notice) };
}

/** A step that has ended. */
export function endedStep(event: Extract<AgentEvent<WaitNotice>, { type: "step-end" }>): StepData {
  const { type: _, outcome, error, ...step } = event;
  return { ...step, state: outcome, error: error === null ? null : errorData(error) };
}

export function errorData(error: ErrorRecord): TurnErrorData {
  return withoutRefusedNames(errorBody(error).error);
}

/**
 * A value without the properties that the AI SDK's reader takes for an attack (`__proto__`, and an object named
 * `constructor`): it would give up the whole message. What a model wrote may have any names.
 */
export function withoutRefusedNames<Value>(value: Value): Value {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined || !REFUSED_NAMES.test(text)) return value;
  return JSON.parse(text, (name, inner: unknown) => (isRefused(name, inner) ? undefined : inner)) as Value;
}

function isRefused(name: string, value: unknown): boolean {
  return name === "__proto__" || (name === "constructor" && typeof value === "object");
}
