import type { TurnMessage } from "@/lib/wire";

import { readDecision, readStep, type TracedDecision, type TracedStep } from "./read-data";

type Part = TurnMessage["parts"][number];
export type ToolPart = Extract<Part, { type: "dynamic-tool" }>;

/** A line of the trace: a step with all that happened in it, or a decision that needed no step. */
export type TraceItem =
  | {
      type: "step";
      step: TracedStep;
      decision: TracedDecision | null;
      thoughts: string[];
      tools: ToolPart[];
    }
  | { type: "decision"; decision: TracedDecision };

/**
 * The parts of an answer as its trace. The step parts stand where the steps began, and what follows each happened in it.
 * What cannot be read is left out: the parts may come from an imported conversation.
 */
export function traceOf(parts: readonly Part[]): TraceItem[] {
  const items: TraceItem[] = [];
  let current: Extract<TraceItem, { type: "step" }> | null = null;
  for (const part of parts) {
    if (part.type === "data-step") {
      const step = readStep(part.data);
      if (step === null) continue;
      current = { type: "step", step, decision: null, thoughts: [], tools: [] };
      items.push(current);
    } else if (part.type === "data-decision") {
      const decision = readDecision(part.data);
      if (decision === null) continue;
      const { name, detail } = current?.step ?? {};
      if (current !== null && name === "decision" && detail === decision.id) current.decision = decision;
      else items.push({ type: "decision", decision });
    } else if (part.type === "reasoning" && part.text.trim() !== "") current?.thoughts.push(part.text.trim());
    else if (part.type === "dynamic-tool") current?.tools.push(part);
  }
  return items;
}

/** The steps of a trace alone, in their order. */
export function stepsOf(items: readonly TraceItem[]): TracedStep[] {
  return items.flatMap((item) => (item.type === "step" ? [item.step] : []));
}
