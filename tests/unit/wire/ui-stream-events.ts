import type { StepCost, StepId } from "../../../lib/agent";
import { chunksOf, piecesOf, type TurnEvent } from "./ui-stream-reader";

/** What a turn may say, for the tests of its stream. */
export const STEP: StepId = { step: 3, name: "thinking", detail: "math", role: "reasoning" };
export const COST: StepCost = {
  model: "m",
  swapped_out: [],
  duration_ms: 12,
  prefill_ms: 2,
  decode_ms: 9,
  prefilled: 10,
  reused: 20,
  generated: 5,
  memory_bytes: 1_000,
};
export const START = { type: "step-start", ...STEP } satisfies TurnEvent;
export const END = { type: "step-end", outcome: "done", error: null, ...STEP, ...COST } satisfies TurnEvent;
export const NEXT = { type: "step-start", ...STEP, step: 4 } satisfies TurnEvent;
export const UNANSWERED = "The step ended before this tool had answered. Ask again.";
export const CALL = {
  type: "tool-call",
  call: "calculator-1",
  tool: "calculator",
  input: { expression: "1+1" },
} satisfies TurnEvent;
export const RESULT = {
  type: "tool-result",
  call: "calculator-1",
  tool: "calculator",
  text: "1 + 1 = 2",
  display: null,
} satisfies TurnEvent;
export const DONE = {
  type: "done",
  finishReason: "stop",
  text: "Two.",
  sent: "1+1?",
  switches: ["GENERAL_FORMATTING"],
  decisions: [],
  omittedTurns: 1,
} satisfies TurnEvent;
export const error = {
  code: "tool_failed" as const,
  message: "Division by zero. Ask again.",
  fields: { parameter: "x" },
};
export const failedWith = (code: "aborted" | "engine_crashed"): TurnEvent => ({
  type: "failed",
  error: { code, message: "It is over.", fields: { model: "m" } },
  text: "",
});
export const TOOL = { toolCallId: "r1-calculator-1", dynamic: true, providerExecuted: true };
export const decision = {
  id: "chart" as const,
  answer: "no",
  probability: 0.9,
  source: "model" as const,
  reason: null,
  switches: [],
};

/** The chunks of the last of `events`. */
export async function chunksOfLast(events: TurnEvent[]) {
  return await chunksOf(piecesOf(events).at(-2) ?? "");
}
