import type { ErrorCode } from "../errors";
import { TIMED_STEPS, type FigureSource, type ModelFigures, type RunFigures, type TimedStep } from "./figures-contract";
import type { RunOutcome } from "./runs-contract";

type Value = string | number | null;

/** A row of `run_figures`. */
export interface FiguresRow {
  key: number;
  run: string;
  source: FigureSource;
  conversation_id: string | null;
  message_id: string | null;
  visitor: string | null;
  model: string | null;
  began_at: number;
  outcome: RunOutcome;
  error_code: ErrorCode | null;
  duration_ms: number | null;
  first_token_ms: number | null;
  wait_ms: number | null;
  load_ms: number | null;
  rules_ms: number | null;
  decision_ms: number | null;
  tool_ms: number | null;
  thinking_ms: number | null;
  response_ms: number | null;
  answer_tokens: number | null;
  answer_ms: number | null;
  swaps: number;
  decisions: string | null;
  segments: string | null;
  /** JSON of a list, each `[model, steps, prefilled, reused, generated, prefill_ms, decode_ms]`. */
  models: string;
}

const STEP_COLUMNS = {
  rules: "rules_ms",
  decision: "decision_ms",
  tool: "tool_ms",
  thinking: "thinking_ms",
  response: "response_ms",
} as const satisfies Record<TimedStep, keyof FiguresRow>;

const COLUMNS = [
  "run",
  "source",
  "conversation_id",
  "message_id",
  "visitor",
  "model",
  "began_at",
  "outcome",
  "error_code",
  "duration_ms",
  "first_token_ms",
  "wait_ms",
  "load_ms",
  ...Object.values(STEP_COLUMNS),
  "answer_tokens",
  "answer_ms",
  "swaps",
  "decisions",
  "segments",
  "models",
];

/** The columns to read, for a query whose table of figures is named `figures`. */
export const FIGURE_COLUMNS = ["key", ...COLUMNS].map((column) => `figures.${column}`).join(", ");

/** Keeps a run's figures unless they are there already; takes what `rowOf` makes. */
export const INSERT_FIGURES = `INSERT OR IGNORE INTO run_figures (${COLUMNS.join(", ")})
  VALUES (${COLUMNS.map((name) => `@${name}`).join(", ")})`;

export function rowOf(figures: RunFigures): Record<string, Value> {
  return {
    run: figures.run,
    source: figures.source,
    conversation_id: figures.conversation,
    message_id: figures.message,
    visitor: figures.visitor,
    model: figures.model,
    began_at: Math.round(figures.beganAt),
    outcome: figures.outcome,
    error_code: figures.errorCode,
    duration_ms: figures.durationMs,
    first_token_ms: figures.firstTokenMs,
    wait_ms: figures.waitMs,
    load_ms: figures.loadMs,
    ...Object.fromEntries(TIMED_STEPS.map((step) => [STEP_COLUMNS[step], figures.stepMs[step] ?? null])),
    answer_tokens: figures.answerTokens,
    answer_ms: figures.answerMs,
    swaps: figures.swaps,
    decisions: figures.decisions && JSON.stringify(figures.decisions),
    segments: figures.segments && JSON.stringify(figures.segments),
    models: JSON.stringify(
      figures.models.map(({ model, ...did }): ModelRow => [
        model,
        did.steps,
        did.prefilled,
        did.reused,
        did.generated,
        did.prefillMs,
        did.decodeMs,
      ]),
    ),
  };
}

type ModelRow = [string, number, number, number, number, number, number];

export function figuresOf(row: FiguresRow): RunFigures {
  const stepMs: RunFigures["stepMs"] = {};
  for (const step of TIMED_STEPS) {
    const ms = row[STEP_COLUMNS[step]];
    if (ms !== null) stepMs[step] = ms;
  }
  return {
    run: row.run,
    source: row.source,
    conversation: row.conversation_id,
    message: row.message_id,
    visitor: row.visitor,
    model: row.model,
    beganAt: row.began_at,
    outcome: row.outcome,
    errorCode: row.error_code,
    durationMs: row.duration_ms,
    firstTokenMs: row.first_token_ms,
    waitMs: row.wait_ms,
    loadMs: row.load_ms,
    stepMs,
    answerTokens: row.answer_tokens,
    answerMs: row.answer_ms,
    swaps: row.swaps,
    decisions: parsed<NonNullable<RunFigures["decisions"]>>(row.decisions),
    segments: parsed<string[]>(row.segments),
    models: (JSON.parse(row.models) as ModelRow[]).map(modelOf),
  };
}

function modelOf([model, steps, prefilled, reused, generated, prefillMs, decodeMs]: ModelRow): ModelFigures {
  return { model, steps, prefilled, reused, generated, prefillMs, decodeMs };
}

/** The same few texts stand in thousands of rows. */
const seen = new Map<string, unknown>();
const MOST_SEEN = 2_000;

function parsed<Value>(text: string | null): Value | null {
  if (text === null) return null;
  let value = seen.get(text);
  if (value === undefined) {
    if (seen.size >= MOST_SEEN) seen.clear();
    seen.set(text, (value = JSON.parse(text)));
  }
  return value as Value;
}
