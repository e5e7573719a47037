import type { Decision, FinishedStep } from "../../agent";
import type { RunAnswer } from "../../store";

interface TraceMessage {
  role: "user" | "assistant" | "tool";
  content: string;
  name?: string;
}

/** A turn as trackio shows traces: messages, one for each step of the agent between the question and the answer. */
export interface Trace {
  messages: TraceMessage[];
  metadata: Record<string, unknown>;
}

/** What is kept with an answer, as far as it was understood; imported conversations may have kept anything. */
interface Kept {
  steps?: FinishedStep[];
  decisions?: (Decision & { step: number })[];
  tools?: { step: number; tool: string; text: string | null; error: { code: string } | null }[];
}

/**
 * The trace of a turn; null when no steps were kept with its answer.
 *
 * @param withTexts whether the visitor's words, the answer and what tools said are part of it
 */
export function traceOf({ question, answer, extra }: RunAnswer, withTexts: boolean): Trace | null {
  const kept = (typeof extra === "object" && extra !== null ? extra : {}) as Kept;
  if (!Array.isArray(kept.steps) || kept.steps.length === 0) return null;
  const steps = kept.steps.map((step) => stepMessage(step, kept, withTexts));
  return {
    messages: [
      ...(withTexts ? [{ role: "user" as const, content: question }] : []),
      ...steps,
      ...(withTexts ? [{ role: "assistant" as const, content: answer }] : []),
    ],
    metadata: {
      steps: kept.steps.map(
        ({ name, detail, model, outcome, duration_ms, prefilled, reused, generated, memory_bytes }) => ({
          name,
          detail,
          model,
          outcome,
          duration_ms,
          prefilled,
          reused,
          generated,
          memory_bytes,
        }),
      ),
    },
  };
}

function stepMessage(step: FinishedStep, kept: Kept, withTexts: boolean): TraceMessage {
  const title = [step.name, step.detail].filter(Boolean).join(" ");
  const cost = [
    `${Math.round(step.duration_ms)} ms`,
    ...(step.model === null ? [] : [`by ${step.model}`]),
    ...(step.generated > 0 ? [`${step.generated} tokens written`] : []),
    ...(step.prefilled > 0 ? [`${step.prefilled} read`] : []),
    ...(step.outcome === "done" ? [] : [step.outcome]),
  ].join(", ");
  const decided = listOf(kept.decisions)
    .filter(({ step: number }) => number === step.step)
    .map(({ id, answer, source }) => `${id}: ${answer} (${source})`);
  const told = listOf(kept.tools)
    .filter(({ step: number }) => number === step.step)
    .map(({ tool, text, error }) => (error === null ? (withTexts ? (text ?? tool) : tool) : `${tool}: ${error.code}`));
  const content = [`${title}: ${cost}`, ...decided, ...told].join("\n");
  return step.name === "tool" ? { role: "tool", name: step.detail ?? "tool", content } : { role: "assistant", content };
}

function listOf<Item>(items: Item[] | undefined): Item[] {
  return Array.isArray(items) ? items : [];
}
