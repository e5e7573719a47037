import type { StepCost, TurnResult } from "../agent";
import type { TurnData } from "./ui-stream-types";

/** Adds up what the steps of one turn cost. */
export class TurnSummary {
  #steps = 0;
  #durationMs = 0;
  readonly #tokens = { prefilled: 0, reused: 0, generated: 0 };
  #memoryBytes: number | null = null;
  #swaps = 0;

  add(cost: StepCost): void {
    this.#steps += 1;
    this.#durationMs += cost.duration_ms;
    this.#tokens.prefilled += cost.prefilled;
    this.#tokens.reused += cost.reused;
    this.#tokens.generated += cost.generated;
    if (cost.memory_bytes !== null) this.#memoryBytes = Math.max(this.#memoryBytes ?? 0, cost.memory_bytes);
    if (cost.swapped_out.length > 0) this.#swaps += 1;
  }

  /** The figures so far, of a turn that ended so. */
  of({ finishReason, switches, omittedTurns }: TurnResult): TurnData {
    return {
      finishReason,
      switches,
      omittedTurns,
      steps: this.#steps,
      duration_ms: this.#durationMs,
      tokens: { ...this.#tokens },
      memory_bytes: this.#memoryBytes,
      swaps: this.#swaps,
    };
  }
}
