import { MemwellError, toMemwellError } from "../../errors";
import type { Usage } from "../../engine";
import type { AgentEvent, AgentSlot, StepCost, StepId } from "../contract";

/** What a step reports of itself while it runs. */
export interface StepReport {
  /** Whose memory the step's end tells. */
  slot: AgentSlot | null;
  /** Ids of the models that left memory for it. */
  swappedOut: readonly string[];
  /** Whose context made room for it. */
  replaced: string | null;
  /** Whose place the model took in this step, and why. */
  standsIn: { for: string; why: string } | null;
  /** It was stopped, and has something to return all the same. */
  isAborted: boolean;
  /** Adds what a call of a model cost; times in ms. */
  add(usage: Usage, prefillMs: number, decodeMs: number): void;
}

/** Numbers the steps of one turn and puts a beginning and an end around each. */
export class TurnSteps<Wait> {
  #count = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * Runs a step and passes on what it says. Whatever it throws is its end, and is thrown on. A reader who leaves hears of no
   * end.
   */
  async *run<Result>(
    id: Omit<StepId, "step">,
    work: (report: StepReport) => AsyncGenerator<AgentEvent<Wait>, Result, void>,
  ): AsyncGenerator<AgentEvent<Wait>, Result, void> {
    const step: StepId = { step: (this.#count += 1), ...id };
    const startedAt = this.now();
    const spent = { prefilled: 0, reused: 0, generated: 0, prefill_ms: 0, decode_ms: 0 };
    const report: StepReport = {
      slot: null,
      swappedOut: [],
      replaced: null,
      standsIn: null,
      isAborted: false,
      add({ promptTokens, reusedTokens, completionTokens }, prefillMs, decodeMs) {
        spent.prefilled += promptTokens - reusedTokens;
        spent.reused += reusedTokens;
        spent.generated += completionTokens;
        spent.prefill_ms += prefillMs;
        spent.decode_ms += decodeMs;
      },
    };
    const cost = (): StepCost => ({
      model: report.slot?.model.id ?? null,
      swapped_out: [...report.swappedOut],
      ...(report.slot?.domain !== undefined && { domain: report.slot.domain }),
      ...(report.replaced !== null && { context_replaced: report.replaced }),
      ...(report.standsIn !== null && { stands_in_for: report.standsIn.for, stands_in_why: report.standsIn.why }),
      duration_ms: this.now() - startedAt,
      ...spent,
      memory_bytes: report.slot?.memoryBytes() ?? null,
    });
    yield { type: "step-start", ...step };
    try {
      const result = yield* work(report);
      yield { type: "step-end", outcome: report.isAborted ? "aborted" : "done", error: null, ...step, ...cost() };
      return result;
    } catch (thrown) {
      const error = toMemwellError(thrown);
      const outcome = error.code === "aborted" ? "aborted" : "failed";
      yield { type: "step-end", outcome, error: error.toRecord(), ...step, ...cost() };
      throw error;
    }
  }
}

/** @throws MemwellError `aborted` when the turn was stopped */
export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new MemwellError("aborted", "The turn was stopped. Ask again when you like.");
}
