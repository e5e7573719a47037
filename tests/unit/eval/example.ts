import type { Evaluation } from "../../../lib/wire";
import { wilson } from "../../../training/eval/interval";

/** A whole evaluation, with a goal reached and one missed. */
export function exampleEvaluation(changes: Partial<Evaluation> = {}): Evaluation {
  return {
    version: 1,
    id: "2026-01-01T00-00-00-000Z",
    began_at: Date.UTC(2026, 0, 1),
    took_ms: 61_000,
    seed: 1,
    domain: null,
    limit: null,
    only: [],
    curriculum: { sha256: "ab".repeat(32), topics: 132 },
    models: [
      { role: "reasoning", id: "thinker", source: "file", parameters: 3e6, file_bytes: 4e6, curriculum_sha256: null },
      { role: "response", id: "speaker", source: "file", parameters: 8e6, file_bytes: 9e6, curriculum_sha256: null },
    ],
    measure: "facts",
    measure_check: { explained: wilson(130, 132), simpler: wilson(45, 132) },
    cases: 20,
    turns: 24,
    failures: [{ code: "engine_crashed", count: 1 }],
    form_problems: [{ problem: "cut off", count: 2 }],
    rates: [
      { name: "decisions", label: "decisions right", goal: 0.95, ...wilson(7, 10) },
      { name: "unknown_declined", label: "unknown topics declined", goal: 0.9, ...wilson(10, 10) },
      { name: "unknown_names_topics", label: "  and topics named instead", goal: null, ...wilson(4, 10) },
    ],
    decisions: [
      {
        question: "practice",
        labels: "composed",
        source: "model",
        ...wilson(7, 10),
        confusion: [
          { truth: "no", decided: "no", count: 7 },
          { truth: "yes", decided: "no", count: 3 },
        ],
      },
    ],
    speed: {
      first_token_ms: { p50: 700, p95: 1400 },
      tokens_per_second: { response: 120, reasoning: null },
      peaks: [{ model: "speaker", bytes: 120e6 }],
      together_bytes: 200e6,
      swaps: 3,
      context_swaps: 0,
    },
    ...changes,
  };
}
