import type { FinishedStep } from "../../../lib/agent";
import type { RunFigures } from "../../../lib/store";

/** Figures of a run, with the changes asked for. */
export function figures(changes: Partial<RunFigures> = {}): RunFigures {
  return {
    run: "run-1",
    source: "chat",
    conversation: "chat-1",
    message: "answer-1",
    visitor: "visitor-1",
    model: "demo-response",
    beganAt: Date.UTC(2026, 6, 31, 14, 5),
    outcome: "done",
    errorCode: null,
    durationMs: 2_000,
    firstTokenMs: 800,
    waitMs: 300,
    loadMs: 100,
    stepMs: { rules: 1, decision: 99, response: 1_600 },
    answerTokens: 24,
    answerMs: 1_200,
    swaps: 1,
    decisions: [{ id: "chart", answer: "no", source: "model" }],
    segments: ["GENERAL_FORMATTING"],
    models: [
      { model: "demo-reasoning", steps: 1, prefilled: 40, reused: 60, generated: 0, prefillMs: 80, decodeMs: 0 },
      { model: "demo-response", steps: 1, prefilled: 100, reused: 20, generated: 24, prefillMs: 400, decodeMs: 1_200 },
    ],
    ...changes,
  };
}

/** The end of a step, with the changes asked for. */
export function stepEnd(changes: Partial<FinishedStep>): { type: "step-end" } & FinishedStep {
  return {
    type: "step-end",
    step: 1,
    name: "rules",
    detail: null,
    role: null,
    model: null,
    swapped_out: [],
    duration_ms: 0,
    prefill_ms: 0,
    decode_ms: 0,
    prefilled: 0,
    reused: 0,
    generated: 0,
    memory_bytes: null,
    outcome: "done",
    error: null,
    ...changes,
  };
}
