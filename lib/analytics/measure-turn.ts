import type { AgentEvent, Decision, FinishedStep } from "../agent";
import type { ErrorCode } from "../errors";
import { TIMED_STEPS, type ModelFigures, type RunFigures, type TimedStep } from "../store";
import { addModel } from "./model-sums";

/** What the events of a turn say of it; the rest is known from elsewhere. */
export type TurnFigures = Pick<
  RunFigures,
  | "model"
  | "firstTokenMs"
  | "waitMs"
  | "stepMs"
  | "answerTokens"
  | "answerMs"
  | "swaps"
  | "decisions"
  | "segments"
  | "models"
> & { outcome: "done" | "stopped" | "failed" | null; errorCode: ErrorCode | null };

/**
 * Adds up the figures of a turn from its events. All times come from the ends of its steps, so that the same events give
 * the same figures, today or when they are read again after a restart.
 *
 * | figure         | is                                                                                             |
 * |----------------|------------------------------------------------------------------------------------------------|
 * | `waitMs`       | the steps that wait for a model, together                                                       |
 * | `stepMs`       | each other kind of step, together: all questions are one figure                                 |
 * | `firstTokenMs` | the steps in front of the answer, and of the answer's what came before it began to be written   |
 * | `answerMs`     | from the answer's first token to its last                                                       |
 */
export class TurnMeter {
  readonly #stepMs: Partial<Record<TimedStep, number>> = {};
  readonly #models = new Map<string, ModelFigures>();
  readonly #decisions: Decision[] = [];
  #waitMs: number | null = null;
  /** Of all steps that have ended. */
  #passedMs = 0;
  #answer: { model: string | null; firstTokenMs: number; tokens: number; ms: number } | null = null;
  #swaps = 0;
  #end: Pick<TurnFigures, "outcome" | "errorCode" | "segments"> = { outcome: null, errorCode: null, segments: null };

  see(event: AgentEvent<unknown>): void {
    if (event.type === "step-end") this.#seeStep(event);
    else if (event.type === "decision") this.#decisions.push(event.decision);
    else if (event.type === "failed") {
      const { code } = event.error;
      this.#end = { outcome: code === "aborted" ? "stopped" : "failed", errorCode: code, segments: null };
    } else if (event.type === "done") {
      const outcome = event.finishReason === "aborted" ? "stopped" : "done";
      this.#end = { outcome, errorCode: null, segments: [...event.switches] };
    }
  }

  figures(): TurnFigures {
    const answer = this.#answer;
    return {
      ...this.#end,
      model: answer?.model ?? null,
      firstTokenMs: answer === null || answer.tokens === 0 ? null : answer.firstTokenMs,
      answerTokens: answer?.tokens ?? null,
      answerMs: answer?.ms ?? null,
      waitMs: this.#waitMs,
      stepMs: this.#stepMs,
      swaps: this.#swaps,
      decisions:
        this.#decisions.length === 0
          ? null
          : this.#decisions.map(({ id, answer: said, source }) => ({ id, answer: said, source })),
      models: [...this.#models.values()],
    };
  }

  #seeStep(step: FinishedStep): void {
    this.#swaps += step.swapped_out.length;
    if (step.name === "slot") this.#waitMs = (this.#waitMs ?? 0) + step.duration_ms;
    else if (isTimed(step.name)) this.#stepMs[step.name] = (this.#stepMs[step.name] ?? 0) + step.duration_ms;
    if (step.name === "response")
      this.#answer = {
        model: step.model,
        firstTokenMs: this.#passedMs + Math.max(0, step.duration_ms - step.decode_ms),
        tokens: step.generated,
        ms: step.decode_ms,
      };
    this.#passedMs += step.duration_ms;
    // Waiting for a model names it, and asks nothing of it.
    if (step.model !== null && step.name !== "slot")
      addModel(this.#models, {
        model: step.model,
        steps: 1,
        prefilled: step.prefilled,
        reused: step.reused,
        generated: step.generated,
        prefillMs: step.prefill_ms,
        decodeMs: step.decode_ms,
      });
  }
}

function isTimed(name: FinishedStep["name"]): name is TimedStep {
  return (TIMED_STEPS as readonly string[]).includes(name);
}
